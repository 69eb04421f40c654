package idp

import (
	"context"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// class is who shares the budgets of an address. Each has its own, so that
// strangers do not use up that of the owner's network, and neighbours in it, such
// as the others in a café, not that of the owner's browser.
type class string

const (
	strangers       class = "strangers"
	familiarNetwork class = "network"
	familiarBrowser class = "browser"
)

// shared names the budgets that are not of one address. A network that has proven
// it has those of strangers there: else the answers would tell somebody in the same
// network whose addresses were proven there (abuse test 37).
func (c class) shared() string {
	if c == familiarBrowser {
		return string(familiarBrowser)
	}
	return string(strangers)
}

// classOf tells whether the address was once proven in this browser, or from this
// network. The questions are the same for addresses that nobody has proven.
func (p *Provider) classOf(ctx context.Context, visitor Visitor, email browserid.Email, now time.Time) (found class, err error) {
	err = p.store.View(ctx, func(r Reader) error {
		found = strangers
		for _, familiar := range p.familiars(visitor, email) {
			until, err := r.Familiar(familiar.key)
			if err != nil && !isNotFound(err) {
				return err
			}
			if err == nil && now.Before(until) {
				found = familiar.class
			}
		}
		return nil
	})
	return found, err
}

// remember makes the browser and its network familiar with the address.
func (p *Provider) remember(tx Tx, visitor Visitor, email browserid.Email, now time.Time) error {
	for _, familiar := range p.familiars(visitor, email) {
		if err := tx.PutFamiliar(familiar.key, now.Add(FamiliarLife)); err != nil {
			return err
		}
	}
	return nil
}

// familiar names a network, or a browser, together with the address.
type familiar struct {
	class class
	key   []byte
}

// familiars are the visitor's, the browser last. They are keyed hashes: the store
// does not learn who was where.
func (p *Provider) familiars(visitor Visitor, email browserid.Email) (all []familiar) {
	address := AddressKey(email)
	if network, ok := narrow.of(visitor.Client); ok {
		all = append(all, familiar{familiarNetwork, macOf(p.secrets.emailMAC, "familiar network", network.String(), address)})
	}
	return append(all, familiar{familiarBrowser, macOf(p.secrets.emailMAC, "familiar browser", visitor.BrowserToken, address)})
}
