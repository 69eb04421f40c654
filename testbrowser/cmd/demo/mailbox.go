package main

import (
	"context"
	_ "embed"
	"html/template"
	"net/http"
	"slices"
	"sync"

	"github.com/navid-login/navid/dialog/idp/mail"
)

//go:embed mailbox.html
var mailboxHTML string

var mailboxPage = template.Must(template.New("mailbox").Parse(mailboxHTML))

// mailbox is where the login host's mails go in the demo, whoever they are for: a page shows them, the newest first.
type mailbox struct {
	mu    sync.Mutex
	mails []mail.Message
}

// Send implements [mail.Sender].
func (b *mailbox) Send(_ context.Context, message mail.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mails = slices.Insert(b.mails, 0, message)
	return nil
}

// ServeHTTP shows the mails. There is nothing else here, and no identity provider above all.
func (b *mailbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	b.mu.Lock()
	mails := slices.Clone(b.mails)
	b.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = mailboxPage.Execute(w, mails) // a page that has gone does not want it
}
