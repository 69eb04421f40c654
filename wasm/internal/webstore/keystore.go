//go:build js && wasm

package webstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/wasm/internal/jsx"
	"github.com/navid-login/navid/wasm/internal/webcrypto"
)

// KeyStore is an agent.KeyStore on IndexedDB: in database "navid", store
// "keys", under the e-mail address, the record {privateKey, publicKey,
// algorithm} with two CryptoKeys.
type KeyStore struct {
	*webcrypto.Generator
}

// NewKeyStore returns the KeyStore of this origin.
func NewKeyStore(generator *webcrypto.Generator) *KeyStore { return &KeyStore{generator} }

// errForeignKey is a mistake of the program's: a key of another KeyStore.
var errForeignKey = errors.New("webstore: not a key of webcrypto")

// Commit makes a key the address's only one, in one transaction.
func (*KeyStore) Commit(ctx context.Context, email browserid.Email, key agent.Key) error {
	record, err := recordOf(key)
	if err != nil {
		return err
	}
	return put(ctx, string(email), record)
}

// Load returns the address's key. A record that is none of ours is as good as none.
func (*KeyStore) Load(ctx context.Context, email browserid.Email) (agent.Key, error) {
	record, err := transact(ctx, "readonly", func(keys jsx.Value) (jsx.Value, error) {
		return jsx.Call(keys, "get", string(email))
	})
	if err != nil {
		return nil, err
	}
	if record.IsUndefined() {
		return nil, agent.ErrNoKey
	}
	key, err := webcrypto.OpenPair(ctx, record)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", agent.ErrNoKey, err)
	}
	return key, nil
}

// Delete forgets the address's key.
func (*KeyStore) Delete(ctx context.Context, email browserid.Email) error {
	return remove(ctx, string(email))
}

// recordOf returns what is stored of a key.
func recordOf(key agent.Key) (map[string]any, error) {
	ours, ok := key.(*webcrypto.Key)
	if !ok {
		return nil, errForeignKey
	}
	private, public := ours.Pair()
	return map[string]any{
		"privateKey": private, "publicKey": public, "algorithm": string(key.PublicKey().Algorithm()),
	}, nil
}

func put(ctx context.Context, name string, record map[string]any) error {
	_, err := transact(ctx, "readwrite", func(keys jsx.Value) (jsx.Value, error) {
		return jsx.Call(keys, "put", record, name)
	})
	return err
}

func remove(ctx context.Context, name string) error {
	_, err := transact(ctx, "readwrite", func(keys jsx.Value) (jsx.Value, error) {
		return jsx.Call(keys, "delete", name)
	})
	return err
}
