// Package assembly puts the fallback identity provider together from its parts:
// the secret and the keys, the queue of mails and who sends them.
package assembly

import (
	"path/filepath"
	"time"

	"github.com/navid-login/navid/agent/issuer/keyring"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/mail"
)

// Provider is a provider with the worker that has to run beside it.
type Provider struct {
	*idp.Provider
	Worker mail.Worker
}

// Open is [Join] with the secret and the keys of a folder, which are made where
// there are none.
func Open(folder string, config idp.Config, worker mail.Worker) (Provider, error) {
	secret, err := keyring.HostSecret(folder)
	if err != nil {
		return Provider{}, err
	}
	now := time.Now
	if config.Now != nil {
		now = config.Now
	}
	keys, err := keyring.Open(filepath.Join(folder, keyring.KeysFolder), now())
	if err != nil {
		return Provider{}, err
	}
	config.Keys = keys
	return Join(secret, config, worker)
}

// Join makes a provider whose mails the worker sends. The configuration lacks the
// mailer and the secrets; the worker all that the provider has too, so that both
// have the same.
func Join(secret []byte, config idp.Config, worker mail.Worker) (Provider, error) {
	secrets, err := idp.NewSecrets(secret)
	if err != nil {
		return Provider{}, err
	}
	outbox, err := mail.NewOutbox(secrets, config.Now)
	if err != nil {
		return Provider{}, err
	}
	config.Secrets, config.Mail = secrets, outbox
	worker.Outbox, worker.Now, worker.Log, worker.Letters.Origin = outbox, config.Now, config.Log, config.Origin
	provider, err := idp.New(config)
	return Provider{provider, worker}, err
}
