package mail

import (
	"context"
	"errors"
	"time"

	"github.com/navid-login/navid/dialog/idp"
)

// waits are the times between two attempts; the last one is for all later ones.
// A code lives ten minutes: it gets five attempts, and its dialog is told after
// six minutes that there will be no more.
var waits = []time.Duration{15 * time.Second, time.Minute, 2 * time.Minute, 3 * time.Minute, 5 * time.Minute, 15 * time.Minute}

func waitAfter(tries int) time.Duration {
	return waits[min(max(tries, 1), len(waits))-1]
}

// attempt tries to send a claimed mail, and writes down what became of it.
func (w *Worker) attempt(ctx context.Context, mail idp.Mail) {
	leaseEnds := mail.Leased
	mail.Leased = time.Time{}
	w.try(ctx, &mail)
	w.save(mail, leaseEnds)
	if w.Saved != nil {
		w.Saved(mail)
	}
}

// try sends a mail and settles what is to become of it.
func (w *Worker) try(ctx context.Context, mail *idp.Mail) {
	if !w.Now().Before(mail.Expires) {
		w.fail(mail, &Failure{Reason: reasonLate, Detail: "expired"})
		return
	}
	letter, err := w.Outbox.open(*mail)
	if err != nil {
		w.fail(mail, &Failure{Reason: reasonSecret, Detail: err.Error()})
		return
	}
	message, err := w.Letters.Write(mail.ID, letter)
	if err != nil {
		w.fail(mail, &Failure{Reason: reasonOther, Detail: "write letter: " + err.Error()})
		return
	}
	sending, cancel := context.WithTimeout(ctx, w.Timeout)
	defer cancel()
	err = w.Sender.Send(sending, message)
	if err != nil && ctx.Err() != nil {
		mail.Due = w.Now() // broken off because the process ends: somebody else's, at once
		w.Log.Info("mail goes back into the queue", "mail", mail.ID)
		return
	}
	mail.Tries++
	w.settle(mail, err)
}

// settle is for a mail that the sender has tried to send.
func (w *Worker) settle(mail *idp.Mail, err error) {
	if err == nil {
		mail.State, mail.Reason, mail.Sealed = idp.MailSent, "", nil
		w.Log.Info("mail sent", "mail", mail.ID, "tries", mail.Tries, "after", w.Now().Sub(mail.Created).Round(time.Millisecond).String())
		return
	}
	failure, ok := errors.AsType[*Failure](err)
	if !ok {
		failure = &Failure{Reason: reasonOther, Detail: err.Error()}
	}
	next := w.Now().Add(waitAfter(mail.Tries))
	if failure.Permanent || !next.Before(mail.Expires) {
		w.fail(mail, failure)
		return
	}
	mail.Due, mail.Reason = next, failure.Reason
	w.Log.Warn("mail not sent yet", "mail", mail.ID, "tries", mail.Tries, "error", failure.Detail, "next", next)
}

// fail gives a mail up. What kept it from being sent says more than that it is late.
func (w *Worker) fail(mail *idp.Mail, failure *Failure) {
	if failure.Reason != reasonLate || mail.Reason == "" {
		mail.Reason = failure.Reason
	}
	mail.State, mail.Sealed = idp.MailFailed, nil
	w.Log.Error("mail failed", "mail", mail.ID, "tries", mail.Tries, "error", failure.Detail, "reason", mail.Reason)
}

// save writes down what became of a mail, also when the process is ending, and
// tries for as long as the lease lasts.
func (w *Worker) save(mail idp.Mail, leaseEnds time.Time) {
	ctx, cancel := context.WithTimeout(context.Background(), max(saving, leaseEnds.Sub(w.Now())))
	defer cancel()
	wait := lull{most: time.Second}
	for {
		err := w.Queue.SaveMail(ctx, mail)
		if err == nil || errors.Is(err, idp.ErrNotFound) {
			return // or swept meanwhile
		}
		select {
		case <-ctx.Done():
			w.Log.Error("what became of a mail is not saved; it may be sent again", "mail", mail.ID, "state", mail.State, "error", err)
			return
		case <-time.After(wait.next()):
		}
	}
}
