// Package keyring is the signing keys of an issuer as a folder of files, which
// changes with time by rules that leave no verifier without the key it needs
// (G13). A [Keyring] is what issuer.Issuer.Keyring wants. Beside the keys there
// may be a secret: what must not be in a database, so that no backup or dump of
// it holds it.
//
// # The folder
//
// Keys are numbered files, 0001.json, 0002.json and so on. A file is written
// once, whole, and never changed; a number is given once, whoever asks for it
// first. So any number of replicas may share the folder without locks, and all
// of them read the same from it:
//
//   - a key begins to sign at the time that its file says, and goes on until a
//     later one begins; then it never signs again;
//   - it is published from the moment it is in the folder until the last
//     certificate that it may have signed has ended;
//   - 0001.revoked beside 0001.json takes the key out at once, whatever else
//     the folder says.
//
// # Changing keys
//
// [Rotate] adds a key that begins to sign one [issuer.CacheLifetime] later, when
// no cached support document is without it. [Revoke] is for a key that may have
// leaked: it is out of the document with the next reload, and no verifier
// believes it once its cache has ended.
package keyring

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer/internal/private"
)

// ReloadInterval is how long a host may take to notice a change of the folder.
const ReloadInterval = 10 * time.Second

// ErrWritableByOthers is wrapped where others than its owner may put files into a
// folder of secrets, and so keys of their own.
var ErrWritableByOthers = private.ErrWritableByOthers

// ErrNoKey: the folder has no key that may sign.
var ErrNoKey = errors.New("no key may sign: `navid keys rotate` makes one")

// Keyring is a folder of keys as it was last read. It is safe for concurrent use.
type Keyring struct {
	folder string
	keys   atomic.Pointer[[]Key]
}

// Open reads the folder, which must hold only what can be read. An empty folder,
// or none, gets its first key, which signs at once.
func Open(folder string, now time.Time) (*Keyring, error) {
	if err := private.MakeFolder(folder); err != nil {
		return nil, fmt.Errorf("open keyring: %w", err)
	}
	keys, err := read(folder, nil)
	if err == nil && len(keys) == 0 {
		keys, err = makeFirst(folder, now)
	}
	if err != nil {
		return nil, fmt.Errorf("open keyring: %w", err)
	}
	k := &Keyring{folder: folder}
	k.keys.Store(&keys)
	return k, nil
}

// makeFirst makes the first key, unless another replica is quicker.
func makeFirst(folder string, now time.Time) ([]Key, error) {
	if err := add(folder, 1, browserid.RS256, now, now); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	return read(folder, nil)
}

// Signer returns the key that signs at a time.
func (k *Keyring) Signer(now time.Time) (browserid.Signer, error) {
	for _, key := range *k.keys.Load() {
		if stateOf(key, *k.keys.Load(), now) == Signing {
			return key.signer, nil
		}
	}
	return nil, ErrNoKey
}

// Published returns the keys that verifiers are to believe at a time, the one
// that signs first.
func (k *Keyring) Published(now time.Time) []browserid.Signer {
	keys := *k.keys.Load()
	var first, others []browserid.Signer
	for _, key := range keys {
		switch stateOf(key, keys, now) {
		case Signing:
			first = append(first, key.signer)
		case Waiting, Leaving:
			others = append(others, key.signer)
		}
	}
	return append(first, others...)
}

// Reload reads the folder anew. A file that cannot be read, though it could
// before, stands as it was, unless it has been revoked; the error names it.
func (k *Keyring) Reload() error {
	keys, err := read(k.folder, *k.keys.Load())
	if len(keys) > 0 {
		k.keys.Store(&keys)
	}
	if err != nil {
		return fmt.Errorf("reload keyring: %w", err)
	}
	return nil
}

// Run reloads every [ReloadInterval] until ctx ends.
func (k *Keyring) Run(ctx context.Context, log *slog.Logger) {
	ticker := time.NewTicker(ReloadInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := k.Reload(); err != nil {
				log.Error("the signing keys cannot be read", "error", err)
			}
		}
	}
}
