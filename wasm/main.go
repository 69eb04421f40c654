//go:build js && wasm

// Command wasm is the user agent as the dialog loads it. It sets one global,
// navidAgent, an object with five functions, then calls navidAgentReady() if
// the page has it, and never ends. That the promise of go.run() is settled
// means that it has crashed.
//
//	navidAgent.signIn({origin, params, now}, {ask, openWindow, journey})
//
// signs a person in at the site of that origin. origin is the browser's word,
// params are the site's options, as untrusted as they came, and now is the
// login host's time in milliseconds. ask(screen) shows a screen and returns
// the promise of an answer, as package agent describes both; asking again
// settles an older question with {action: 'superseded'}. openWindow() returns
// a new window for the identity provider, or null if the browser wants a click
// first. A page that has journey needs no window: package frame describes it.
// The promise is of {assertion, email, authority, notMyDevice, notice}, or is
// rejected with an Error whose code is one of agent/errors.go.
//
//	navidAgent.prepare({algorithms})
//
// begins to make keys that take long to make. It returns nothing.
//
//	navidAgent.remove(email)
//
// forgets an address in this browser: key, certificate and what sites remember.
//
//	navidAgent.bridge(email)
//
// returns the promise of what is kept of an address, for the communication
// frame of a site that observes: {certificate, thumbprint, authority, expires,
// key}, where key is a CryptoKeyPair and expires the certificate's end in the
// login host's milliseconds.
//
//	navidAgent.assert({origin, params, now, email, certificate, thumbprint}, key)
//
// returns the promise of an assertion, signed with that key for the site of
// that origin and nobody asked; or it is rejected. origin, params and now are
// as in signIn.
package main

import (
	"context"
	"encoding/json"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

func main() {
	if err := install(newProgram()); err != nil {
		panic(err)
	}
	select {}
}

// install makes the program's functions known to the page. They are its own
// for as long as it lives, so nobody releases them.
func install(p *program) error {
	global, err := jsx.Lookup("globalThis")
	if err != nil {
		return err
	}
	if err := global.Set("navidAgent", map[string]any{
		"signIn":  jsx.Async(coded(p.signIn)),
		"prepare": jsx.NewFunc(func(args []jsx.Value) any { p.prepare(args); return jsx.Value{} }),
		"remove":  jsx.Async(coded(p.remove)),
		"bridge":  jsx.Async(coded(p.bridge)),
		"assert":  jsx.Async(coded(signSilently)),
	}); err != nil {
		return err
	}
	if ready, err := jsx.Lookup("navidAgentReady"); err == nil {
		_, err = ready.Invoke()
		return err
	}
	return nil
}

// coded gives the errors of a function the codes that the page branches on.
func coded(f func(args []jsx.Value) (any, error)) func(args []jsx.Value) (any, error) {
	return func(args []jsx.Value) (any, error) {
		result, err := f(args)
		if err != nil {
			return nil, &jsx.CodedError{Code: string(agent.CodeOf(err)), Err: err}
		}
		return result, nil
	}
}

// signIn is navidAgent.signIn(request, page).
func (p *program) signIn(args []jsx.Value) (any, error) {
	request, page := argument(args, 0), argument(args, 1)
	req, err := parseRequest(request)
	if err != nil {
		return nil, err
	}
	on := journeyOf(page)
	a, err := p.agent(page, newClock(timeOf(request)), on)
	if err != nil {
		return nil, err
	}
	defer on.end()
	result, err := a.SignIn(context.Background(), req, ui{page})
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"assertion":   result.Assertion,
		"email":       string(result.Email),
		"authority":   string(result.Authority),
		"notMyDevice": result.NotMyDevice,
		"notice":      string(result.Notice),
	}, nil
}

// prepare is navidAgent.prepare({algorithms}). What is wrong with the list
// will be said where it matters.
func (p *program) prepare(args []jsx.Value) {
	var wish struct {
		Algorithms []browserid.Algorithm `json:"algorithms"`
	}
	text, err := jsx.JSON(argument(args, 0), maxParams)
	if err == nil && json.Unmarshal(text, &wish) == nil {
		p.generator.Prepare(wish.Algorithms)
	}
}

// remove is navidAgent.remove(email).
func (p *program) remove(args []jsx.Value) (any, error) {
	email, err := emailOf(args)
	if err != nil {
		return nil, err
	}
	a, err := p.agent(jsx.Value{}, newClock(0), nil)
	if err != nil {
		return nil, err
	}
	return nil, a.Remove(context.Background(), email)
}

// emailOf reads the address that a function is called with.
func emailOf(args []jsx.Value) (browserid.Email, error) {
	text, _ := jsx.Text(argument(args, 0))
	email, err := browserid.ParseEmail(text)
	if err != nil {
		return "", &agent.Error{Code: agent.CodeInvalidEmail, Err: err}
	}
	return email, nil
}

// argument returns an argument, undefined if it was not given.
func argument(args []jsx.Value, i int) jsx.Value {
	if i < len(args) {
		return args[i]
	}
	return jsx.Value{}
}
