//go:build js && wasm

// Package jsxtest runs JavaScript in tests: to make values, to stand in for
// parts of a browser, and to look at what came of it.
package jsxtest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/wasm/internal/jsx"
)

// timeout bounds each script: a test that waits for ever says nothing.
const timeout = time.Minute

// Eval evaluates a script in the global scope, and awaits the value if it is a promise.
func Eval(t *testing.T, script string) jsx.Value {
	t.Helper()
	global, err := jsx.Lookup("globalThis")
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), timeout) // not t's own context, which is done before cleanups
	defer cancel()
	value, err := jsx.AwaitCall(ctx, global, "eval", script)
	require.NoError(t, err)
	return value
}

// Replace gives an object another getter for a property until restore is called.
func Replace(t *testing.T, object, property, getter string) (restore func()) {
	t.Helper()
	replaced, err := Eval(t, `(object, property, get) => {
		const old = Object.getOwnPropertyDescriptor(object, property)
		Object.defineProperty(object, property, {get, configurable: true})
		return () => delete object[property] && old && Object.defineProperty(object, property, old)
	}`).Invoke(Eval(t, object), property, Eval(t, getter))
	require.NoError(t, err)
	return func() {
		_, err := replaced.Invoke()
		require.NoError(t, err)
	}
}

// Text evaluates a script whose value is a string.
func Text(t *testing.T, script string) string {
	t.Helper()
	text, ok := jsx.Text(Eval(t, script))
	require.True(t, ok, "not a string: %s", script)
	return text
}
