//go:build js && wasm

package webstore

import (
	"context"
	"time"

	"github.com/navid-login/navid/wasm/internal/jsx"
)

const (
	// lockName is of the Web Lock that every writer holds.
	lockName = "navid"
	// LockTimeout bounds the wait for other windows. Each holds the lock for
	// some milliseconds; one that was frozen with it must not freeze us.
	LockTimeout = 5 * time.Second
)

// exclusively does something while no other window of this origin does.
func exclusively(ctx context.Context, do func() error) error {
	locks, err := jsx.Lookup("navigator", "locks")
	if err != nil {
		return storageError(err)
	}
	var failure error
	granted := make(chan struct{})
	held := jsx.Async(func([]jsx.Value) (any, error) {
		close(granted)
		failure = do()
		return nil, nil
	})
	defer held.Release()
	controller, err := jsx.New("AbortController")
	if err != nil {
		return storageError(err)
	}
	signal, err := jsx.Get(controller, "signal")
	if err != nil {
		return storageError(err)
	}
	go abortUnless(ctx, granted, controller)
	// Without ctx, for once granted the lock is held until do has returned.
	_, err = jsx.AwaitCall(context.WithoutCancel(ctx), locks, "request", lockName, map[string]any{"signal": signal}, held)
	if err != nil {
		return storageError(err)
	}
	return failure
}

// abortUnless ends the wait for the lock if it is not granted in time.
func abortUnless(ctx context.Context, granted <-chan struct{}, controller jsx.Value) {
	ctx, cancel := context.WithTimeout(ctx, LockTimeout)
	defer cancel()
	select {
	case <-granted:
	case <-ctx.Done():
		_, _ = jsx.Call(controller, "abort")
	}
}
