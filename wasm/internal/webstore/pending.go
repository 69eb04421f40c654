//go:build js && wasm

package webstore

import (
	"context"
	"time"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/wasm/internal/jsx"
	"github.com/navid-login/navid/wasm/internal/webcrypto"
)

// PendingLife is how long a pending key is kept after its last use.
const PendingLife = 10 * time.Minute

// pendingPrefix begins the names of pending keys, which are no addresses;
// pendingEnd is after all of them.
const (
	pendingPrefix = "pending "
	pendingEnd    = "pending!"
)

// PendingKeys is an agent.KeyStore whose pending key outlives the page, for a
// sign-in that leaves the page and comes back (design 5). The key is in
// IndexedDB under the name of its attempt until Forget, or for PendingLife.
// Everything else is the business of the KeyStore underneath.
type PendingKeys struct {
	agent.KeyStore
	attempt func() string // its present name
}

// NewPendingKeys returns PendingKeys on top of another KeyStore.
func NewPendingKeys(keys agent.KeyStore, attempt func() string) *PendingKeys {
	return &PendingKeys{keys, attempt}
}

// Generate returns the attempt's pending key, or makes it.
func (p *PendingKeys) Generate(ctx context.Context, alg browserid.Algorithm) (agent.Key, error) {
	key, err := p.pending(ctx, alg)
	if err != nil {
		return nil, err
	}
	if key == nil {
		if key, err = p.KeyStore.Generate(ctx, alg); err != nil {
			return nil, err
		}
	}
	record, err := recordOf(key)
	if err != nil {
		return nil, err
	}
	record["attempt"], record["used"] = p.attempt(), time.Now().UnixMilli()
	return key, put(ctx, pendingPrefix+p.attempt(), record)
}

// Forget deletes the attempt's pending key, and those that nobody came back for.
func (p *PendingKeys) Forget(ctx context.Context) error {
	records, err := allPending(ctx)
	if err != nil {
		return err
	}
	for _, record := range records {
		attempt, _ := jsx.StringOf(record, "attempt")
		if attempt != p.attempt() && !isOld(record) {
			continue
		}
		if err := remove(ctx, pendingPrefix+attempt); err != nil {
			return err
		}
	}
	return nil
}

// pending returns the attempt's pending key, nil if there is none that can be used.
func (p *PendingKeys) pending(ctx context.Context, alg browserid.Algorithm) (agent.Key, error) {
	record, err := transact(ctx, "readonly", func(keys jsx.Value) (jsx.Value, error) {
		return jsx.Call(keys, "get", pendingPrefix+p.attempt())
	})
	if err != nil || record.IsUndefined() {
		return nil, err
	}
	if known, _ := jsx.StringOf(record, "algorithm"); known != string(alg) || isOld(record) {
		return nil, nil
	}
	key, err := webcrypto.OpenPair(ctx, record)
	if err != nil {
		return nil, nil // a record that is none of ours is as good as none
	}
	return key, nil
}

func isOld(record jsx.Value) bool {
	used, err := jsx.Get(record, "used")
	if err != nil {
		return true
	}
	millis, err := used.Float()
	return err != nil || time.Since(time.UnixMilli(int64(millis))).Abs() > PendingLife
}

func allPending(ctx context.Context) ([]jsx.Value, error) {
	ranges, err := jsx.Lookup("IDBKeyRange")
	if err != nil {
		return nil, storageError(err)
	}
	names, err := jsx.Call(ranges, "bound", pendingPrefix, pendingEnd)
	if err != nil {
		return nil, err
	}
	list, err := transact(ctx, "readonly", func(keys jsx.Value) (jsx.Value, error) {
		return jsx.Call(keys, "getAll", names)
	})
	if err != nil {
		return nil, err
	}
	length, err := list.Length()
	if err != nil {
		return nil, err
	}
	records := make([]jsx.Value, length)
	for i := range records {
		if records[i], err = list.Index(i); err != nil {
			return nil, err
		}
	}
	return records, nil
}
