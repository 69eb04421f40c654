package testbrowser

import (
	"context"
	"net"
	netmail "net/mail"
	"path/filepath"
	"sync"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/assembly"
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
	provider := idp.Config{
		Origin: browserid.Origin(w.URL(Host, "")), Store: database, Discovery: config.Discovery, Now: s.now, Log: config.Logger,
	}
	if s.fallback != nil {
		s.fallback(&provider)
	}
	w.Mail = newMailServer(w.t)
	from := netmail.Address{Name: Host, Address: "login@" + Host}
	made, err := assembly.Open(folder, provider, mail.Worker{Queue: database, Sender: w.Mail.sender(), Letters: mail.Letters{From: from}})
	w.must(err)
	w.sendMail(made.Worker, database)
	return made.Provider
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
