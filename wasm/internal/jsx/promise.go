//go:build js && wasm

package jsx

import "github.com/hack-pad/safejs"

// Promise runs f on a goroutine of its own and returns the promise of its
// result. An error of f, or a panic in it, rejects the promise with an Error,
// see [CodedError].
func Promise(f func() (any, error)) Value {
	executor := NewFunc(func(args []Value) any {
		resolve, reject := args[0], args[1]
		go func() {
			result, err := guarded(f)
			if err != nil {
				_, _ = reject.Invoke(thrown(err))
				return
			}
			if _, err := resolve.Invoke(result); err != nil { // a result that JavaScript has no value for
				_, _ = reject.Invoke(thrown(err))
			}
		}()
		return nil
	})
	defer executor.Release()
	constructor, err := Lookup("Promise")
	if err != nil {
		return safejs.Undefined()
	}
	promise, err := constructor.New(executor)
	if err != nil {
		return safejs.Undefined()
	}
	return promise
}

// Async wraps a Go function as an async JavaScript function. It may block.
func Async(f func(args []Value) (any, error)) Func {
	return NewFunc(func(args []Value) any {
		return Promise(func() (any, error) { return f(args) })
	})
}

func guarded(f func() (any, error)) (result any, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = panicked(cause)
		}
	}()
	return f()
}
