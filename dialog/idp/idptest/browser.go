package idptest

import (
	"crypto/ed25519"
	"crypto/rand"
	"net/netip"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
)

// Browser is somebody's browser: the tokens that its cookies hold.
type Browser struct {
	idp.Visitor
	w *World
}

// Browser opens a new browser at a client's address; an empty one is unknown.
func (w *World) Browser(client string) *Browser {
	w.t.Helper()
	b := &Browser{idp.Visitor{BrowserToken: idp.NewToken(), Browser: "Firefox on Linux"}, w}
	if client != "" {
		b.Client = netip.MustParseAddr(client)
	}
	return b
}

// Ask begins a challenge and returns it with the letter that it sends.
func (b *Browser) Ask(email string) (idp.Pending, idp.Letter) {
	b.w.t.Helper()
	b.w.Letters() // what waits from before
	pending, err := b.w.Begin(b.w.t.Context(), b.Visitor, email, false)
	require.NoError(b.w.t, err)
	return pending, b.w.CodeLetter()
}

// Prove proves an address by the code of a mail and keeps the session.
func (b *Browser) Prove(email string) idp.Grant {
	b.w.t.Helper()
	pending, letter := b.Ask(email)
	grant, err := b.w.Confirm(b.w.t.Context(), b.Visitor, pending.Challenge, letter.Code)
	require.NoError(b.w.t, err)
	b.SessionToken = grant.SessionToken
	return grant
}

// ProveElsewhere proves an address on a device that is not the person's own.
func (b *Browser) ProveElsewhere(email string) idp.Grant {
	b.w.t.Helper()
	b.w.Letters()
	pending, err := b.w.Begin(b.w.t.Context(), b.Visitor, email, true)
	require.NoError(b.w.t, err)
	grant, err := b.w.Confirm(b.w.t.Context(), b.Visitor, pending.Challenge, b.w.CodeLetter().Code)
	require.NoError(b.w.t, err)
	b.SessionToken = grant.SessionToken
	return grant
}

// Certify asks for a certificate of an hour for a new key.
func (b *Browser) Certify(email string) (string, error) {
	b.w.t.Helper()
	return b.w.Certify(b.w.t.Context(), b.SessionToken, email, NewUserKey(), time.Hour)
}

// NewUserKey makes the public key of a user.
func NewUserKey() browserid.PublicKey {
	public, _, _ := ed25519.GenerateKey(rand.Reader)
	key, _ := browserid.NewEd25519(public)
	return key
}
