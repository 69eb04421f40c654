package idp

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// BeginEnrolment begins to add a passkey for the addresses that the session has
// proven, and for no others of its account (G7c). The options are for
// PublicKeyCredential.parseCreationOptionsFromJSON.
func (p *Provider) BeginEnrolment(ctx context.Context, visitor Visitor) (ceremony string, options json.RawMessage, err error) {
	now := p.now()
	if err := p.spendOnCeremony(ctx, visitor, now); err != nil {
		return "", nil, err
	}
	var session *Session
	var holder keyHolder
	err = p.store.View(ctx, func(r Reader) (err error) {
		var mine rights
		if session, mine, err = p.mayEnrol(r, visitor.SessionToken, now); err != nil {
			return err
		}
		holder, err = holderOf(r, session, mine)
		return err
	})
	if err != nil {
		return "", nil, err
	}
	creation, data, err := p.webauthn.BeginRegistration(holder,
		webauthn.WithExclusions(webauthn.Credentials(holder.passkeys).CredentialDescriptors()))
	if err != nil {
		return "", nil, err
	}
	ceremony, err = p.putCeremony(ctx, visitor, ceremonyData{Kind: enrolment, Session: session.ID, WebAuthn: *data}, now)
	if err != nil {
		return "", nil, err
	}
	options, err = json.Marshal(creation.Response)
	return ceremony, options, err
}

// mayEnrol reads a session that has a right to something on a device of its own.
func (p *Provider) mayEnrol(r Reader, token string, now time.Time) (*Session, rights, error) {
	session, mine, err := p.sessionWithRights(r, token, now)
	switch {
	case err != nil:
		return nil, nil, err
	case session.Elsewhere:
		return nil, nil, refuse(CodePasskeyRefused, "Passkeys are for your own devices.")
	case len(mine) == 0:
		return nil, nil, refuse(CodeNotProven, "Please prove your address again first.")
	}
	return session, mine, nil
}

// holderOf is the account that a session enrols a passkey for, with the passkeys
// that an authenticator need not make again: those that prove an address of this
// session.
func holderOf(r Reader, session *Session, mine rights) (keyHolder, error) {
	account, err := r.Account(session.Account)
	if err != nil {
		return keyHolder{}, err
	}
	passkeys, err := r.PasskeysOf(session.Account)
	if err != nil {
		return keyHolder{}, err
	}
	holder := keyHolder{handle: account.Handle, name: string(session.Proofs[len(session.Proofs)-1].Email)}
	for _, passkey := range passkeys {
		var credential webauthn.Credential
		if err := json.Unmarshal(passkey.Credential, &credential); err != nil {
			return keyHolder{}, err
		}
		if mine.sharedBy(passkey.Proofs) {
			holder.passkeys = append(holder.passkeys, credential)
		}
	}
	return holder, nil
}

// FinishEnrolment adds the passkey, and tells each address that it proves, with a
// link to take it back (abuse test 13).
func (p *Provider) FinishEnrolment(ctx context.Context, visitor Visitor, ceremony, name string, credential json.RawMessage) (PasskeyView, error) {
	name, err := passkeyName(name)
	if err != nil {
		return PasskeyView{}, err
	}
	now := p.now()
	data, err := p.takeCeremony(ctx, visitor, ceremony, enrolment, now)
	if err != nil {
		return PasskeyView{}, err
	}
	made, err := p.checkCreation(data, credential)
	if err != nil {
		return PasskeyView{}, err
	}
	var passkey Passkey
	err = p.store.Update(ctx, func(tx Tx) error {
		session, mine, err := p.mayEnrol(tx, visitor.SessionToken, now)
		if err != nil {
			return err
		}
		if session.ID != data.Session {
			return errCeremony()
		}
		passkey, err = p.addPasskey(tx, visitor, session, mine, name, made, now)
		return err
	})
	if err != nil {
		return PasskeyView{}, err
	}
	p.log.LogAttrs(ctx, slog.LevelInfo, "passkey added", p.logAddress(passkey.Proofs[0].Email))
	return passkey.view(), nil
}

// checkCreation verifies what the authenticator answered.
func (p *Provider) checkCreation(data ceremonyData, credential json.RawMessage) (*webauthn.Credential, error) {
	parsed, err := protocol.ParseCredentialCreationResponseBytes(credential)
	if err != nil {
		return nil, errPasskey(err)
	}
	made, err := p.webauthn.CreateCredential(keyHolder{handle: data.WebAuthn.UserID}, data.WebAuthn, parsed)
	if err != nil {
		return nil, errPasskey(err)
	}
	return made, nil
}

func errPasskey(cause error) *Error {
	return &Error{Code: CodePasskeyRefused, Message: "This passkey could not be used.", Err: cause}
}

// addPasskey keeps a new passkey in place of those that prove nothing any more.
func (p *Provider) addPasskey(tx Tx, visitor Visitor, session *Session, mine rights, name string, made *webauthn.Credential, now time.Time) (Passkey, error) {
	if _, err := tx.Passkey(made.ID); !isNotFound(err) {
		if err != nil {
			return Passkey{}, err
		}
		return Passkey{}, refuse(CodePasskeyRefused, "This passkey is known already.")
	}
	if err := dropDeadPasskeys(tx, session.Account); err != nil {
		return Passkey{}, err
	}
	encoded, err := json.Marshal(made)
	if err != nil {
		return Passkey{}, err
	}
	undo := NewToken()
	passkey := Passkey{
		CredentialID: made.ID, ID: newID(), Account: session.Account, Name: name, Proofs: handedOn(session.Proofs, mine),
		Credential: encoded, UndoHash: hashOf(undo), Session: session.ID, Created: now, Used: now,
	}
	for _, proof := range passkey.Proofs {
		letter := Letter{Kind: LetterPasskeyAdded, To: proof.Email, Link: string(p.origin) + "/undo#" + undo, Passkey: name}
		if err := p.tell(tx, visitor, letter, now); err != nil {
			return Passkey{}, err
		}
	}
	if err := putUndo(tx, undo, passkey.Proofs, now); err != nil {
		return Passkey{}, err
	}
	return passkey, tx.PutPasskey(passkey)
}

// handedOn are the proofs that a passkey gets from a session: those that count.
func handedOn(proofs []Proof, mine rights) []Proof {
	var handed []Proof
	for _, proof := range proofs {
		if address, ok := mine[AddressKey(proof.Email)]; ok && address.Generation == proof.Generation {
			handed = append(handed, Proof{Email: proof.Email, Generation: proof.Generation, Method: MethodPasskey, At: address.Proven})
		}
	}
	return handed
}

// dropDeadPasskeys removes the passkeys of an account whose addresses have all
// been proven by others since, and refuses when there are too many still.
func dropDeadPasskeys(tx Tx, account string) error {
	passkeys, err := tx.PasskeysOf(account)
	if err != nil {
		return err
	}
	alive := 0
	for _, passkey := range passkeys {
		left, err := unmoved(tx, passkey.Proofs)
		if err != nil {
			return err
		}
		if len(left) > 0 {
			alive++
		} else if err := tx.DeletePasskey(passkey.CredentialID); err != nil {
			return err
		}
	}
	if alive >= MaxPasskeys {
		return refuse(CodePasskeyRefused, "There are too many passkeys. Please remove one first.")
	}
	return nil
}

// unmoved are the proofs of addresses that nobody else has proven since.
func unmoved(r Reader, proofs []Proof) ([]Proof, error) {
	var left []Proof
	for _, proof := range proofs {
		address, err := r.Address(proof.Email)
		if err != nil && !isNotFound(err) {
			return nil, err
		}
		if err == nil && address.Generation == proof.Generation {
			left = append(left, proof)
		}
	}
	return left, nil
}

// passkeyName checks the name that a person gives to a passkey.
func passkeyName(name string) (string, error) {
	name = strings.TrimSpace(name)
	bad := func(r rune) bool { return !unicode.IsPrint(r) }
	if name == "" || len(name) > MaxPasskeyName || !utf8.ValidString(name) || strings.ContainsFunc(name, bad) {
		return "", refuse(CodeInvalidRequest, "The name of a passkey is a short line of text.")
	}
	return name, nil
}

func (passkey Passkey) view() PasskeyView {
	return PasskeyView{ID: passkey.ID, Name: passkey.Name, Created: passkey.Created, Used: passkey.Used}
}
