package idp

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// network is how many bits of an address name one client: those that it cannot
// choose.
type network struct{ bitsIPv4, bitsIPv6 int }

var (
	// narrow is the least that providers give to a home.
	narrow = network{32, 56}
	// wide is what anybody can get who wants many addresses.
	wide = network{24, 48}
)

// Windows of the limits.
const (
	hour = time.Hour
	day  = 24 * time.Hour
)

// budget is how often something may be done within a window.
type budget struct {
	what   []string // names what is counted
	limit  int
	window time.Duration
	cost   int // of doing it once; 0 is 1
}

// spend counts on each budget in turn, in the store, and refuses at the first
// that is used up. Windows begin at round times, so that the wait is known. It
// fails closed: what cannot be counted is not done.
func (p *Provider) spend(ctx context.Context, now time.Time, budgets ...budget) error {
	for _, b := range budgets {
		err := p.charge(b, now, func(name string) (int, error) { return p.store.Count(ctx, name, b.window, now) })
		if err != nil {
			return err
		}
	}
	return nil
}

// spendIn is spend for what is done by the same transaction, or not at all.
func (p *Provider) spendIn(tx Tx, now time.Time, b budget) error {
	return p.charge(b, now, func(name string) (int, error) { return tx.Count(name, b.window, now) })
}

func (p *Provider) charge(b budget, now time.Time, count func(name string) (int, error)) error {
	start := now.Truncate(b.window)
	name := p.secrets.nameOf(append([]string{"budget", strconv.FormatInt(start.Unix(), 10)}, b.what...)...)
	for range max(b.cost, 1) {
		stands, err := count(name)
		if err != nil {
			return fmt.Errorf("count %s: %w", b.what[0], err)
		}
		if stands > b.limit {
			return tooMany(start.Add(b.window).Sub(now))
		}
	}
	return nil
}

func tooMany(wait time.Duration) *Error {
	return &Error{Code: CodeTooMany, Message: "This was asked for too often. Please wait.", RetryAfter: wait}
}

// spendOnMail counts a mail with a code.
func (p *Provider) spendOnMail(ctx context.Context, visitor Visitor, email browserid.Email, now time.Time) error {
	class, err := p.classOf(ctx, visitor, email, now)
	if err != nil {
		return err
	}
	shared := class.shared()
	budgets := perNetwork(visitor, narrow, p.limits.MailsPerNetwork, "mails", shared)
	budgets = append(budgets, perNetwork(visitor, wide, p.limits.MailsPerWideNetwork, "many mails", shared)...)
	return p.spend(ctx, now, append(budgets,
		budget{what: []string{"codes", string(class), AddressKey(email)}, limit: p.limits.CodesPerAddress, window: day},
		budget{what: []string{"mailbox", string(class), mailboxOf(email)}, limit: p.limits.CodesPerMailbox, window: day},
		budget{what: []string{"host mails", shared}, limit: p.limits.MailsPerHost, window: hour})...)
}

// spendOnTry counts a code that was typed, before it is compared. It costs as
// many tries as there are codes that it could be.
func (p *Provider) spendOnTry(ctx context.Context, visitor Visitor, email browserid.Email, codes int, now time.Time) error {
	class, err := p.classOf(ctx, visitor, email, now)
	if err != nil {
		return err
	}
	limit := p.limits.TriesPerAddress
	if class == familiarBrowser {
		limit = p.limits.OwnTriesPerAddress
	}
	return p.spend(ctx, now, append(perNetwork(visitor, triers, p.limits.TriesPerNetwork, "tries", class.shared()),
		budget{what: []string{"tries", string(class), AddressKey(email)}, limit: limit, window: day, cost: codes})...)
}

// triers are networks as wide as a try costs little.
var triers = network{wide.bitsIPv4, narrow.bitsIPv6}

// spendOnCeremony counts a passkey ceremony.
func (p *Provider) spendOnCeremony(ctx context.Context, visitor Visitor, now time.Time) error {
	return p.spend(ctx, now, perNetwork(visitor, narrow, p.limits.CeremoniesPerNetwork, "ceremonies")...)
}

// perNetwork is the budget of the visitor's network. A visitor of an unknown
// place has none: those of the address and of the host hold all the same.
func perNetwork(visitor Visitor, size network, limit int, what ...string) []budget {
	prefix, ok := size.of(visitor.Client)
	if !ok {
		return nil
	}
	return []budget{{what: append(what, prefix.String()), limit: limit, window: hour}}
}

// of returns the network of an address.
func (n network) of(client netip.Addr) (netip.Prefix, bool) {
	client = client.Unmap()
	if !client.IsValid() {
		return netip.Prefix{}, false
	}
	bits := n.bitsIPv4
	if client.Is6() {
		bits = n.bitsIPv6
	}
	prefix, err := client.Prefix(bits) // without its zone
	return prefix, err == nil
}

// mailboxOf is the same for the spellings that most mail servers put into one
// mailbox. It bounds how many mails somebody gets who wanted none, and decides
// nothing else.
func mailboxOf(email browserid.Email) string {
	local, _, _ := strings.Cut(email.Local(), "+")
	return strings.ToLower(strings.ReplaceAll(local, ".", "") + "@" + string(email.Domain()))
}
