package idp_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/idptest"
)

// use asks for codes of alice until the limit, from ever new networks.
func useUp(t *testing.T, w *idptest.World) {
	t.Helper()
	for i := 0; ; i++ {
		stranger := w.Browser(fmt.Sprintf("203.0.113.%d", i))
		pending, err := w.Begin(t.Context(), stranger.Visitor, alice, false)
		if err != nil {
			assert.Equal(t, 14*time.Hour, refused(t, err, idp.CodeTooMany).RetryAfter, "until midnight")
			break
		}
		letters := w.Letters()
		for range 5 {
			_, _ = w.Confirm(t.Context(), stranger.Visitor, pending.Challenge, wrong(letters[0].Code))
		}
	}
}

// Abuse test 35: strangers at their limit do not stop the owner's mail, in a
// browser or from a network that has proven the address, nor a passkey.
func TestStrangersDoNotLockTheOwnerOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.Browser("192.0.2.1")
	key := enrol(w, owner, alice)
	useUp(t, w)
	stranger := w.Browser("198.51.100.9")
	_, err := w.Begin(t.Context(), stranger.Visitor, alice, false)
	refused(t, err, idp.CodeTooMany)
	require.NoError(t, stranger.Login(key))

	travelling := &idptest.Browser{}
	*travelling = *owner
	travelling.Client = w.Browser("198.51.100.7").Client
	travelling.SessionToken = ""
	travelling.Prove(alice) // the same browser in another network

	athome := w.Browser("192.0.2.1")
	athome.Prove(alice) // a new browser at home

	w.Clock.Advance(14 * time.Hour)
	w.Browser("203.0.113.1").Prove(alice) // a new day
}

// A neighbour in the owner's network, as in a café, does not lock the owner's
// browser out, and does not learn whose addresses were proven there by what the
// limits of the network let through.
func TestNeighbours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.Browser("192.0.2.1")
	owner.Prove(alice)
	for range 30 {
		_, _ = w.Begin(t.Context(), w.Browser("192.0.2.1").Visitor, alice, false)
	}
	_, err := w.Begin(t.Context(), owner.Visitor, alice, false)
	require.NoError(t, err)

	w.Clock.Advance(24 * time.Hour)
	neighbour := w.Browser("192.0.2.1")
	for i := range idp.DefaultLimits.MailsPerNetwork {
		_, err := w.Begin(t.Context(), neighbour.Visitor, fmt.Sprintf("x%d@evil.test", i), false)
		require.NoError(t, err)
	}
	_, known := w.Begin(t.Context(), neighbour.Visitor, alice, false)
	_, unknown := w.Begin(t.Context(), neighbour.Visitor, bob, false)
	assert.Equal(t, refused(t, unknown, idp.CodeTooMany), refused(t, known, idp.CodeTooMany))
}

// Nor by how many tries it lets through.
func TestTriesTellNeighboursNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Browser("192.0.2.1").Prove(alice)
	tries := func(email string) (compared int) {
		for range 6 {
			neighbour := w.Browser("192.0.2.1")
			pending, letter := neighbour.Ask(email)
			for range 5 {
				_, err := w.Confirm(t.Context(), neighbour.Visitor, pending.Challenge, wrong(letter.Code))
				if errors.Is(err, idp.CodeWrongCode) {
					compared++
				}
			}
		}
		return compared
	}
	assert.Equal(t, tries(bob), tries(alice))
}

// Who has proven addresses of their own does not get mails without end for them.
func TestReservesAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var browsers []*idptest.Browser
	for i := range 60 {
		browsers = append(browsers, w.Browser(fmt.Sprintf("203.0.113.%d", i%4)))
		browsers[i].Prove(fmt.Sprintf("x%d@evil.test", i))
	}
	mails := 0
	for i, b := range browsers {
		for range idp.DefaultLimits.CodesPerAddress {
			if _, err := w.Begin(t.Context(), b.Visitor, fmt.Sprintf("x%d@evil.test", i), false); err == nil {
				mails++
			}
		}
	}
	assert.LessOrEqual(t, mails, 4*2*idp.DefaultLimits.MailsPerNetwork)
}

// On a shared device nobody becomes familiar.
func TestSharedDevicesGetNoReserve(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shared := w.Browser("192.0.2.1")
	shared.ProveElsewhere(alice)
	useUp(t, w)
	_, err := w.Begin(t.Context(), shared.Visitor, alice, false)
	refused(t, err, idp.CodeTooMany)
}

func TestReservesEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.Browser("192.0.2.1")
	owner.Prove(alice)
	w.Clock.Advance(idp.FamiliarLife)
	w.Clock.Advance(w.Clock.Now().Truncate(24 * time.Hour).Add(34 * time.Hour).Sub(w.Clock.Now())) // ten o'clock
	useUp(t, w)
	_, err := w.Begin(t.Context(), owner.Visitor, alice, false)
	refused(t, err, idp.CodeTooMany)
}
