package keyring

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/agent/issuer/internal/private"
)

// What a caller of [Rotate] and [Revoke] may branch on.
var (
	// ErrRotating: a new key is waiting already.
	ErrRotating = errors.New("a new key is waiting already")
	// ErrNoSuchKey: the folder has no such key, or it is revoked.
	ErrNoSuchKey = errors.New("no such key")
)

// Listed is a key and its state, for people.
type Listed struct {
	Key
	State State
	Since time.Time // when it began to sign, if it is signing
	Until time.Time // when it is published no more, if it is leaving
}

// List returns all keys of a folder that were not removed, in the order of their
// numbers.
func List(folder string, now time.Time) ([]Listed, error) {
	keys, err := read(folder, nil)
	listed := make([]Listed, len(keys))
	for i, key := range keys {
		listed[i] = Listed{Key: key, State: stateOf(key, keys, now)}
		switch listed[i].State {
		case Signing:
			listed[i].Since = beganOf(key, keys, now)
		case Leaving:
			listed[i].Until = endOf(key, keys)
		}
	}
	return listed, err
}

// Rotate adds a key, which is published with the next reload of each replica and
// signs once no cached document is without it. The files of keys that are of no
// use any more are removed. The error is [ErrRotating] where a key waits.
func Rotate(folder string, algorithm browserid.Algorithm, now time.Time) (Key, error) {
	keys, err := read(folder, nil)
	if err != nil {
		return Key{}, fmt.Errorf("rotate keys: %w", err)
	}
	for _, key := range keys {
		switch stateOf(key, keys, now) {
		case Waiting:
			return key, fmt.Errorf("rotate keys: %w", ErrRotating)
		case Retired:
			if err := os.Remove(keyPath(folder, key.Number)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return Key{}, fmt.Errorf("rotate keys: %w", err)
			}
		}
	}
	added, err := addNext(folder, keys, algorithm, now, now.Add(announced))
	if errors.Is(err, fs.ErrExist) { // somebody else was quicker
		err = ErrRotating
	}
	if err != nil {
		return Key{}, fmt.Errorf("rotate keys: %w", err)
	}
	return added, nil
}

// Revoke takes a key out at once and destroys it. Where it is the one that
// signs, the waiting one signs in its place, or else a new one, which verifiers
// meet when they refetch the document.
func Revoke(folder string, number int, now time.Time) error {
	keys, err := read(folder, nil)
	if len(keys) == 0 && err != nil {
		return fmt.Errorf("revoke key: %w", err)
	}
	for _, key := range keys {
		if key.Number == number && key.Revoked.IsZero() {
			if err := revoke(folder, key, now); err != nil {
				return fmt.Errorf("revoke key: %w", err)
			}
			return nil
		}
	}
	return fmt.Errorf("revoke key %d: %w", number, ErrNoSuchKey)
}

func revoke(folder string, key Key, now time.Time) error {
	file, err := json.MarshalIndent(tombstone{
		Version: fileVersion, Revoked: now.UTC(), Created: key.Created, SignsFrom: key.SignsFrom,
		Algorithm: key.Algorithm, Thumbprint: key.Thumbprint,
	}, "", "  ")
	if err != nil {
		return err
	}
	if err := private.Create(tombstonePath(folder, key.Number), append(file, '\n')); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Remove(keyPath(folder, key.Number)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return errors.Join(ensureSigner(folder, browserid.Algorithm(key.Algorithm), now), private.SyncFolder(folder))
}

// ensureSigner makes a key that signs at once where none may.
func ensureSigner(folder string, algorithm browserid.Algorithm, now time.Time) error {
	keys, err := read(folder, nil)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if stateOf(key, keys, now) == Signing {
			return nil
		}
	}
	_, err = addNext(folder, keys, algorithm, now, now)
	if errors.Is(err, fs.ErrExist) { // somebody else has seen the same need
		return nil
	}
	return err
}

// addNext adds a key under the next number. Who comes second to a number has
// seen a folder that is no more: the error is [fs.ErrExist].
func addNext(folder string, keys []Key, algorithm browserid.Algorithm, now, signsFrom time.Time) (Key, error) {
	number := 1
	if len(keys) > 0 {
		number = keys[len(keys)-1].Number + 1
	}
	if err := add(folder, number, algorithm, now, signsFrom); err != nil {
		return Key{}, err
	}
	return readKey(keyPath(folder, number), number, Key{})
}

// add writes a new key file: that of package issuer, and the times.
func add(folder string, number int, algorithm browserid.Algorithm, now, signsFrom time.Time) error {
	key, err := issuer.GenerateKey(algorithm)
	if err != nil {
		return err
	}
	members, err := membersOf(folder, key)
	if err != nil {
		return err
	}
	for name, when := range map[string]time.Time{"created": now, "signsFrom": signsFrom} {
		if members[name], err = json.Marshal(when.UTC().Truncate(time.Second)); err != nil {
			return err
		}
	}
	data, err := json.MarshalIndent(members, "", "  ")
	if err != nil {
		return err
	}
	return private.Create(keyPath(folder, number), append(data, '\n'))
}

// membersOf returns what package issuer writes of a key, by way of a file in the
// folder, so that the key is nowhere that others may read.
func membersOf(folder string, key *issuer.Key) (map[string]json.RawMessage, error) {
	draft, err := os.MkdirTemp(folder, ".draft-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(draft) }()
	path := filepath.Join(draft, "key")
	if err := key.WriteFile(path); err != nil {
		return nil, err
	}
	data, err := private.Read(path, maxFileBytes)
	if err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	return members, json.Unmarshal(data, &members)
}
