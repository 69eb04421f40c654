package idp_test

import (
	"context"
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
