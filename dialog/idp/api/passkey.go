package api

import (
	"encoding/json"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
)

// ceremonyAnswer begins a ceremony. Options are for parseCreationOptionsFromJSON
// or parseRequestOptionsFromJSON.
type ceremonyAnswer struct {
	Ceremony string          `json:"ceremony"`
	Options  json.RawMessage `json:"options"`
}

// enrolledQuestion ends an enrolment. Credential is what toJSON gives.
type enrolledQuestion struct {
	Ceremony   string          `json:"ceremony"`
	Name       string          `json:"name"`
	Credential json.RawMessage `json:"credential"`
}

// loginQuestion begins to sign in.
type loginQuestion struct {
	Elsewhere bool `json:"elsewhere,omitempty"`
}

// loggedInQuestion ends signing in.
type loggedInQuestion struct {
	Ceremony   string          `json:"ceremony"`
	Credential json.RawMessage `json:"credential"`
}

// passkeyAnswer is a passkey as its owner sees it.
type passkeyAnswer struct {
	ID      string           `json:"id"`
	Name    string           `json:"name"`
	Created browserid.Millis `json:"created"`
	Used    browserid.Millis `json:"used"`
}

type enrolledAnswer struct {
	Passkey passkeyAnswer `json:"passkey"`
}

// enrol begins to add a passkey.
func (*api) enrol(e *exchange, _ nothing) (ceremonyAnswer, error) {
	e.bind()
	ceremony, options, err := e.provider.BeginEnrolment(e.context(), e.visitor)
	return ceremonyAnswer{ceremony, options}, err
}

// enrolled adds it.
func (*api) enrolled(e *exchange, q enrolledQuestion) (enrolledAnswer, error) {
	passkey, err := e.provider.FinishEnrolment(e.context(), e.visitor, q.Ceremony, q.Name, q.Credential)
	return enrolledAnswer{passkeyOf(passkey)}, err
}

func passkeyOf(view idp.PasskeyView) passkeyAnswer {
	return passkeyAnswer{view.ID, view.Name, browserid.MillisOf(view.Created), browserid.MillisOf(view.Used)}
}

// login begins to sign in with a passkey.
func (*api) login(e *exchange, q loginQuestion) (ceremonyAnswer, error) {
	e.bind()
	ceremony, options, err := e.provider.BeginLogin(e.context(), e.visitor, q.Elsewhere)
	return ceremonyAnswer{ceremony, options}, err
}

// loggedIn signs in, and says for which addresses.
func (*api) loggedIn(e *exchange, q loggedInQuestion) (addressesAnswer, error) {
	grant, err := e.provider.FinishLogin(e.context(), e.visitor, q.Ceremony, q.Credential)
	if err != nil {
		return addressesAnswer{}, err
	}
	e.signIn(grant)
	view, err := e.provider.Session(e.context(), grant.SessionToken)
	return addressesOf(view), err
}

// renamePasskey gives a passkey another name.
func (*api) renamePasskey(e *exchange, q struct {
	ID   string `json:"id"`
	Name string `json:"name"`
},
) (nothing, error) {
	return nothing{}, e.provider.RenamePasskey(e.context(), e.visitor.SessionToken, q.ID, q.Name)
}

// removePasskey removes a passkey.
func (*api) removePasskey(e *exchange, q idQuestion) (nothing, error) {
	return nothing{}, e.provider.RemovePasskey(e.context(), e.visitor.SessionToken, q.ID)
}

// undo takes a passkey back, by the token of its notice.
func (*api) undo(e *exchange, q linkQuestion) (nothing, error) {
	return nothing{}, e.provider.Undo(e.context(), q.Token)
}
