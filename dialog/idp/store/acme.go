package store

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"

	"golang.org/x/crypto/acme/autocert"

	"github.com/navid-login/navid/dialog/idp"
)

// Certificates returns the TLS certificates that the replicas share, for
// autocert. They go with their private keys, so key, of 32 bytes and kept outside
// the database, encrypts them: no backup or dump has a key that opens anything.
func (s *Store) Certificates(key []byte) (autocert.Cache, error) {
	if len(key) != 32 {
		return nil, fmt.Errorf("the key of the certificates has %d bytes, not 32", len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	seal, err := cipher.NewGCMWithRandomNonce(block)
	return certificates{s, seal}, err
}

type certificates struct {
	store *Store
	seal  cipher.AEAD
}

type certificateRow struct {
	name string
	data []byte
}

var certificateRows = table[certificateRow]{
	"acme",
	[]string{"name", "data"},
	func(c *certificateRow) []any { return []any{&c.name, blob{&c.data}} },
}

// Get implements autocert.Cache. What another key has encrypted is not there:
// autocert asks for a new certificate then.
func (c certificates) Get(ctx context.Context, name string) ([]byte, error) {
	var row certificateRow
	err := c.store.View(ctx, func(r idp.Reader) (err error) {
		row, err = certificateRows.one(r.(*reader), "WHERE name = ?", name)
		return err
	})
	if errors.Is(err, idp.ErrNotFound) {
		return nil, autocert.ErrCacheMiss
	}
	if err != nil {
		return nil, err
	}
	data, err := c.seal.Open(nil, nil, row.data, []byte(name))
	if err != nil {
		return nil, autocert.ErrCacheMiss
	}
	return data, nil
}

// Put implements autocert.Cache.
func (c certificates) Put(ctx context.Context, name string, data []byte) error {
	sealed := c.seal.Seal(nil, nil, data, []byte(name))
	return c.store.alone(ctx, func(r *reader) error {
		return certificateRows.put(r, certificateRow{name, sealed})
	})
}

// Delete implements autocert.Cache.
func (c certificates) Delete(ctx context.Context, name string) error {
	return c.store.alone(ctx, func(r *reader) error { return r.do("DELETE FROM acme WHERE name = ?", name) })
}
