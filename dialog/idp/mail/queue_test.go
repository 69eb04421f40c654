package mail

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	netmail "net/mail"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/store"
)

// memoryQueue is the queue of a store, as far as mails go.
type memoryQueue struct {
	mu    sync.Mutex
	mails []idp.Mail
	down  bool // it answers nothing
}

var errDown = errors.New("the store is away")

func (q *memoryQueue) ClaimMail(_ context.Context, now, leaseEnds time.Time) (idp.Mail, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.down {
		return idp.Mail{}, errDown
	}
	best := -1
	for i, mail := range q.mails {
		due := mail.State == idp.MailQueued && !mail.Due.After(now) && !mail.Leased.After(now)
		if due && (best < 0 || mail.Due.Before(q.mails[best].Due)) {
			best = i
		}
	}
	if best < 0 {
		return idp.Mail{}, idp.ErrNotFound
	}
	q.mails[best].Leased = leaseEnds
	return q.mails[best], nil
}

func (q *memoryQueue) SaveMail(_ context.Context, mail idp.Mail) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.IndexFunc(q.mails, func(m idp.Mail) bool { return m.ID == mail.ID })
	switch {
	case q.down:
		return errDown
	case i < 0:
		return idp.ErrNotFound
	case q.mails[i].State == idp.MailQueued:
		q.mails[i] = mail
	}
	return nil
}

func (q *memoryQueue) put(mail idp.Mail) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.mails = append(q.mails, mail)
	return nil
}

func (q *memoryQueue) get(id string) idp.Mail {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.IndexFunc(q.mails, func(m idp.Mail) bool { return m.ID == id })
	return q.mails[i]
}

func (q *memoryQueue) set(down bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.down = down
}

// memoryTx is a transaction that only queues mails.
type memoryTx struct {
	idp.Tx
	put func(idp.Mail) error
}

func (t memoryTx) PutMail(mail idp.Mail) error { return t.put(mail) }

// queue is a queue under test.
type queue interface {
	idp.MailQueue
	enqueue(t *testing.T, outbox *Outbox, letter idp.Letter) string
	mail(t *testing.T, id string) idp.Mail
}

func (q *memoryQueue) enqueue(t *testing.T, outbox *Outbox, letter idp.Letter) string {
	id, err := outbox.Enqueue(memoryTx{put: q.put}, letter)
	require.NoError(t, err)
	return id
}

func (q *memoryQueue) mail(_ *testing.T, id string) idp.Mail { return q.get(id) }

type storeQueue struct{ *store.Store }

func (q storeQueue) enqueue(t *testing.T, outbox *Outbox, letter idp.Letter) (id string) {
	require.NoError(t, q.Update(t.Context(), func(tx idp.Tx) (err error) {
		id, err = outbox.Enqueue(tx, letter)
		return err
	}))
	return id
}

func (q storeQueue) mail(t *testing.T, id string) (mail idp.Mail) {
	require.NoError(t, q.View(context.WithoutCancel(t.Context()), func(r idp.Reader) (err error) {
		mail, err = r.Mail(id)
		return err
	}))
	return mail
}

// onEachQueue runs a test with the queue in memory, and with that of the store.
func onEachQueue(t *testing.T, test func(*testing.T, queue)) {
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		test(t, &memoryQueue{})
	})
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		opened, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "navid.db"))
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, opened.Close()) })
		test(t, storeQueue{opened})
	})
}

func newOutbox(t *testing.T, secret byte, now func() time.Time) *Outbox {
	t.Helper()
	secrets, err := idp.NewSecrets(bytes.Repeat([]byte{secret}, idp.MinSecretBytes))
	require.NoError(t, err)
	outbox, err := NewOutbox(secrets, now)
	require.NoError(t, err)
	return outbox
}

var ourLetters = Letters{
	From:   netmail.Address{Name: "login.example", Address: "login@login.example"},
	Origin: "https://login.example",
}

// aLetter is one with a code, that lives for ten minutes from now.
func aLetter(to browserid.Email, now time.Time) idp.Letter {
	return idp.Letter{
		Kind: idp.LetterCode, To: to, Code: "482093", Link: "https://login.example/confirm#c2VjcmV0LXRva2Vu",
		Words: "amber river", At: now, Expires: now.Add(10 * time.Minute), Browser: "Firefox on Linux",
	}
}

// clock is one that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 22, 14, 22, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// senderFunc is a function that sends.
type senderFunc func(context.Context, Message) error

func (f senderFunc) Send(ctx context.Context, message Message) error { return f(ctx, message) }
