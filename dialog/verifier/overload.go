package verifier

import (
	"context"
	"errors"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/verify"
)

// gate lets a number of goroutines through at once.
type gate chan struct{}

// enter does not wait: who cannot get in can come again.
func (g gate) enter() (leave func(), ok bool) {
	select {
	case g <- struct{}{}:
		return func() { <-g }, true
	default:
		return nil, false
	}
}

// patient is a Discovery for which a bounded number of verifications wait. When
// it is reached, the others get what is known without waiting: anybody can name
// a slow domain, and many of them must not keep out those of a known one (G15).
type patient struct {
	discovery verify.Discovery
	waiting   gate
}

func newPatient(next verify.Discovery, waiting int) *patient {
	return &patient{next, make(gate, waiting)}
}

// Discover implements [verify.Discovery].
func (p *patient) Discover(ctx context.Context, domain browserid.Domain) (*discovery.Provider, error) {
	return p.ask(ctx, domain, p.discovery.Discover)
}

// Refresh implements [verify.Refresher], as far as the Discovery does.
func (p *patient) Refresh(ctx context.Context, domain browserid.Domain) (*discovery.Provider, error) {
	if refresher, can := p.discovery.(verify.Refresher); can {
		return p.ask(ctx, domain, refresher.Refresh)
	}
	return p.Discover(ctx, domain)
}

// ask gives an ended context to a question that must not wait. The lookup that
// it may begin goes on, and who asks again later finds its answer.
func (p *patient) ask(ctx context.Context, domain browserid.Domain, question ask) (*discovery.Provider, error) {
	leave, ok := p.waiting.enter()
	if ok {
		defer leave()
		return question(ctx, domain)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	provider, err := question(ended, domain)
	if errors.Is(err, context.Canceled) {
		return nil, errBusy
	}
	return provider, err
}

type ask func(context.Context, browserid.Domain) (*discovery.Provider, error)
