package idp

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// The signatures that the parts of the host are written against.

var errOutline = errors.New("idp: not written yet")

func NewToken() string { return "" }

func (p *Provider) Issuer() browserid.Domain { return p.issuer }

func (p *Provider) SupportDocument() ([]byte, error) { return nil, errOutline }

func (p *Provider) Begin(ctx context.Context, visitor Visitor, email string, elsewhere bool) (Pending, error) {
	return Pending{}, errOutline
}

func (p *Provider) Resend(ctx context.Context, visitor Visitor, challenge string) (Pending, error) {
	return Pending{}, errOutline
}

func (p *Provider) Confirm(ctx context.Context, visitor Visitor, challenge, code string) (Grant, error) {
	return Grant{}, errOutline
}

func (p *Provider) Follow(ctx context.Context, visitor Visitor, linkToken string) (Followed, error) {
	return Followed{}, errOutline
}

func (p *Provider) Await(ctx context.Context, visitor Visitor, challenge string) (Progress, error) {
	return Progress{}, errOutline
}

func (p *Provider) Certify(ctx context.Context, sessionToken, email string, key browserid.PublicKey, lifetime time.Duration) (string, error) {
	return "", errOutline
}

func (p *Provider) BeginEnrolment(ctx context.Context, visitor Visitor) (ceremony string, options json.RawMessage, err error) {
	return "", nil, errOutline
}

func (p *Provider) FinishEnrolment(ctx context.Context, visitor Visitor, ceremony, name string, credential json.RawMessage) (PasskeyView, error) {
	return PasskeyView{}, errOutline
}

func (p *Provider) BeginLogin(ctx context.Context, visitor Visitor, elsewhere bool) (ceremony string, options json.RawMessage, err error) {
	return "", nil, errOutline
}

func (p *Provider) FinishLogin(ctx context.Context, visitor Visitor, ceremony string, credential json.RawMessage) (Grant, error) {
	return Grant{}, errOutline
}

func (p *Provider) RenamePasskey(ctx context.Context, sessionToken, id, name string) error {
	return errOutline
}

func (p *Provider) RemovePasskey(ctx context.Context, sessionToken, id string) error {
	return errOutline
}

// Undo takes back a passkey by the token of its notice.
func (p *Provider) Undo(ctx context.Context, visitor Visitor, token string) error { return errOutline }

func (p *Provider) Session(ctx context.Context, sessionToken string) (SessionView, error) {
	return SessionView{}, errOutline
}

func (p *Provider) Account(ctx context.Context, sessionToken string) (AccountView, error) {
	return AccountView{}, errOutline
}

func (p *Provider) RemoveAddress(ctx context.Context, sessionToken, email string, evenTheLast bool) error {
	return errOutline
}

func (p *Provider) EndSession(ctx context.Context, sessionToken, id string) error { return errOutline }

func (p *Provider) SignOut(ctx context.Context, sessionToken string, everywhere bool) error {
	return errOutline
}

func (p *Provider) DeleteAccount(ctx context.Context, sessionToken string) error { return errOutline }

func (p *Provider) Export(ctx context.Context, sessionToken string) ([]byte, error) {
	return nil, errOutline
}

func (p *Provider) Certificates(ctx context.Context, sessionToken, email string) ([]Issued, error) {
	return nil, errOutline
}

// For the operator, who is asked for no proof:

type OperatorView struct {
	Account   Account
	Addresses []Address
	Passkeys  []PasskeyView
	Sessions  []SessionSummary
}

func (p *Provider) OperatorList(ctx context.Context, after string, limit int) ([]OperatorView, error) {
	return nil, errOutline
}

func (p *Provider) OperatorShow(ctx context.Context, email string) (OperatorView, error) {
	return OperatorView{}, errOutline
}

func (p *Provider) OperatorBlock(ctx context.Context, email string, blocked bool) error {
	return errOutline
}

func (p *Provider) OperatorSignOut(ctx context.Context, email string) error { return errOutline }

func (p *Provider) OperatorDelete(ctx context.Context, email string) error { return errOutline }

// OperatorLink puts an address into the account of another.
func (p *Provider) OperatorLink(ctx context.Context, email, with string) error { return errOutline }
