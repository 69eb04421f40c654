//go:build js && wasm

package jsx

import (
	"context"

	"github.com/hack-pad/safejs"
)

// Listen adds an event listener, which must not block, and returns what
// removes and releases it.
func Listen(target Value, event string, listener func(event Value)) (stop func(), err error) {
	f := NewFunc(func(args []Value) any {
		listener(first(args))
		return nil
	})
	if _, err := Call(target, "addEventListener", event, f); err != nil {
		f.Release()
		return nil, err
	}
	return func() {
		_, _ = target.Call("removeEventListener", event, f)
		f.Release()
	}, nil
}

// WaitEvent blocks until the first of some events, and returns it. An event
// that is already queued is not missed, for JavaScript's queue waits until Go
// blocks.
func WaitEvent(ctx context.Context, target Value, events ...string) (Value, error) {
	happened := make(chan Value, len(events))
	for _, name := range events {
		stop, err := Listen(target, name, func(event Value) {
			select {
			case happened <- event:
			default: // enough has happened
			}
		})
		if err != nil {
			return safejs.Undefined(), err
		}
		defer stop()
	}
	select {
	case event := <-happened:
		return event, nil
	case <-ctx.Done():
		return safejs.Undefined(), ctx.Err()
	}
}
