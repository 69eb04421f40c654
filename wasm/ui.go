//go:build js && wasm

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

// actionSuperseded is the page's answer to a question that a newer one has replaced.
const actionSuperseded agent.Action = "superseded"

// maxAnswer is the size of the largest answer that is read, in bytes.
const maxAnswer = 4 << 10

// errSuperseded: the agent replaces only questions that it has given up, so
// another sign-in has taken the screen.
var errSuperseded = &agent.Error{Code: agent.CodeCancelled, Err: errors.New("another sign-in has begun")}

// ui is the agent.UI of a page.
type ui struct {
	page jsx.Value
}

// Ask shows a screen and waits for the answer.
func (u ui) Ask(ctx context.Context, screen agent.Screen) (agent.Answer, error) {
	if ctx.Err() != nil {
		return agent.Answer{}, ctx.Err()
	}
	object, err := jsx.ToObject(screen)
	if err != nil {
		return agent.Answer{}, err
	}
	value, err := jsx.AwaitCall(ctx, u.page, "ask", object)
	if err != nil {
		return agent.Answer{}, fmt.Errorf("screen %q: %w", screen.Name, err)
	}
	text, err := jsx.JSON(value, maxAnswer)
	if err != nil {
		return agent.Answer{}, fmt.Errorf("screen %q: %w", screen.Name, err)
	}
	var answer agent.Answer
	if err := json.Unmarshal(text, &answer); err != nil {
		return agent.Answer{}, fmt.Errorf("screen %q: %w", screen.Name, err)
	}
	if answer.Action != actionSuperseded {
		return answer, nil
	}
	if ctx.Err() != nil {
		return agent.Answer{}, ctx.Err()
	}
	return agent.Answer{}, errSuperseded
}
