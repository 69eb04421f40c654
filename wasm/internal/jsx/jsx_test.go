//go:build js && wasm

package jsx_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/hack-pad/safejs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/wasm/internal/jsx"
)

// run evaluates JavaScript, which is how these tests make values to look at.
func run(t *testing.T, script string) jsx.Value {
	t.Helper()
	value, err := safejs.Global().Call("eval", script)
	require.NoError(t, err)
	return value
}

func TestAwait(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, script string
		want         string
		wantErr      string
	}{
		{"resolved", `Promise.resolve("x")`, "x", ""},
		{"later", `new Promise(resolve => setTimeout(resolve, 1, "x"))`, "x", ""},
		{"no promise", `"x"`, "x", ""},
		{"thenable", `({then: resolve => resolve("x")})`, "x", ""},
		{"an Error", `Promise.reject(new TypeError("no"))`, "", "TypeError: no"},
		{"a DOMException", `Promise.reject(new DOMException("full", "QuotaExceededError"))`, "", "QuotaExceededError: full"},
		{"a string", `Promise.reject("no")`, "", "Error: no"},
		{"undefined", `Promise.reject()`, "", "Error: <undefined>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			value, err := jsx.Await(t.Context(), run(t, c.script))
			if c.wantErr != "" {
				require.EqualError(t, err, c.wantErr)
				return
			}
			require.NoError(t, err)
			text, ok := jsx.Text(value)
			assert.True(t, ok)
			assert.Equal(t, c.want, text)
		})
	}
}

func TestAwaitEndsWithContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := jsx.Await(ctx, run(t, `new Promise(() => {})`))
	assert.ErrorIs(t, err, context.Canceled)
}

// A promise that is settled after everybody has left must find its callbacks:
// calling a released one is an error on the console.
func TestAwaitOutlivesContext(t *testing.T) {
	run(t, `globalThis.complaints = 0; globalThis.consoleError = console.error; console.error = () => complaints++`)
	defer run(t, `console.error = consoleError`)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	promise := run(t, `new Promise(resolve => globalThis.settle = resolve)`)
	_, err := jsx.Await(ctx, promise)
	require.ErrorIs(t, err, context.Canceled)
	run(t, `settle(1)`)
	_, err = jsx.Await(t.Context(), promise)
	require.NoError(t, err)
	complaints, err := run(t, `complaints`).Int()
	require.NoError(t, err)
	assert.Zero(t, complaints)
}

func TestAwaitCall(t *testing.T) {
	t.Parallel()
	object := run(t, `({double: async x => 2 * x, fail() { throw new RangeError("far") }})`)
	value, err := jsx.AwaitCall(t.Context(), object, "double", 21)
	require.NoError(t, err)
	number, err := value.Int()
	require.NoError(t, err)
	assert.Equal(t, 42, number)
	_, err = jsx.AwaitCall(t.Context(), object, "fail")
	assert.Equal(t, "RangeError", jsx.NameOf(err))
	_, err = jsx.AwaitCall(t.Context(), object, "missing")
	assert.Error(t, err)
	assert.Empty(t, jsx.NameOf(err))
}

func TestPromise(t *testing.T) {
	t.Parallel()
	value, err := jsx.Await(t.Context(), jsx.Promise(func() (any, error) { return "done", nil }))
	require.NoError(t, err)
	text, _ := jsx.Text(value)
	assert.Equal(t, "done", text)
}

func TestPromiseRejects(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		f    func() (any, error)
		want string // instanceof Error, code, message
	}{
		{"coded error", func() (any, error) {
			return nil, &jsx.CodedError{Code: "too_late", Err: errors.New("it is")}
		}, `[true,"too_late","it is"]`},
		{"error", func() (any, error) { return nil, errors.New("no") }, `[true,null,"no"]`},
		{"panic", func() (any, error) { panic("oh") }, `[true,null,"panic: oh"]`},
		{
			"nil dereference", func() (any, error) { var p *int; return *p, nil },
			`[true,null,"panic: runtime error: invalid memory address or nil pointer dereference"]`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			describe := run(t, `p => p.then(() => "resolved", e => [e instanceof Error, e.code ?? null, e.message])`)
			promise, err := describe.Invoke(jsx.Promise(c.f))
			require.NoError(t, err)
			described, err := jsx.Await(t.Context(), promise)
			require.NoError(t, err)
			got, err := jsx.JSON(described, 1000)
			require.NoError(t, err)
			assert.JSONEq(t, c.want, string(got))
		})
	}
}

func TestPromiseOfUnusableResult(t *testing.T) {
	t.Parallel()
	_, err := jsx.Await(t.Context(), jsx.Promise(func() (any, error) { return struct{}{}, nil }))
	assert.ErrorContains(t, err, "ValueOf: invalid value")
}

// Async may block, which a plain callback may not.
func TestAsync(t *testing.T) {
	t.Parallel()
	gate := make(chan struct{})
	f := jsx.Async(func(args []jsx.Value) (any, error) {
		<-gate
		return args[0], nil
	})
	defer f.Release()
	promise, err := f.Value().Invoke("echo")
	require.NoError(t, err)
	close(gate)
	value, err := jsx.Await(t.Context(), promise)
	require.NoError(t, err)
	text, _ := jsx.Text(value)
	assert.Equal(t, "echo", text)
}

func TestPanickingCallbackIsReported(t *testing.T) {
	run(t, `globalThis.reported = ""; globalThis.consoleError = console.error; console.error = text => reported = text`)
	defer run(t, `console.error = consoleError`)
	f := jsx.NewFunc(func([]jsx.Value) any { panic("oh") })
	defer f.Release()
	result, err := f.Value().Invoke()
	require.NoError(t, err)
	assert.True(t, result.IsNull())
	text, _ := jsx.Text(run(t, `reported`))
	assert.Equal(t, "navid: panic: oh", text)
}

func TestListen(t *testing.T) {
	t.Parallel()
	target := run(t, `new EventTarget()`)
	heard := 0
	stop, err := jsx.Listen(target, "x", func(jsx.Value) { heard++ })
	require.NoError(t, err)
	dispatch(t, target, "x")
	dispatch(t, target, "y")
	stop()
	dispatch(t, target, "x")
	assert.Equal(t, 1, heard)
	_, err = jsx.Listen(run(t, `({})`), "x", func(jsx.Value) {})
	assert.Error(t, err)
}

func TestWaitEvent(t *testing.T) {
	t.Parallel()
	target := run(t, `new EventTarget()`)
	_, err := run(t, `t => setTimeout(() => { t.dispatchEvent(new Event("b")); t.dispatchEvent(new Event("a")) })`).Invoke(target)
	require.NoError(t, err)
	event, err := jsx.WaitEvent(t.Context(), target, "a", "b")
	require.NoError(t, err)
	name, _ := jsx.StringOf(event, "type")
	assert.Equal(t, "b", name)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = jsx.WaitEvent(ctx, target, "a")
	assert.ErrorIs(t, err, context.Canceled)
}

func dispatch(t *testing.T, target jsx.Value, name string) {
	t.Helper()
	event, err := jsx.New("Event", name)
	require.NoError(t, err)
	_, err = target.Call("dispatchEvent", event)
	require.NoError(t, err)
}

func TestLookup(t *testing.T) {
	run(t, `globalThis.shelf = {empty: null, get broken() { throw new DOMException("no", "SecurityError") }, box: {label: "x", open: true, truthy: 1}}`)
	box, err := jsx.Lookup("shelf", "box")
	require.NoError(t, err)
	label, ok := jsx.StringOf(box, "label")
	assert.True(t, ok)
	assert.Equal(t, "x", label)
	_, ok = jsx.StringOf(box, "open")
	assert.False(t, ok, "a boolean is no string")
	assert.True(t, jsx.BoolOf(box, "open"))
	assert.False(t, jsx.BoolOf(box, "truthy"))
	for _, path := range [][]string{{"shelf", "empty"}, {"shelf", "none", "deeper"}} {
		_, err := jsx.Lookup(path...)
		missing, ok := errors.AsType[*jsx.MissingError](err)
		require.True(t, ok)
		assert.Equal(t, path[0]+"."+path[1], missing.Name)
	}
	_, err = jsx.Lookup("shelf", "broken")
	assert.Equal(t, "SecurityError", jsx.NameOf(err))
}

func TestBytes(t *testing.T) {
	t.Parallel()
	array, err := jsx.Uint8Array([]byte{0, 1, 255})
	require.NoError(t, err)
	b, err := jsx.Bytes(array)
	require.NoError(t, err)
	assert.Equal(t, []byte{0, 1, 255}, b)
	b, err = jsx.Bytes(run(t, `new Uint8Array([7, 8]).buffer`))
	require.NoError(t, err)
	assert.Equal(t, []byte{7, 8}, b)
}

func TestJSON(t *testing.T) {
	t.Parallel()
	object, err := jsx.ToObject(map[string]any{"a": []int{1, 2}})
	require.NoError(t, err)
	text, err := jsx.JSON(object, 100)
	require.NoError(t, err)
	assert.True(t, json.Valid(text))
	assert.Equal(t, `{"a":[1,2]}`, string(text))
	_, err = jsx.JSON(object, 10)
	assert.Error(t, err, "too large")
	_, err = jsx.JSON(run(t, `undefined`), 10)
	assert.Error(t, err)
	_, err = jsx.JSON(run(t, `const a = {}; a.a = a; a`), 10)
	assert.Equal(t, "TypeError", jsx.NameOf(err))
}
