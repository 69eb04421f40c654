//go:build js && wasm

package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/wasm/internal/jsxtest"
)

var screen = agent.Screen{Name: agent.ScreenPick, Identities: []string{"alice@idp.test"}}

func TestAsk(t *testing.T) {
	t.Parallel()
	page := jsxtest.Eval(t, `({async ask(screen) {
		const {identities: [email], ...rest} = screen
		return {action: JSON.stringify(rest) === '{"screen":"pick"}' && "next", email, notMyDevice: true}
	}})`)
	answer, err := ui{page}.Ask(t.Context(), screen)
	require.NoError(t, err)
	assert.Equal(t, agent.Answer{Action: agent.ActionNext, Email: "alice@idp.test", NotMyDevice: true}, answer)
}

func TestAskFails(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]string{
		"throws":           `() => { throw new Error("no") }`,
		"rejects":          `async () => { throw new Error("no") }`,
		"is no function":   `1`,
		"answers nothing":  `async () => undefined`,
		"answers a number": `async () => 1`,
		"answers too much": `async () => ({action: "x".repeat(5000)})`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ui{jsxtest.Eval(t, `({ask: `+ask+`})`)}.Ask(t.Context(), screen)
			require.Error(t, err)
			assert.Equal(t, agent.CodeInternal, agent.CodeOf(err))
		})
	}
}

// With nobody to wait for the answer, the person must not see the question.
func TestAskWithDoneContextShowsNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	page := jsxtest.Eval(t, `({asked: false, async ask() { this.asked = true; return {action: "next"} }})`)
	_, err := ui{page}.Ask(ctx, screen)
	assert.ErrorIs(t, err, context.Canceled)
	asked, err := page.Get("asked")
	require.NoError(t, err)
	is, err := asked.Bool()
	require.NoError(t, err)
	assert.False(t, is)
}

func TestAskEndsWithContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := ui{jsxtest.Eval(t, `({ask: () => new Promise(() => {})})`)}.Ask(ctx, screen)
		ended <- err
	}()
	cancel()
	assert.ErrorIs(t, <-ended, context.Canceled)
}

// Another sign-in has taken the screen: this one is over.
func TestSuperseded(t *testing.T) {
	t.Parallel()
	_, err := ui{jsxtest.Eval(t, `({ask: async () => ({action: "superseded"})})`)}.Ask(t.Context(), screen)
	assert.ErrorIs(t, err, agent.ErrCancelled)
}
