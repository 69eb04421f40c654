//go:build js && wasm

package main

import (
	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/wasm/internal/fetch"
	"github.com/navid-login/navid/wasm/internal/frame"
	"github.com/navid-login/navid/wasm/internal/jsx"
	"github.com/navid-login/navid/wasm/internal/webcrypto"
	"github.com/navid-login/navid/wasm/internal/webstore"
)

// program is what all calls share: the stores of this origin.
type program struct {
	generator *webcrypto.Generator
	keys      *webstore.KeyStore
	store     *webstore.Store
}

func newProgram() *program {
	generator := webcrypto.NewGenerator()
	keys := webstore.NewKeyStore(generator)
	return &program{generator, keys, webstore.NewStore(keys)}
}

// agent returns the agent for one call from the page, on its journey if it is
// on one. What the browser lacks is an error here, before anybody is asked for
// anything.
func (p *program) agent(page jsx.Value, clock *clock, on *journey) (*agent.Agent, error) {
	for _, check := range []func() error{webcrypto.Check, frame.Check} {
		if err := check(); err != nil {
			return nil, err
		}
	}
	config := agent.Config{
		Keys:       p.keys,
		Store:      p.store,
		Discoverer: fetch.Discoverer{HostTime: clock.set},
		Pages:      frame.NewPages(page),
		Fallback:   &fetch.Fallback{HostTime: clock.set},
		Signatures: webcrypto.Signatures{},
		Forgetful:  func() (agent.KeyStore, agent.Store) { return webstore.Forgetful(p.generator) },
		Now:        clock.now,
	}
	if on != nil {
		on.change(&config)
	}
	return agent.New(config)
}
