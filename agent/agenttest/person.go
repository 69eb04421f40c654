package agenttest

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/agent"
)

// Step is one screen that a Person expects, and the answer to it, or none if
// the screen is waited out. Fields of Screen that are set must be what is shown.
type Step struct {
	Screen agent.Screen
	Answer agent.Answer
	// Meanwhile, where set, is what happens before the answer.
	Meanwhile func()
}

// Person is an agent.UI: somebody who answers screens by a script. Waiting
// screens that the script does not name are waited out.
type Person struct {
	*testing.T

	mu    sync.Mutex
	steps []Step
	shown []agent.Screen
	// Clicked, where set, is called at each answer: a click of the person.
	Clicked func()
}

// NewPerson returns a person who takes the steps in their order.
func NewPerson(t *testing.T, steps ...Step) *Person { return &Person{T: t, steps: steps} }

// Shown returns every screen shown so far.
func (p *Person) Shown() []agent.Screen {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shown
}

// Left returns the steps not taken.
func (p *Person) Left() []Step {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.steps
}

// Ask answers with the next step of the script.
func (p *Person) Ask(ctx context.Context, screen agent.Screen) (agent.Answer, error) {
	if ctx.Err() != nil {
		return agent.Answer{}, ctx.Err()
	}
	step, ok := p.next(screen)
	if !ok {
		<-ctx.Done()
		return agent.Answer{}, ctx.Err()
	}
	want := step.Screen
	assert.Equal(p.T, want.Name, screen.Name)
	assertIfSet(p.T, want.Email, screen.Email, "email")
	assertIfSet(p.T, want.Authority, screen.Authority, "authority")
	assertIfSet(p.T, want.Code, screen.Code, "code")
	assertIfSet(p.T, want.Notice, screen.Notice, "notice")
	assertIfSet(p.T, want.Reason, screen.Reason, "reason")
	assertIfSet(p.T, want.Left, screen.Left, "tries left")
	assertIfSet(p.T, want.Words, screen.Words, "words")
	assertIfSet(p.T, want.Challenge.ID, screen.Challenge.ID, "challenge")
	assertIfSet(p.T, want.RetryAt, screen.RetryAt, "retry at")
	assertIfSet(p.T, want.ResendAt, screen.ResendAt, "resend at")
	if want.Identities != nil {
		assert.Equal(p.T, want.Identities, screen.Identities)
	}
	if step.Answer.Action == "" {
		<-ctx.Done()
		return agent.Answer{}, ctx.Err()
	}
	if p.Clicked != nil {
		p.Clicked()
	}
	if step.Meanwhile != nil {
		step.Meanwhile()
	}
	return step.Answer, nil
}

// next returns the step for a screen; none for a waiting screen that the
// script does not name. A screen too many is answered with Cancel.
func (p *Person) next(screen agent.Screen) (Step, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = append(p.shown, screen)
	waiting := screen.Name == agent.ScreenWait
	if waiting && (len(p.steps) == 0 || p.steps[0].Screen.Waiting != screen.Waiting) {
		return Step{}, false
	}
	if len(p.steps) == 0 {
		assert.Fail(p.T, "a screen too many", "%+v", screen)
		return Step{Screen: screen, Answer: agent.Answer{Action: agent.ActionCancel}}, true
	}
	step := p.steps[0]
	p.steps = p.steps[1:]
	return step, true
}

func assertIfSet[T comparable](t *testing.T, want, got T, what string) {
	var unset T
	if want != unset {
		assert.Equal(t, want, got, what)
	}
}
