package main

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog/idp"
)

// operatorsProvider is a provider that only an operator works with: it proves
// nothing, certifies nothing and sends nothing, and needs neither keys nor the
// host's secret for that.
func operatorsProvider(database idp.Store) (*idp.Provider, error) {
	none := make([]byte, idp.MinSecretBytes)
	_, _ = rand.Read(none)
	secrets, err := idp.NewSecrets(none)
	if err != nil {
		return nil, err
	}
	return idp.New(idp.Config{
		Origin: "https://localhost", Store: database, Secrets: secrets, Mail: nothing{}, Keys: nothing{}, Discovery: nothing{},
	})
}

// nothing stands for what an operator's work does not need.
type nothing struct{}

var errNothing = errors.New("not of use to an operator")

// Enqueue implements [idp.Mailer].
func (nothing) Enqueue(idp.Tx, idp.Letter) (string, error) { return "", errNothing }

// Signer implements [idp.Keyring].
func (nothing) Signer(time.Time) (browserid.Signer, error) { return nil, errNothing }

// Published implements [idp.Keyring].
func (nothing) Published(time.Time) []browserid.Signer { return nil }

// Discover implements [idp.Discoverer].
func (nothing) Discover(context.Context, browserid.Domain) (*discovery.Provider, error) {
	return nil, errNothing
}
