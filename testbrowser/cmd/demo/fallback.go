package main

import (
	"context"
	"errors"
	"log/slog"
	netmail "net/mail"
	"os"
	"path/filepath"
	"sync"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/assembly"
	"github.com/navid-login/navid/dialog/idp/mail"
	"github.com/navid-login/navid/dialog/idp/store"
)

// fallback is the login host as an identity provider, with a database in a folder that goes with it.
type fallback struct {
	*idp.Provider
	folder   string
	database *store.Store
	stop     context.CancelFunc
	working  sync.WaitGroup
}

// newFallback opens one that sends its mails by a sender.
func newFallback(origin browserid.Origin, providers *discovery.Client, sender mail.Sender, log *slog.Logger) (_ *fallback, err error) {
	folder, err := os.MkdirTemp("", "navid-demo-")
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	f := &fallback{folder: folder, stop: stop}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.close())
		}
	}()
	if f.database, err = store.Open(ctx, filepath.Join(folder, "navid.db")); err != nil {
		return nil, err
	}
	from := netmail.Address{Name: loginName, Address: "login@" + loginName}
	made, err := assembly.Open(folder, idp.Config{Origin: origin, Store: f.database, Discovery: providers, Log: log},
		mail.Worker{Queue: f.database, Sender: sender, Letters: mail.Letters{From: from}})
	if err != nil {
		return nil, err
	}
	f.Provider = made.Provider
	f.working.Go(func() { made.Worker.Run(ctx) })
	return f, nil
}

// close ends it, and forgets all.
func (f *fallback) close() error {
	f.stop()
	f.working.Wait()
	var err error
	if f.database != nil {
		err = f.database.Close()
	}
	return errors.Join(err, os.RemoveAll(f.folder))
}
