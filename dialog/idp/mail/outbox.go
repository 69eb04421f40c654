package mail

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/navid-login/navid/dialog/idp"
)

// NoticeLife is how long a letter is worth sending that brings no code.
const NoticeLife = 3 * 24 * time.Hour

// Outbox puts letters into the store's queue. It implements [idp.Mailer].
//
// Recipient and words are sealed with AES-GCM under a key made from the host's
// secret, bound to the row's ID: rows of a dump or backup tell nobody's address
// and no code, and do not open in the place of others.
type Outbox struct {
	seal   cipher.AEAD
	now    func() time.Time
	queued chan struct{}
}

// NewOutbox makes an outbox. now is the clock; nil is [time.Now].
func NewOutbox(secrets *idp.Secrets, now func() time.Time) (*Outbox, error) {
	block, err := aes.NewCipher(secrets.MailKey())
	if err != nil {
		return nil, fmt.Errorf("key of the mail queue: %w", err)
	}
	seal, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("key of the mail queue: %w", err)
	}
	if now == nil {
		now = time.Now
	}
	return &Outbox{seal: seal, now: now, queued: make(chan struct{}, 1)}, nil
}

// Enqueue implements [idp.Mailer]: the letter is sent if the transaction is
// committed, and only then. The workers of this process look at once, and a
// few times soon afterwards, because the commit is still to come.
func (o *Outbox) Enqueue(tx idp.Tx, letter idp.Letter) (string, error) {
	now := o.now()
	if letter.Expires.IsZero() {
		letter.Expires = now.Add(NoticeLife)
	}
	mail := idp.Mail{ID: rand.Text(), State: idp.MailQueued, Due: now, Created: now, Expires: letter.Expires}
	sealed, err := o.sealed(mail.ID, letter)
	if err != nil {
		return "", err
	}
	mail.Sealed = sealed
	if err := tx.PutMail(mail); err != nil {
		return "", fmt.Errorf("queue mail: %w", err)
	}
	o.Kick()
	return mail.ID, nil
}

// Kick makes the worker of this process look into the queue now.
func (o *Outbox) Kick() {
	select {
	case o.queued <- struct{}{}:
	default: // it will look anyway
	}
}

func (o *Outbox) sealed(id string, letter idp.Letter) ([]byte, error) {
	words, err := json.Marshal(letter)
	if err != nil {
		return nil, fmt.Errorf("write letter: %w", err)
	}
	return o.seal.Seal(nil, nil, words, []byte(id)), nil
}

// open returns the letter of a mail of the queue.
func (o *Outbox) open(mail idp.Mail) (letter idp.Letter, err error) {
	words, err := o.seal.Open(nil, nil, mail.Sealed, []byte(mail.ID))
	if err != nil {
		return letter, errors.New("not sealed with this host's secret")
	}
	return letter, json.Unmarshal(words, &letter)
}
