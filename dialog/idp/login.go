package idp

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// BeginLogin begins to sign in with a passkey. The options name no passkey and
// depend on nothing that was typed: the authenticator knows which it has (G16).
// They are for PublicKeyCredential.parseRequestOptionsFromJSON.
func (p *Provider) BeginLogin(ctx context.Context, visitor Visitor, elsewhere bool) (ceremony string, options json.RawMessage, err error) {
	now := p.now()
	if err := p.spendOnCeremony(ctx, visitor, now); err != nil {
		return "", nil, err
	}
	assertion, data, err := p.webauthn.BeginDiscoverableLogin()
	if err != nil {
		return "", nil, err
	}
	ceremony, err = p.putCeremony(ctx, visitor, ceremonyData{Kind: login, Elsewhere: elsewhere, WebAuthn: *data}, now)
	if err != nil {
		return "", nil, err
	}
	options, err = json.Marshal(assertion.Response)
	return ceremony, options, err
}

// FinishLogin signs in with a passkey: the session holds what the passkey proves.
func (p *Provider) FinishLogin(ctx context.Context, visitor Visitor, ceremony string, credential json.RawMessage) (Grant, error) {
	now := p.now()
	data, err := p.takeCeremony(ctx, visitor, ceremony, login, now)
	if err != nil {
		return Grant{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(credential)
	if err != nil {
		return Grant{}, errPasskey(err)
	}
	used, err := p.checkAssertion(ctx, data, parsed)
	if err != nil {
		return Grant{}, err
	}
	var grant Grant
	err = p.store.Update(ctx, func(tx Tx) error {
		grant, err = p.signInWith(tx, visitor, used, parsed, data.Elsewhere, now)
		return err
	})
	return grant, err
}

// checkAssertion verifies what the authenticator answered, and returns the
// credential as it is to be kept now.
func (p *Provider) checkAssertion(ctx context.Context, data ceremonyData, parsed *protocol.ParsedCredentialAssertionData) (*webauthn.Credential, error) {
	var holder keyHolder
	err := p.store.View(ctx, func(r Reader) (err error) {
		holder, err = holderOfPasskey(r, parsed.RawID)
		return err
	})
	if err != nil {
		return nil, err
	}
	used, err := p.webauthn.ValidateDiscoverableLogin(
		func(_, _ []byte) (webauthn.User, error) { return holder, nil }, data.WebAuthn, parsed)
	if err != nil {
		return nil, errPasskey(err)
	}
	return used, nil
}

// holderOfPasskey is the account of a passkey, with this passkey alone.
func holderOfPasskey(r Reader, credentialID []byte) (keyHolder, error) {
	passkey, err := r.Passkey(credentialID)
	if isNotFound(err) {
		return keyHolder{}, errUnknownPasskey()
	}
	if err != nil {
		return keyHolder{}, err
	}
	account, err := r.Account(passkey.Account)
	if err != nil {
		return keyHolder{}, err
	}
	holder := keyHolder{handle: account.Handle, passkeys: make([]webauthn.Credential, 1)}
	return holder, json.Unmarshal(passkey.Credential, &holder.passkeys[0])
}

func errUnknownPasskey() *Error {
	return refuse(CodePasskeyUnknown, "This passkey is not known here any more.")
}

// signInWith makes the session. Proofs that are only too old come along: a mail
// from this session renews them.
func (p *Provider) signInWith(tx Tx, visitor Visitor, used *webauthn.Credential, parsed *protocol.ParsedCredentialAssertionData, elsewhere bool, now time.Time) (Grant, error) {
	passkey, err := tx.Passkey(used.ID)
	if isNotFound(err) { // removed since
		return Grant{}, errUnknownPasskey()
	}
	if err != nil {
		return Grant{}, err
	}
	if err := refuseBlocked(tx, passkey.Account); err != nil {
		return Grant{}, err
	}
	proofs, err := unmoved(tx, passkey.Proofs)
	if err != nil {
		return Grant{}, err
	}
	if len(proofs) == 0 {
		return Grant{}, refuse(CodePasskeyRefused,
			"The address of this passkey was proven anew in another browser. Please prove it by mail, and add a passkey again.")
	}
	if err := keepUse(tx, passkey, used, parsed, now); err != nil {
		return Grant{}, err
	}
	before, err := p.takeSession(tx, visitor, elsewhere, now)
	if err != nil {
		return Grant{}, err
	}
	token := NewToken()
	session := newSession(token, visitor, passkey.Account, merged(proofs, before, passkey.Account), elsewhere, now)
	return grantOf(token, "", session), tx.PutSession(session)
}

// keepUse writes the counter of a passkey. Where it went back there is a copy of
// the passkey; another use may have moved it since the answer was verified.
func keepUse(tx Tx, passkey Passkey, used *webauthn.Credential, parsed *protocol.ParsedCredentialAssertionData, now time.Time) error {
	var stored webauthn.Credential
	if err := json.Unmarshal(passkey.Credential, &stored); err != nil {
		return err
	}
	stored.Authenticator.UpdateCounter(parsed.Response.AuthenticatorData.Counter)
	if stored.Authenticator.CloneWarning {
		return errPasskey(errors.New("counter went back"))
	}
	encoded, err := json.Marshal(used)
	if err != nil {
		return err
	}
	passkey.Credential, passkey.Used = encoded, now
	return tx.PutPasskey(passkey)
}

// merged are the proofs of a passkey with what the session before had proven
// besides, in the same account.
func merged(proofs []Proof, before *Session, account string) []Proof {
	if before == nil || before.Account != account {
		return proofs
	}
	had := rights{}
	for _, proof := range proofs {
		had[AddressKey(proof.Email)] = Address{}
	}
	return append(had.without(before.Proofs), proofs...)
}
