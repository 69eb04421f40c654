//go:build js && wasm

package webstore

import (
	"context"
	"fmt"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

// The items of localStorage.
const (
	item        = "navid"
	corruptItem = "navid.corrupt"
)

// Store is an agent.Store on localStorage.
type Store struct {
	keys agent.KeyStore
}

// NewStore returns the Store of this origin. An address that it drops for want
// of room is deleted from keys too.
func NewStore(keys agent.KeyStore) *Store { return &Store{keys} }

// Load reads the state. It does not wait for a writer: setItem is atomic.
func (s *Store) Load(ctx context.Context) (*agent.State, error) {
	state, err := read()
	if !isCorrupt(err) {
		return state, err
	}
	return nil, exclusively(ctx, func() error {
		_, err := readOrPutAside() // another window may have done so by now
		return err
	})
}

// Update changes the state while no other window can.
func (s *Store) Update(ctx context.Context, change func(*agent.State) error) error {
	return exclusively(ctx, func() error {
		state, err := readOrPutAside()
		if err != nil {
			return err
		}
		known := len(state.Identities)
		if err := change(state); err != nil {
			return err
		}
		isRemoval := len(state.Identities) < known
		dropped := trim(state)
		if err := write(state); err != nil {
			return err
		}
		if isRemoval { // who wants an address forgotten wants it gone from there too
			if _, err := callStorage("removeItem", corruptItem); err != nil {
				return err
			}
		}
		for _, email := range dropped {
			if err := s.keys.Delete(ctx, email); err != nil {
				return err
			}
		}
		return nil
	})
}

// readOrPutAside reads the state, and moves a corrupt text to where it is not
// in the way. Its caller holds the lock.
func readOrPutAside() (*agent.State, error) {
	state, err := read()
	if isCorrupt(err) {
		if failed := putAside(); failed != nil {
			return nil, failed
		}
	}
	return state, err
}

// putAside keeps the text where there is room for it. Only its removal must succeed.
func putAside() error {
	text, _, err := getItem(item)
	if err != nil {
		return err
	}
	if _, err := callStorage("removeItem", item); err != nil {
		return err
	}
	_, _ = callStorage("setItem", corruptItem, text)
	return nil
}

func read() (*agent.State, error) {
	text, found, err := getItem(item)
	if err != nil {
		return nil, err
	}
	if !found {
		return new(agent.State), nil
	}
	state, err := parse(text)
	if err != nil {
		return nil, &agent.Error{Code: agent.CodeStorageCorrupt, Err: fmt.Errorf("%w: %w", agent.ErrStorageCorrupt, err)}
	}
	return state, nil
}

func write(state *agent.State) error {
	text, err := format(state)
	if err != nil {
		return storageError(err)
	}
	_, err = callStorage("setItem", item, text)
	return err
}

func getItem(name string) (text string, found bool, err error) {
	value, err := callStorage("getItem", name)
	if err != nil {
		return "", false, err
	}
	text, found = jsx.Text(value)
	return text, found, nil
}

// callStorage calls a method of localStorage. Reading the property itself
// throws where the person has blocked storage.
func callStorage(method string, args ...any) (jsx.Value, error) {
	storage, err := jsx.Lookup("localStorage")
	if err != nil {
		return storage, storageError(err)
	}
	value, err := jsx.Call(storage, method, args...)
	if err != nil {
		return value, storageError(err)
	}
	return value, nil
}
