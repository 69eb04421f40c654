package testbrowser

import (
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// Authenticator is the person's device as far as passkeys go: it makes them, and confirms each use as if the person had put a finger on it.
type Authenticator struct {
	page *Page
	made chan *webauthn.Credential
}

// Passkey is one that an authenticator has made, as far as this browser takes it back: package webauthn's own type says more.
type Passkey struct {
	CredentialID []byte  `json:"credentialId"`
	IsResident   bool    `json:"isResidentCredential"`
	RPID         string  `json:"rpId"`
	PrivateKey   []byte  `json:"privateKey"`
	UserHandle   []byte  `json:"userHandle"`
	SignCount    float64 `json:"signCount"`
}

// AddAuthenticator gives a window an authenticator that holds passkeys. Browsers have one for all windows; here each window needs its own,
// with what [Authenticator.WaitPasskey] of another returned.
func (p *Page) AddAuthenticator(passkeys ...Passkey) *Authenticator {
	p.t.Helper()
	p.webauthn(chromedp.Call(p.ctx, webauthn.Enable, webauthn.EnableParams{}))
	added, err := chromedp.Call(p.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, HasPrf: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		},
	})
	if err != nil {
		p.t.Fatalf("add authenticator: %v", err)
	}
	for _, passkey := range passkeys {
		params := map[string]any{"authenticatorId": added.AuthenticatorID, "credential": passkey}
		p.webauthn(nil, chromedp.FromContext(p.ctx).Target.Call(p.ctx, webauthn.AddCredential.Method, params, nil))
	}
	a := &Authenticator{page: p, made: make(chan *webauthn.Credential, 8)}
	err = chromedp.Listen(p.ctx, func(event any) {
		if added, ok := event.(*webauthn.EventCredentialAdded); ok {
			a.made <- added.Credential
		}
	})
	if err != nil {
		p.t.Fatalf("listen for passkeys: %v", err)
	}
	return a
}

// WaitPasskey waits for the passkey that it is asked to make. The window may have closed by then.
func (a *Authenticator) WaitPasskey() Passkey {
	a.page.t.Helper()
	select {
	case made := <-a.made:
		return Passkey{made.CredentialID, true, Host, made.PrivateKey, made.UserHandle, made.SignCount}
	case <-time.After(Patience):
		a.page.t.Fatalf("waited %s for a passkey to be made", Patience)
		return Passkey{}
	}
}

func (p *Page) webauthn(_ any, err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("authenticator: %v", err)
	}
}
