package idp_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/idptest"
)

// maxChance is what an attacker may have to guess a code of one address within
// any 24 hours (security.md, scorecard 7).
const maxChance = 1e-4

// comparisons is the most codes that can be compared with guesses for one address
// within any 24 hours, by the limits alone: strangers, the networks and the browsers
// familiar with the address have a budget each, and such a time touches two days.
func comparisons(limits idp.Limits) int {
	const days = 2
	codes := limits.CodesPerAddress * limits.TriesPerCode
	return days * (2*min(limits.TriesPerAddress, codes) + min(limits.OwnTriesPerAddress, codes))
}

func TestTheChanceOfGuessing(t *testing.T) {
	t.Parallel()
	assert.LessOrEqual(t, float64(comparisons(idp.DefaultLimits))/1e6, maxChance)
}

// Abuse test 5, played: 10,000 guesses at one address within a day, from networks
// and browsers without number and from the owner's own network, over two replicas,
// with all the codes open at once that the limits allow. What was compared is what
// the store has counted on the codes.
func TestTenThousandGuesses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	replica, err := idp.New(w.Config)
	require.NoError(t, err)
	replicas := []*idp.Provider{w.Provider, replica}
	w.Clock.Advance(13 * time.Hour) // an hour before midnight: two days are touched
	owner := w.Browser("192.0.2.1")
	owner.Prove(alice)

	var challenges []string
	guesses, right := 0, 0
	for attack := 0; guesses < 10_000; attack++ {
		client := fmt.Sprintf("203.%d.%d.9", attack/250%250, attack%250)
		if attack%3 == 0 {
			client = "192.0.2.1" // sits beside the owner
		}
		browser := w.Browser(client)
		if attack%7 == 0 {
			browser.BrowserToken = owner.BrowserToken // at the owner's desk
		}
		pending, err := replicas[attack%2].Begin(t.Context(), browser.Visitor, alice, false)
		if err == nil {
			challenges = append(challenges, pending.Challenge)
		}
		if attack%100 == 99 {
			w.Clock.Advance(6 * time.Minute)
		}
		if attack%5 == 0 && err == nil { // several codes at once
			w.Clock.Advance(idp.ResendAfter)
			_, _ = replicas[attack%2].Resend(t.Context(), browser.Visitor, pending.Challenge)
		}
		for range 7 {
			_, err := replicas[guesses%2].Confirm(t.Context(), browser.Visitor, pending.Challenge, fmt.Sprintf("%06d", guesses*97%1e6))
			guesses++
			if err == nil {
				right++
			}
		}
	}
	compared := 0
	require.NoError(t, w.Store.View(t.Context(), func(r idp.Reader) error {
		for _, id := range challenges {
			challenge, err := r.Challenge(id)
			require.NoError(t, err)
			for _, code := range challenge.Codes {
				assert.LessOrEqual(t, code.Tries, idp.DefaultLimits.TriesPerCode)
				compared += code.Tries
			}
		}
		return nil
	}))
	compared += right
	t.Logf("%d of %d guesses were compared with a code, of at most %d", compared, guesses, comparisons(idp.DefaultLimits))
	assert.Greater(t, compared, idp.DefaultLimits.TriesPerAddress, "the attack did not get far enough to show anything")
	assert.LessOrEqual(t, compared, comparisons(idp.DefaultLimits))
	assert.LessOrEqual(t, float64(compared)/1e6, maxChance)
}

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
	owner.Prove(alice)
	key := w.Authenticator()
	owner.Enrol(key, "key")
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

// One holder of many networks does not use up what all strangers have of the host.
func TestWideNetworks(t *testing.T) {
	t.Parallel()
	for name, format := range map[string]string{"IPv6 /48": "2001:db8:7:%x00::1", "IPv4 /24": "203.0.113.%d"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			mails := 0
			for i := range 1100 {
				_, err := w.Begin(t.Context(), w.Browser(fmt.Sprintf(format, i%200)).Visitor, fmt.Sprintf("y%d@evil.test", i), false)
				if err == nil {
					mails++
				}
			}
			assert.Equal(t, idp.DefaultLimits.MailsPerWideNetwork, mails)
			_, err := w.Begin(t.Context(), w.Browser("198.51.100.1").Visitor, bob, false)
			require.NoError(t, err)
		})
	}
}

// Spellings that end in one mailbox share what it can be flooded with.
func TestOneMailboxIsNotFlooded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mails := 0
	for i := range 255 {
		stranger := w.Browser(fmt.Sprintf("198.51.%d.1", i))
		if _, err := w.Begin(t.Context(), stranger.Visitor, fmt.Sprintf("v.Ictim+%d@mail.test", i), false); err == nil {
			mails++
		}
	}
	assert.Equal(t, idp.DefaultLimits.CodesPerMailbox, mails)
	_, err := w.Begin(t.Context(), w.Browser("203.0.113.1").Visitor, "other@mail.test", false)
	require.NoError(t, err)
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

// The other limits: what is used up, by whom, who else is stopped by that, and
// for how long.
func TestLimitsPerNetwork(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		first, same, other func(i int) string
	}{
		"IPv4":                {always("192.0.2.1"), always("192.0.2.1"), always("192.0.2.2")},
		"IPv4 in IPv6":        {always("192.0.2.1"), always("::ffff:192.0.2.1"), always("::ffff:192.0.2.2")},
		"a rotating IPv6 /64": {rotating("2001:db8:0:%x::1"), always("2001:db8:0:ff::7"), always("2001:db8:0:100::7")},
		"zones":               {rotating("fe80::1%%eth%d"), always("fe80::1%wlan9"), always("2001:db8::1")},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for i := range idp.DefaultLimits.MailsPerNetwork {
				_, err := w.Begin(t.Context(), w.Browser(c.first(i)).Visitor, fmt.Sprintf("x%d@mail.test", i), false)
				require.NoError(t, err)
			}
			_, err := w.Begin(t.Context(), w.Browser(c.same(0)).Visitor, alice, false)
			assert.Equal(t, time.Hour, refused(t, err, idp.CodeTooMany).RetryAfter)
			_, err = w.Begin(t.Context(), w.Browser(c.other(0)).Visitor, alice, false)
			require.NoError(t, err)
			w.Clock.Advance(time.Hour)
			_, err = w.Begin(t.Context(), w.Browser(c.same(0)).Visitor, alice, false)
			require.NoError(t, err)
		})
	}
}

func always(address string) func(int) string { return func(int) string { return address } }

func rotating(format string) func(int) string {
	return func(i int) string { return fmt.Sprintf(format, i) }
}

func TestTriesPerNetwork(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *idp.Config) {
		c.Limits = unlimited
		c.Limits.TriesPerNetwork = 7
	})
	for i := range 8 {
		b := w.Browser(fmt.Sprintf("192.0.2.%d", i+1)) // one /24
		pending, letter := b.Ask(fmt.Sprintf("x%d@mail.test", i))
		_, err := w.Confirm(t.Context(), b.Visitor, pending.Challenge, wrong(letter.Code))
		if i < 7 {
			refused(t, err, idp.CodeWrongCode)
		} else {
			refused(t, err, idp.CodeTooMany)
		}
	}
}

func TestOtherLimits(t *testing.T) {
	t.Parallel()
	t.Run("the host's mails", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, func(c *idp.Config) {
			c.Limits = unlimited
			c.Limits.MailsPerHost = 3
		})
		owner := w.Browser("192.0.2.1")
		owner.Prove(alice)
		for i := range 2 {
			_, err := w.Begin(t.Context(), w.Browser("").Visitor, fmt.Sprintf("x%d@mail.test", i), false)
			require.NoError(t, err)
		}
		_, err := w.Begin(t.Context(), w.Browser("").Visitor, bob, false)
		refused(t, err, idp.CodeTooMany)
		owner.Prove(alice) // those who are known have theirs
	})
	t.Run("certificates", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		b := w.Browser("")
		b.Prove(alice)
		for range idp.DefaultLimits.CertificatesPerSession {
			_, err := b.Certify(alice)
			require.NoError(t, err)
		}
		_, err := b.Certify(alice)
		refused(t, err, idp.CodeTooMany)
		w.Clock.Advance(time.Hour)
		_, err = b.Certify(alice)
		require.NoError(t, err)
	})
	t.Run("ceremonies", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, func(c *idp.Config) {
			c.Limits = unlimited
			c.Limits.CeremoniesPerNetwork = 2
		})
		b := w.Browser("192.0.2.1")
		b.Prove(alice)
		b.Enrol(w.Authenticator(), "key")
		_, _, err := w.BeginLogin(t.Context(), b.Visitor, false)
		require.NoError(t, err)
		_, _, err = w.BeginLogin(t.Context(), b.Visitor, false)
		refused(t, err, idp.CodeTooMany)
		_, _, err = w.BeginEnrolment(t.Context(), b.Visitor)
		refused(t, err, idp.CodeTooMany)
	})
	t.Run("codes of a challenge", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, func(c *idp.Config) {
			c.Limits = unlimited
			c.Limits.CodesPerChallenge = 2
		})
		b := w.Browser("192.0.2.1")
		pending, _ := b.Ask(alice)
		w.Clock.Advance(idp.ResendAfter)
		_, err := w.Resend(t.Context(), b.Visitor, pending.Challenge)
		require.NoError(t, err)
		w.Clock.Advance(idp.ResendAfter)
		_, err = w.Resend(t.Context(), b.Visitor, pending.Challenge)
		assert.Equal(t, idp.CodeLife-idp.ResendAfter, refused(t, err, idp.CodeTooMany).RetryAfter)
	})
}

// Codes fail closed: what cannot be counted is neither mailed nor compared.
func TestLimitsFailClosed(t *testing.T) {
	t.Parallel()
	store := &uncountable{FullStore: idptest.NewStore()}
	w := idptest.New(t, store)
	b := w.Browser("")
	pending, letter := b.Ask(alice)
	store.broken = errors.New("database gone")
	_, err := w.Begin(t.Context(), b.Visitor, bob, false)
	require.ErrorContains(t, err, "database gone")
	_, err = w.Confirm(t.Context(), b.Visitor, pending.Challenge, letter.Code)
	require.ErrorContains(t, err, "database gone")
	assert.Empty(t, w.Letters())
}

type uncountable struct {
	idptest.FullStore
	broken error
}

func (u *uncountable) Count(ctx context.Context, name string, window time.Duration, now time.Time) (int, error) {
	if u.broken != nil {
		return 0, u.broken
	}
	return u.FullStore.Count(ctx, name, window, now)
}

// A code that is mailed between the counting of a try and its comparison has not
// been paid for.
func TestATryHitsNoMoreCodesThanItPaidFor(t *testing.T) {
	t.Parallel()
	store := &interrupted{FullStore: idptest.NewStore()}
	w := idptest.New(t, store)
	b := w.Browser("192.0.2.1")
	pending, letter := b.Ask(alice)
	w.Clock.Advance(idp.ResendAfter)
	store.before = func() {
		_, err := w.Resend(t.Context(), b.Visitor, pending.Challenge)
		require.NoError(t, err)
	}
	_, err := w.Confirm(t.Context(), b.Visitor, pending.Challenge, wrong(letter.Code))
	refused(t, err, idp.CodeWrongCode)
	require.NoError(t, w.Store.View(t.Context(), func(r idp.Reader) error {
		challenge, err := r.Challenge(pending.Challenge)
		require.Len(t, challenge.Codes, 2)
		assert.Equal(t, 1, challenge.Codes[0].Tries)
		assert.Zero(t, challenge.Codes[1].Tries)
		return err
	}))
}

// interrupted lets something happen just before the next change.
type interrupted struct {
	idptest.FullStore
	before func()
}

func (s *interrupted) Update(ctx context.Context, change func(idp.Tx) error) error {
	if before := s.before; before != nil {
		s.before = nil
		before()
	}
	return s.FullStore.Update(ctx, change)
}
