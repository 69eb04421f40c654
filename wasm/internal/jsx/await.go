//go:build js && wasm

package jsx

import (
	"context"

	"github.com/hack-pad/safejs"
)

// Await blocks until a promise is settled or ctx is done. A rejection becomes
// an [*Error]. A value that is no promise is returned as it is.
//
// The promise may be settled after ctx is done: what it listens with is
// released then, and leaks if that never happens.
func Await(ctx context.Context, promise Value) (Value, error) {
	type outcome struct {
		value Value
		err   error
	}
	settled := make(chan outcome, 1)
	var onValue, onError Func
	settle := func(o outcome) any {
		settled <- o
		onValue.Release()
		onError.Release()
		return nil
	}
	onValue = NewFunc(func(args []Value) any { return settle(outcome{value: first(args)}) })
	onError = NewFunc(func(args []Value) any { return settle(outcome{err: ErrorOf(first(args))}) })
	if err := then(promise, onValue, onError); err != nil {
		settle(outcome{err: err})
	}
	select {
	case o := <-settled:
		return o.value, o.err
	case <-ctx.Done():
		return safejs.Undefined(), ctx.Err()
	}
}

// AwaitCall calls a method and awaits the promise that it returns.
func AwaitCall(ctx context.Context, object Value, method string, args ...any) (Value, error) {
	promise, err := Call(object, method, args...)
	if err != nil {
		return safejs.Undefined(), err
	}
	return Await(ctx, promise)
}

func then(promise Value, onValue, onError Func) error {
	constructor, err := Lookup("Promise")
	if err != nil {
		return err
	}
	promise, err = Call(constructor, "resolve", promise)
	if err != nil {
		return err
	}
	_, err = Call(promise, "then", onValue, onError)
	return err
}
