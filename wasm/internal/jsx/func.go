//go:build js && wasm

package jsx

import (
	"fmt"

	"github.com/hack-pad/safejs"
)

// Func is a Go function that JavaScript can call. Whoever makes one releases it.
type Func = safejs.Func

// NewFunc wraps a callback, which must not block. If it panics, that is
// written to the console, and JavaScript gets null: a broken listener must not
// end the program, and with it the sign-in.
func NewFunc(f func(args []Value) any) Func {
	wrapped, err := safejs.FuncOf(func(_ Value, args []Value) (result any) {
		defer func() {
			if cause := recover(); cause != nil {
				report(cause)
				result = nil
			}
		}()
		return f(args)
	})
	if err != nil {
		panic(err) // cannot be: nothing about f is checked
	}
	return wrapped
}

// report writes a panic to the console.
func report(cause any) {
	if console, err := Lookup("console"); err == nil {
		_, _ = console.Call("error", "navid: "+panicked(cause).Error())
	}
}

func panicked(cause any) error { return fmt.Errorf("panic: %v", cause) }

func first(args []Value) Value {
	if len(args) == 0 {
		return safejs.Undefined()
	}
	return args[0]
}
