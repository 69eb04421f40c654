package idptest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/dialog/idp"
)

// Origin is that of the tested host.
const Origin browserid.Origin = "https://login.test"

// Outbox is an [idp.Mailer] whose letters lie open in the store.
type Outbox struct{ sequence atomic.Int64 }

// Enqueue implements [idp.Mailer].
func (o *Outbox) Enqueue(tx idp.Tx, letter idp.Letter) (string, error) {
	open, err := json.Marshal(letter)
	if err != nil {
		return "", err
	}
	id := fmt.Sprintf("mail-%08d", o.sequence.Add(1))
	return id, tx.PutMail(idp.Mail{
		ID: id, Sealed: open, State: idp.MailQueued, Due: letter.At, Created: letter.At, Expires: letter.Expires,
	})
}

// Keyring is an [idp.Keyring] of one key.
type Keyring struct{ Key browserid.Signer }

// Signer implements [idp.Keyring].
func (k Keyring) Signer(time.Time) (browserid.Signer, error) { return k.Key, nil }

// Published implements [idp.Keyring].
func (k Keyring) Published(time.Time) []browserid.Signer { return []browserid.Signer{k.Key} }

// Domains is an [idp.Discoverer] that knows of no provider but those set.
type Domains struct{ known sync.Map }

// Set lets a domain have this provider, or this failure.
func (d *Domains) Set(domain browserid.Domain, answer any) { d.known.Store(domain, answer) }

// Discover implements [idp.Discoverer].
func (d *Domains) Discover(_ context.Context, domain browserid.Domain) (*discovery.Provider, error) {
	switch answer, _ := d.known.Load(domain); answer := answer.(type) {
	case *discovery.Provider:
		return answer, nil
	case discovery.State:
		return nil, &discovery.Error{State: answer, Domain: domain, Reason: "The test says so."}
	case error:
		return nil, answer
	}
	return nil, &discovery.Error{State: discovery.Absent, Domain: domain, Reason: "The test knows of none."}
}

// Clock is a clock that stands still.
type Clock struct{ now atomic.Pointer[time.Time] }

// Now reads it.
func (c *Clock) Now() time.Time { return *c.now.Load() }

// Advance moves it on.
func (c *Clock) Advance(by time.Duration) {
	later := c.Now().Add(by)
	c.now.Store(&later)
}

// FullStore is what a host keeps its records in.
type FullStore interface {
	idp.Store
	idp.MailQueue
}

// World is a host for tests.
type World struct {
	*idp.Provider
	Store   FullStore
	Domains *Domains
	Key     *issuer.Key
	Clock   *Clock
	Secrets *idp.Secrets
	Config  idp.Config
	t       testing.TB
}

// New makes a world on a store, or in memory when it is nil.
func New(t testing.TB, store FullStore, change ...func(*idp.Config)) *World {
	t.Helper()
	if store == nil {
		store = NewStore()
	}
	key, err := issuer.GenerateKey(browserid.EdDSA)
	require.NoError(t, err)
	secrets, err := idp.NewSecrets([]byte(strings.Repeat("secret..", 4)))
	require.NoError(t, err)
	clock := &Clock{}
	start := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	clock.now.Store(&start)
	w := &World{Store: store, Domains: &Domains{}, Key: key, Clock: clock, Secrets: secrets, t: t}
	w.Config = idp.Config{
		Origin: Origin, Store: store, Mail: &Outbox{}, Keys: Keyring{key}, Discovery: w.Domains,
		Secrets: secrets, Now: clock.Now, Log: slog.New(slog.DiscardHandler),
	}
	for _, c := range change {
		c(&w.Config)
	}
	w.Provider, err = idp.New(w.Config)
	require.NoError(t, err)
	return w
}

// Letters takes all letters that wait to be sent.
func (w *World) Letters() []idp.Letter {
	w.t.Helper()
	var letters []idp.Letter
	for {
		mail, err := w.Store.ClaimMail(w.t.Context(), w.Clock.Now(), w.Clock.Now().Add(time.Minute))
		if err != nil {
			require.ErrorIs(w.t, err, idp.ErrNotFound)
			return letters
		}
		var letter idp.Letter
		require.NoError(w.t, json.Unmarshal(mail.Sealed, &letter))
		letters = append(letters, letter)
		mail.State, mail.Sealed = idp.MailSent, nil
		require.NoError(w.t, w.Store.SaveMail(w.t.Context(), mail))
	}
}

// CodeLetter takes the one letter that waits, which brings a code.
func (w *World) CodeLetter() idp.Letter {
	w.t.Helper()
	letters := w.Letters()
	require.Len(w.t, letters, 1)
	require.Equal(w.t, idp.LetterCode, letters[0].Kind)
	return letters[0]
}

// LinkToken is what the fragment of a letter's link says.
func LinkToken(letter idp.Letter) string {
	_, token, _ := strings.Cut(letter.Link, "#")
	return token
}
