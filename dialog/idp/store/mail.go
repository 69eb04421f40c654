package store

import (
	"context"
	"time"

	"github.com/navid-login/navid/dialog/idp"
)

var mails = table[idp.Mail]{
	"mails",
	[]string{"id", "sealed", "state", "tries", "due", "leased", "reason", "created", "expires"},
	func(m *idp.Mail) []any {
		return []any{
			&m.ID,
			blob{&m.Sealed},
			(*string)(&m.State), &m.Tries,
			instant{&m.Due},
			instant{&m.Leased},
			&m.Reason,
			instant{&m.Created},
			instant{&m.Expires},
		}
	},
}

// Mail implements idp.Reader.
func (r *reader) Mail(id string) (idp.Mail, error) {
	return mails.one(r, "WHERE id = ?", id)
}

// PutMail implements idp.Tx.
func (t *transaction) PutMail(mail idp.Mail) error {
	return mails.put(&t.reader, mail)
}

// ClaimMail implements idp.MailQueue. It is one statement: on Postgres, workers
// pass over the mails that others are just claiming.
func (s *Store) ClaimMail(ctx context.Context, now, leaseEnds time.Time) (mail idp.Mail, err error) {
	err = s.alone(ctx, func(r *reader) error {
		mail, err = mails.change(r, `UPDATE mails SET leased = ? WHERE id = (
			SELECT id FROM mails WHERE state = 'queued' AND due <= ? AND leased <= ?
			ORDER BY due, id LIMIT 1 `+s.dialect.claimTail+`)`, leaseEnds, now, now)
		return err
	})
	return mail, err
}

// SaveMail implements idp.MailQueue. What was sent or has failed for good stays
// so, whatever a worker says that has lost its lease meanwhile.
func (s *Store) SaveMail(ctx context.Context, mail idp.Mail) error {
	return s.alone(ctx, func(r *reader) error {
		changed, err := r.exec(`UPDATE mails SET sealed = ?, state = ?, tries = ?, due = ?, leased = ?, reason = ?
			WHERE id = ? AND state = 'queued'`,
			mail.Sealed, string(mail.State), mail.Tries, mail.Due, mail.Leased, mail.Reason, mail.ID)
		if err != nil || changed > 0 {
			return err
		}
		_, err = r.Mail(mail.ID)
		return err
	})
}
