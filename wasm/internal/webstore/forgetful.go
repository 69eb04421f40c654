//go:build js && wasm

package webstore

import (
	"context"
	"sync"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/memory"
	"github.com/navid-login/navid/wasm/internal/webcrypto"
)

// Forgetful returns stores for a device that is not the person's own: nothing
// in them outlives the page.
func Forgetful(generator *webcrypto.Generator) (agent.KeyStore, agent.Store) {
	return &forgetfulKeys{Generator: generator, keys: map[browserid.Email]agent.Key{}}, new(memory.Store)
}

// forgetfulKeys is an agent.KeyStore that keeps CryptoKeys in memory.
type forgetfulKeys struct {
	*webcrypto.Generator
	mu   sync.Mutex
	keys map[browserid.Email]agent.Key
}

// Commit makes a key the address's only one.
func (f *forgetfulKeys) Commit(_ context.Context, email browserid.Email, key agent.Key) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keys[email] = key
	return nil
}

// Load returns the address's key.
func (f *forgetfulKeys) Load(_ context.Context, email browserid.Email) (agent.Key, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key, ok := f.keys[email]
	if !ok {
		return nil, agent.ErrNoKey
	}
	return key, nil
}

// Delete forgets the address's key.
func (f *forgetfulKeys) Delete(_ context.Context, email browserid.Email) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.keys, email)
	return nil
}
