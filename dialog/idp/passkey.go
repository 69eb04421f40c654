package idp

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/navid-login/navid/agent/browserid"
)

// Limits of passkeys.
const (
	MaxPasskeys    = 20 // of one account
	MaxPasskeyName = 64 // bytes
)

// newWebAuthn says what passkeys must be: found by the authenticator itself, so
// that nobody has to say first who they are, and unlocked by their owner each
// time, since one replaces a proof by mail.
func newWebAuthn(origin browserid.Origin) (*webauthn.WebAuthn, error) {
	return webauthn.New(&webauthn.Config{
		RPID:          origin.Host(),
		RPDisplayName: origin.Host(),
		RPOrigins:     []string{string(origin)},
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey:        protocol.ResidentKeyRequirementRequired,
			RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification:   protocol.VerificationRequired,
		},
		AttestationPreference: protocol.PreferNoAttestation,
		// Password managers answer extensions that nobody asked for; none is used.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
}

// newHandle makes a user handle (WebAuthn 5.4.3).
func newHandle() []byte {
	handle := make([]byte, 64)
	_, _ = rand.Read(handle) // never fails
	return handle
}

// keyHolder is an account as go-webauthn wants to see it.
type keyHolder struct {
	handle   []byte
	name     string
	passkeys []webauthn.Credential
}

func (h keyHolder) WebAuthnID() []byte                         { return h.handle }
func (h keyHolder) WebAuthnName() string                       { return h.name }
func (h keyHolder) WebAuthnDisplayName() string                { return h.name }
func (h keyHolder) WebAuthnCredentials() []webauthn.Credential { return h.passkeys }

// ceremonyKind is what a ceremony is for. An answer to one is none to the other.
type ceremonyKind string

const (
	enrolment ceremonyKind = "enrolment"
	login     ceremonyKind = "login"
)

// ceremonyData is what has to be known again when a ceremony ends.
type ceremonyData struct {
	Kind      ceremonyKind         `json:"kind"`
	Session   string               `json:"session,omitempty"` // ID of the session that enrols
	Elsewhere bool                 `json:"elsewhere,omitempty"`
	WebAuthn  webauthn.SessionData `json:"webauthn"`
}

// putCeremony keeps a ceremony for the browser that began it.
func (p *Provider) putCeremony(ctx context.Context, visitor Visitor, data ceremonyData, now time.Time) (id string, err error) {
	encoded, err := json.Marshal(data)
	if err != nil {
		return "", err
	}
	ceremony := Ceremony{ID: NewToken(), BrowserHash: hashOf(visitor.BrowserToken), Data: encoded, Expires: now.Add(CeremonyLife)}
	return ceremony.ID, p.store.Update(ctx, func(tx Tx) error { return tx.PutCeremony(ceremony) })
}

// takeCeremony ends a ceremony, whatever comes of it: nobody answers it twice.
func (p *Provider) takeCeremony(ctx context.Context, visitor Visitor, id string, kind ceremonyKind, now time.Time) (data ceremonyData, err error) {
	var ceremony Ceremony
	err = p.store.Update(ctx, func(tx Tx) error {
		ceremony, err = tx.TakeCeremony(id)
		return err
	})
	if isNotFound(err) {
		return data, errCeremony()
	}
	if err != nil {
		return data, err
	}
	if err := json.Unmarshal(ceremony.Data, &data); err != nil {
		return data, err
	}
	own := visitor.BrowserToken != "" && subtle.ConstantTimeCompare(ceremony.BrowserHash, hashOf(visitor.BrowserToken)) == 1
	if !own || data.Kind != kind || !now.Before(ceremony.Expires) {
		return data, errCeremony()
	}
	return data, nil
}

func errCeremony() *Error {
	return refuse(CodePasskeyRefused, "This took too long, or was done already. Please try again.")
}
