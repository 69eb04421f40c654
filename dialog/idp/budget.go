package idp

import (
	"context"
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// Networks that count as one client: what a client cannot choose of its address.
// A try costs less than a mail does, so that tries are counted more widely.
const (
	mailBitsIPv4 = 32
	tryBitsIPv4  = 24
	bitsIPv6     = 56 // the least that providers give to a home
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
		start := now.Truncate(b.window)
		name := p.secrets.nameOf(append([]string{"budget", strconv.FormatInt(start.Unix(), 10)}, b.what...)...)
		for range max(b.cost, 1) {
			count, err := p.store.Count(ctx, name, b.window, now)
			if err != nil {
				return fmt.Errorf("count %s: %w", b.what[0], err)
			}
			if count > b.limit {
				return tooMany(start.Add(b.window).Sub(now))
			}
		}
	}
	return nil
}

func tooMany(wait time.Duration) *Error {
	return &Error{Code: CodeTooMany, Message: "This was asked for too often. Please wait.", RetryAfter: wait}
}

// spendOnMail counts a mail with a code.
func (p *Provider) spendOnMail(ctx context.Context, visitor Visitor, email browserid.Email, now time.Time) error {
	reserve, err := p.isFamiliar(ctx, visitor, email, now)
	if err != nil {
		return err
	}
	class := classOf(reserve)
	var budgets []budget
	if !reserve {
		budgets = p.perNetwork(visitor, "mails", mailBitsIPv4, p.limits.MailsPerNetwork)
	}
	return p.spend(ctx, now, append(budgets,
		budget{what: []string{"codes", class, AddressKey(email)}, limit: p.limits.CodesPerAddress, window: day},
		budget{what: []string{"host mails", class}, limit: p.limits.MailsPerHost, window: hour})...)
}

// spendOnTry counts a code that was typed, before it is compared. It costs as
// many tries as there are codes that it could be.
func (p *Provider) spendOnTry(ctx context.Context, visitor Visitor, email browserid.Email, codes int, now time.Time) error {
	reserve, err := p.isFamiliar(ctx, visitor, email, now)
	if err != nil {
		return err
	}
	var budgets []budget
	if !reserve {
		budgets = p.perNetwork(visitor, "tries", tryBitsIPv4, p.limits.TriesPerNetwork)
	}
	return p.spend(ctx, now, append(budgets, budget{
		what: []string{"tries", classOf(reserve), AddressKey(email)}, limit: p.limits.TriesPerAddress, window: day, cost: codes,
	})...)
}

// spendOnCeremony counts a passkey ceremony.
func (p *Provider) spendOnCeremony(ctx context.Context, visitor Visitor, now time.Time) error {
	return p.spend(ctx, now, p.perNetwork(visitor, "ceremonies", mailBitsIPv4, p.limits.CeremoniesPerNetwork)...)
}

// perNetwork is the budget of the visitor's network. A visitor of an unknown
// place has none: those of the address and of the host hold all the same.
func (p *Provider) perNetwork(visitor Visitor, what string, bitsIPv4, limit int) []budget {
	network, ok := networkOf(visitor.Client, bitsIPv4)
	if !ok {
		return nil
	}
	return []budget{{what: []string{what, network.String()}, limit: limit, window: hour}}
}

func networkOf(client netip.Addr, bitsIPv4 int) (netip.Prefix, bool) {
	client = client.Unmap()
	if !client.IsValid() {
		return netip.Prefix{}, false
	}
	bits := bitsIPv4
	if client.Is6() {
		bits = bitsIPv6
	}
	network, err := client.Prefix(bits) // without its zone
	return network, err == nil
}

// classOf names who shares a budget.
func classOf(reserve bool) string {
	if reserve {
		return "reserve"
	}
	return "strangers"
}
