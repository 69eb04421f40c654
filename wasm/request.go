//go:build js && wasm

package main

import (
	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/wasm/internal/jsx"
)

// maxParams is the size of the largest options that are read; package agent
// has the last word.
const maxParams = 256 << 10

// parseRequest reads the request that the page hands on.
func parseRequest(request jsx.Value) (agent.Request, error) {
	params, err := jsx.Get(request, "params")
	if err != nil {
		return agent.Request{}, &agent.Error{Code: agent.CodeInvalidOptions, Err: err}
	}
	text, err := jsx.JSON(params, maxParams)
	if err != nil {
		return agent.Request{}, &agent.Error{Code: agent.CodeInvalidOptions, Err: err}
	}
	origin, _ := jsx.StringOf(request, "origin")
	return agent.ParseRequest(origin, text)
}

// timeOf returns the host's time from a request, 0 if it is not there.
func timeOf(request jsx.Value) browserid.Millis {
	now, err := jsx.Get(request, "now")
	if err != nil {
		return 0
	}
	const end = 8.64e15 // of JavaScript's time
	millis, err := now.Float()
	if err != nil || !(0 < millis && millis < end) {
		return 0
	}
	return browserid.Millis(millis)
}
