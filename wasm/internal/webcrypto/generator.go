//go:build js && wasm

package webcrypto

import (
	"context"
	"slices"
	"sync"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

// Generator makes keys: the half of an agent.KeyStore that keeps nothing. It
// may be used by several stores at once. Make it with NewGenerator.
type Generator struct {
	hasEd25519 func() bool // probed once

	mu    sync.Mutex
	spare *spare
}

// spare is an RSA key made ahead.
type spare struct {
	made chan struct{} // closed when key and err are there
	key  *Key
	err  error
}

// NewGenerator returns a Generator.
func NewGenerator() *Generator {
	return &Generator{hasEd25519: sync.OnceValue(func() bool {
		_, err := generate(context.Background(), browserid.EdDSA)
		return err == nil
	})}
}

// Supports reports whether this browser has an algorithm. RSA and P-256 came
// with WebCrypto itself; Ed25519 came later, and is tried, which costs 0.2 ms.
func (g *Generator) Supports(alg browserid.Algorithm) bool {
	switch alg {
	case browserid.RS256, browserid.ES256:
		return Check() == nil
	case browserid.EdDSA:
		return g.hasEd25519()
	}
	return false
}

// Prepare begins to make a key ahead, where that takes long enough to be felt:
// RSA, 0.1 to 0.5 s. It does not block.
func (g *Generator) Prepare(algorithms []browserid.Algorithm) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.spare != nil || !slices.Contains(algorithms, browserid.RS256) {
		return
	}
	s := &spare{made: make(chan struct{})}
	g.spare = s
	go func() {
		defer close(s.made)
		s.key, s.err = generate(context.Background(), browserid.RS256)
	}()
}

// Generate makes a fresh key, or returns the one made ahead, which is used once.
func (g *Generator) Generate(ctx context.Context, alg browserid.Algorithm) (agent.Key, error) {
	if alg == browserid.RS256 {
		if key, err := g.takeSpare(ctx); key != nil || err != nil {
			return key, err
		}
	}
	key, err := generate(ctx, alg)
	if err != nil {
		return nil, err
	}
	return key, nil
}

// takeSpare returns the key made ahead, or nothing if there is none.
func (g *Generator) takeSpare(ctx context.Context) (agent.Key, error) {
	g.mu.Lock()
	s := g.spare
	g.spare = nil
	g.mu.Unlock()
	if s == nil {
		return nil, nil
	}
	select {
	case <-s.made:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if s.err != nil {
		return nil, nil // another try may succeed, or tell why not
	}
	return s.key, nil
}

func generate(ctx context.Context, alg browserid.Algorithm) (*Key, error) {
	parameters, err := parametersOf(alg)
	if err != nil {
		return nil, err
	}
	const extractable = false
	pair, err := call(ctx, "generateKey", parameters, extractable, []any{"sign", "verify"})
	if err != nil {
		return nil, err
	}
	return OpenPair(ctx, pair)
}
