package testbrowser

import (
	"context"
	"net"
	netmail "net/mail"
	"path/filepath"
	"sync"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer/keyring"
	"github.com/navid-login/navid/dialog"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/mail"
	"github.com/navid-login/navid/dialog/idp/store"
)

// Dora has her mail at a domain without an identity provider, which the login host speaks for in a world [WithFallback].
const Dora = "dora@" + Mailbox

// Mailbox is that domain. It answers 404.
const Mailbox = "mail.test"

// WithFallback lets the login host prove addresses by mail, with a database and a mail server of this world's own, and lets the relying
// parties believe it. The change, if it is not nil, is made to the provider's configuration.
func WithFallback(change func(*idp.Config)) Option {
	return func(s *settings) { s.isFallback, s.fallback = true, change }
}

// newFallback opens the login host's provider: real SQLite in a file, real SMTP.
func (w *World) newFallback(s settings, config dialog.Config) *idp.Provider {
	w.t.Helper()
	folder := w.t.TempDir()
	database, err := store.Open(context.Background(), filepath.Join(folder, "navid.db"))
	w.must(err)
	keys, secrets := w.openSecrets(folder, s)
	outbox, err := mail.NewOutbox(secrets, s.now)
	w.must(err)
	origin := browserid.Origin(w.URL(Host, ""))
	w.Mail = newMailServer(w.t)
	w.sendMail(mail.Worker{
		Outbox: outbox, Queue: database, Now: s.now, Log: config.Logger,
		Sender:  w.Mail.sender(),
		Letters: mail.Letters{From: netmail.Address{Name: Host, Address: "login@" + Host}, Origin: origin},
	}, database)
	provider := idp.Config{
		Origin: origin, Store: database, Mail: outbox, Keys: keys, Discovery: config.Discovery, Secrets: secrets,
		Now: s.now, Log: config.Logger,
	}
	if s.fallback != nil {
		s.fallback(&provider)
	}
	made, err := idp.New(provider)
	w.must(err)
	return made
}

func (w *World) openSecrets(folder string, s settings) (*keyring.Keyring, *idp.Secrets) {
	w.t.Helper()
	secret, err := keyring.HostSecret(folder)
	w.must(err)
	secrets, err := idp.NewSecrets(secret)
	w.must(err)
	keys, err := keyring.Open(filepath.Join(folder, keyring.KeysFolder), s.now())
	w.must(err)
	return keys, secrets
}

// sendMail runs a worker until the test ends, and closes its database then.
func (w *World) sendMail(worker mail.Worker, database *store.Store) {
	ctx, stop := context.WithCancel(context.Background())
	var working sync.WaitGroup
	working.Go(func() { worker.Run(ctx) })
	w.t.Cleanup(func() {
		stop()
		working.Wait()
		w.must(database.Close())
	})
}

// sender brings mail to this server.
func (s *MailServer) sender() mail.SMTP {
	_, port, err := net.SplitHostPort(s.listener.Addr().String())
	if err != nil {
		s.t.Fatal(err)
	}
	return mail.SMTP{Host: "localhost", Port: port, Hello: Host, Roots: testAuthority().pool()}
}

func (w *World) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}
