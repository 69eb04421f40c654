package idp

import (
	"context"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// isFamiliar reports that the address was once proven in this browser, or from
// this network. The question is the same for addresses that nobody has proven.
func (p *Provider) isFamiliar(ctx context.Context, visitor Visitor, email browserid.Email, now time.Time) (familiar bool, err error) {
	err = p.store.View(ctx, func(r Reader) error {
		familiar = false
		for _, key := range p.familiarKeys(visitor, email) {
			until, err := r.Familiar(key)
			if err != nil && !isNotFound(err) {
				return err
			}
			familiar = familiar || err == nil && now.Before(until)
		}
		return nil
	})
	return familiar, err
}

// remember makes the browser and its network familiar with the address.
func (p *Provider) remember(tx Tx, visitor Visitor, email browserid.Email, now time.Time) error {
	for _, key := range p.familiarKeys(visitor, email) {
		if err := tx.PutFamiliar(key, now.Add(FamiliarLife)); err != nil {
			return err
		}
	}
	return nil
}

// familiarKeys name the browser and the network together with the address. They
// are keyed hashes: the store does not learn who was where.
func (p *Provider) familiarKeys(visitor Visitor, email browserid.Email) [][]byte {
	address := AddressKey(email)
	keys := [][]byte{macOf(p.secrets.emailMAC, "familiar browser", visitor.BrowserToken, address)}
	if network, ok := networkOf(visitor.Client, mailBitsIPv4); ok {
		keys = append(keys, macOf(p.secrets.emailMAC, "familiar network", network.String(), address))
	}
	return keys
}
