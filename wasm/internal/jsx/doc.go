//go:build js && wasm

// Package jsx is the border between Go and JavaScript: promises become calls
// that block, calls become promises, exceptions and panics become errors. It
// is the only package that wraps Go functions for JavaScript to call, and so
// the one place where such a function could fail to be released.
//
// A Go function that JavaScript calls must not block: the event that would
// wake it is behind it in the queue, and the whole program dies. [NewFunc] is
// for callbacks that do not; [Async] is for the rest.
package jsx

import "github.com/hack-pad/safejs"

// Value is a JavaScript value. Its methods return errors instead of panicking.
type Value = safejs.Value
