//go:build js && wasm

package fetch

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

// The statuses that mean something whatever comes with them: a proxy may have answered.
const (
	statusOK        = 200
	tooManyRequests = 429
)

// question is the body of a request.
type question map[string]any

// answer is the host's answer to any question, or with a status other than 200
// its failure to answer.
type answer struct {
	// Who vouches for a domain.
	Domain         browserid.Domain      `json:"domain"`
	Type           string                `json:"type"`
	Authority      browserid.Domain      `json:"authority"`
	Authentication string                `json:"authentication"`
	Provisioning   string                `json:"provisioning"`
	Keys           []browserid.PublicKey `json:"keys"`
	Algorithms     []browserid.Algorithm `json:"algorithms"`
	Display        agent.Display         `json:"display"`
	Reason         string                `json:"reason"` // of type offline or invalid

	// What the host has done as a provider.
	agent.Challenge
	Certificate string `json:"certificate"`

	Code       string `json:"code"`
	Message    string `json:"message"`
	Left       int    `json:"left"`
	RetryAfter int    `json:"retryAfter"` // in seconds

	Now browserid.Millis `json:"now"`
}

// ask asks the host a question, and hands on what time it has there. Errors
// mean that there is no answer, whatever the status.
func ask(ctx context.Context, path, cookies string, q question, hostTime func(browserid.Millis)) (status int, a *answer, err error) {
	body, err := json.Marshal(q)
	if err != nil {
		return 0, nil, err
	}
	status, text, err := postJSON(ctx, path, cookies, body)
	if err != nil {
		return status, nil, fmt.Errorf("ask the login host: %w", err)
	}
	a = new(answer)
	if err := json.Unmarshal(text, a); err != nil {
		return status, nil, fmt.Errorf("answer of the login host: %w", err)
	}
	if hostTime != nil && a.Now > 0 {
		hostTime(a.Now)
	}
	return status, a, nil
}
