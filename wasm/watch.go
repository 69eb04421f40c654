//go:build js && wasm

package main

import (
	"context"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/wasm/internal/jsx"
	"github.com/navid-login/navid/wasm/internal/webcrypto"
)

// bridge is navidAgent.bridge(email).
func (p *program) bridge(args []jsx.Value) (any, error) {
	email, err := emailOf(args)
	if err != nil {
		return nil, err
	}
	a, err := p.agent(jsx.Value{}, newClock(0), nil)
	if err != nil {
		return nil, err
	}
	given, err := a.HandOver(context.Background(), email)
	if err != nil {
		return nil, err
	}
	key := given.Key.(*webcrypto.Key) // of our own KeyStore
	private, public := key.Pair()
	return map[string]any{
		"certificate": given.Certificate,
		"thumbprint":  given.Thumbprint,
		"authority":   string(given.Authority),
		"expires":     int64(given.Expires),
		"key":         map[string]any{"privateKey": private, "publicKey": public},
	}, nil
}

// signSilently is navidAgent.assert(request, key).
func signSilently(args []jsx.Value) (any, error) {
	request, pair := argument(args, 0), argument(args, 1)
	req, err := parseRequest(request)
	if err != nil {
		return nil, err
	}
	ctx := context.Background()
	key, err := webcrypto.OpenPair(ctx, pair)
	if err != nil {
		return nil, &agent.Error{Code: agent.CodeCertificateWrongKey, Err: err}
	}
	email, _ := jsx.StringOf(request, "email")
	certificate, _ := jsx.StringOf(request, "certificate")
	thumbprint, _ := jsx.StringOf(request, "thumbprint")
	id := agent.Identity{Email: browserid.Email(email), Certificate: certificate, Thumbprint: thumbprint}
	return agent.SignSilently(ctx, req, id, key, newClock(timeOf(request)).now())
}
