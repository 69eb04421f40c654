package main

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/navid-login/navid/agent/issuer/keyring"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/assembly"
	"github.com/navid-login/navid/dialog/idp/mail"
)

// openFallback opens what makes the host an identity provider: its secrets and
// keys, and the way to send mails.
func (h *host) openFallback(ctx context.Context) error {
	secret, err := h.hostSecret(ctx)
	if err != nil {
		return err
	}
	keys, err := h.openKeys(ctx)
	if err != nil {
		return err
	}
	h.beside(func(ctx context.Context) { keys.Run(ctx, h.log) })
	h.watch("keys", func(context.Context) error { _, err := keys.Signer(time.Now()); return err })
	worker, err := h.mailWorker()
	if err != nil {
		return err
	}
	made, err := assembly.Join(secret, idp.Config{
		Origin: h.publicURL, Store: h.store, Keys: keys, Discovery: h.discovery, Limits: h.limits(), Log: h.log,
	}, worker)
	h.provider = made.Provider
	h.beside(made.Worker.Run)
	return err
}

func (o *dataOptions) keysFolder() string {
	return filepath.Join(o.secretsFolder(), keyring.KeysFolder)
}

func (o *serveOptions) limits() idp.Limits {
	limits := idp.DefaultLimits
	if o.mailLimit > 0 {
		limits.MailsPerHost = o.mailLimit
	}
	return limits
}

// checkMailWords refuses mail settings that mean nothing, before anything is
// opened.
func (o *serveOptions) checkMailWords() error {
	if o.noFallback {
		return nil
	}
	if o.smtp != "" {
		if _, err := o.server(); err != nil {
			return &usageError{err}
		}
	}
	if _, err := o.sendsFrom(); err != nil {
		return &usageError{err}
	}
	return nil
}

// server is the mail server.
func (o *serveOptions) server() (mail.SMTP, error) {
	server, err := mail.ParseSMTP(o.smtp)
	if err != nil {
		return mail.SMTP{}, fmt.Errorf("-smtp: %w", err)
	}
	server.Hello = o.publicURL.Host()
	return server, nil
}

// mailWorker is what sends the mails of the queue.
func (h *host) mailWorker() (mail.Worker, error) {
	sender, err := h.sender()
	if err != nil {
		return mail.Worker{}, err
	}
	from, err := h.sendsFrom()
	if err != nil {
		return mail.Worker{}, err
	}
	queue := &watchedQueue{MailQueue: h.store}
	queue.note()
	h.watch("mail", queue.check)
	return mail.Worker{Queue: queue, Sender: sender, Saved: h.countMail, Letters: mail.Letters{From: from}}, nil
}

// sender is where mails go.
func (h *host) sender() (mail.Sender, error) {
	switch {
	case h.smtp != "":
		return h.server()
	case h.outbox != "":
		return mail.Folder{Dir: h.outbox}, os.MkdirAll(h.outbox, 0o700)
	default:
		return &mail.Log{Writer: h.terminal}, nil
	}
}

// sendsFrom is who the mails are from.
func (o *serveOptions) sendsFrom() (netmail.Address, error) {
	from, err := mail.ParseFrom(o.mailFrom, o.publicURL)
	if err != nil {
		return from, fmt.Errorf("-mail-from %q is not an address such as login@login.example, or Login <login@login.example>", o.mailFrom)
	}
	return from, nil
}

func (h *host) countMail(sent idp.Mail) {
	switch sent.State {
	case idp.MailSent:
		h.metrics.Mail("sent")
	case idp.MailFailed:
		h.metrics.Mail("failed")
	default:
		h.metrics.Mail("put off")
	}
}

// watchedQueue notices when the worker has last had an answer of the queue.
type watchedQueue struct {
	idp.MailQueue
	last atomic.Int64 // Unix seconds
}

// mailSilence is how long a worker may be silent: as long as its mails under way
// may take, and some more.
const mailSilence = 2 * mail.DefaultTimeout

func (q *watchedQueue) note() { q.last.Store(time.Now().Unix()) }

// ClaimMail implements [idp.MailQueue].
func (q *watchedQueue) ClaimMail(ctx context.Context, now, leaseEnds time.Time) (idp.Mail, error) {
	claimed, err := q.MailQueue.ClaimMail(ctx, now, leaseEnds)
	if err == nil || errors.Is(err, idp.ErrNotFound) {
		q.note()
	}
	return claimed, err
}

func (q *watchedQueue) check(context.Context) error {
	if silent := time.Since(time.Unix(q.last.Load(), 0)); silent > mailSilence {
		return fmt.Errorf("the mail queue has not answered for %s", silent.Round(time.Second))
	}
	return nil
}
