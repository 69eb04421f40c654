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
			certified(t, b, alice)
		}
		uncertified(t, b, alice, idp.CodeTooMany)
		w.Clock.Advance(time.Hour)
		certified(t, b, alice)
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
