//go:build js && wasm

package main

import (
	"context"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/wasm/internal/frame"
	"github.com/navid-login/navid/wasm/internal/jsx"
	"github.com/navid-login/navid/wasm/internal/webstore"
)

// journey is a sign-in without windows, as the page keeps it.
type journey struct {
	pages *frame.Journey
	keys  *webstore.PendingKeys // those last used
}

// journeyOf returns the page's journey, nil if it is on none.
func journeyOf(page jsx.Value) *journey {
	log, err := jsx.Get(page, "journey")
	if err != nil || log.IsUndefined() {
		return nil
	}
	return &journey{pages: frame.NewJourney(page, log)}
}

// change puts the tab in the place of windows, and keeps pending keys for when
// it comes back: also on a device that is not the person's own, until end.
func (j *journey) change(config *agent.Config) {
	forgetful := config.Forgetful
	config.Pages = j.pages
	config.Keys = j.keep(config.Keys)
	config.Forgetful = func() (agent.KeyStore, agent.Store) {
		keys, store := forgetful()
		return j.keep(keys), store
	}
}

func (j *journey) keep(keys agent.KeyStore) agent.KeyStore {
	j.keys = webstore.NewPendingKeys(keys, j.pages.Attempt)
	return j.keys
}

// end forgets the pending key. If that fails, it will be swept another time.
func (j *journey) end() {
	if j != nil {
		_ = j.keys.Forget(context.Background())
	}
}
