package idptest

import (
	"encoding/json"

	"github.com/descope/virtualwebauthn"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

// Authenticator is a virtual one, with at most one passkey.
type Authenticator struct {
	w          *World
	party      virtualwebauthn.RelyingParty
	device     virtualwebauthn.Authenticator
	Credential virtualwebauthn.Credential
}

// Authenticator makes one that is unlocked whenever it is asked.
func (w *World) Authenticator() *Authenticator {
	return &Authenticator{
		w:          w,
		party:      virtualwebauthn.RelyingParty{ID: Origin.Host(), Name: Origin.Host(), Origin: string(Origin)},
		device:     virtualwebauthn.NewAuthenticator(),
		Credential: newCredential(),
	}
}

// newCredential makes a key whose coordinates need all their bytes: of others the
// virtual authenticator drops the leading zeros, which no real one does.
func newCredential() virtualwebauthn.Credential {
	const wholeKey = 77 // bytes in COSE
	for {
		credential := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		if len(credential.Key.AttestationData()) == wholeKey {
			return credential
		}
	}
}

// Origin lets the answers come from a page of another origin.
func (a *Authenticator) Origin(origin string) { a.party.Origin = origin }

// Unlocked says whether its owner unlocks it.
func (a *Authenticator) Unlocked(yes bool) { a.device.Options.UserNotVerified = !yes }

// Create answers the options of an enrolment.
func (a *Authenticator) Create(options json.RawMessage) json.RawMessage {
	a.w.t.Helper()
	parsed, err := virtualwebauthn.ParseAttestationOptions(string(wrapped(options)))
	require.NoError(a.w.t, err)
	a.device.Options.UserHandle = []byte(parsed.UserID)
	return json.RawMessage(virtualwebauthn.CreateAttestationResponse(a.party, a.device, a.Credential, *parsed))
}

// Assert answers the options of a login.
func (a *Authenticator) Assert(options json.RawMessage) json.RawMessage {
	a.w.t.Helper()
	parsed, err := virtualwebauthn.ParseAssertionOptions(string(wrapped(options)))
	require.NoError(a.w.t, err)
	return json.RawMessage(virtualwebauthn.CreateAssertionResponse(a.party, a.device, a.Credential, *parsed))
}

// wrapped are options as navigator.credentials takes them.
func wrapped(options json.RawMessage) json.RawMessage {
	return append(append([]byte(`{"publicKey":`), options...), '}')
}

// Enrol adds a passkey to the session of a browser.
func (b *Browser) Enrol(a *Authenticator, name string) idp.PasskeyView {
	b.w.t.Helper()
	ceremony, options, err := b.w.BeginEnrolment(b.w.t.Context(), b.Visitor)
	require.NoError(b.w.t, err)
	passkey, err := b.w.FinishEnrolment(b.w.t.Context(), b.Visitor, ceremony, name, a.Create(options))
	require.NoError(b.w.t, err)
	return passkey
}

// Login signs in with a passkey and keeps the session.
func (b *Browser) Login(a *Authenticator) error {
	b.w.t.Helper()
	ceremony, options, err := b.w.BeginLogin(b.w.t.Context(), b.Visitor, false)
	require.NoError(b.w.t, err)
	grant, err := b.w.FinishLogin(b.w.t.Context(), b.Visitor, ceremony, a.Assert(options))
	if err == nil {
		b.SessionToken = grant.SessionToken
	}
	return err
}
