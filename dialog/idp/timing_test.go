package idp_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

// Abuse test 37: how long the answers take tells nothing either. Questions about
// an address that is known and one that is not are mixed, and their times compared
// by rank (Mann and Whitney). A difference that is there shows each time; one by
// chance, of four standard deviations, does not come three times in a row.
func TestTimesDoNotTellWhoIsKnown(t *testing.T) {
	w := newWorld(t, func(c *idp.Config) { c.Limits = unlimited })
	w.Browser("192.0.2.1").Prove("known@mail.test")
	ask := func(email string) time.Duration {
		stranger := w.Browser("203.0.113.9")
		start := time.Now()
		pending, err := w.Begin(t.Context(), stranger.Visitor, email, false)
		require.NoError(t, err)
		_, _ = w.Confirm(t.Context(), stranger.Visitor, pending.Challenge, "000000")
		return time.Since(start)
	}
	var z float64
	for range 3 {
		var known, unknown []time.Duration
		for range 300 {
			if rand.IntN(2) == 0 {
				known = append(known, ask("known@mail.test"))
			} else {
				unknown = append(unknown, ask("never@mail.test"))
			}
		}
		if z = deviation(known, unknown); math.Abs(z) < 4 {
			return
		}
	}
	assert.Less(t, math.Abs(z), 4.0, "standard deviations")
}

// deviation is how far the ranks of one sample among both are from what chance
// lets expect, in standard deviations.
func deviation(sample, other []time.Duration) float64 {
	n, m := float64(len(sample)), float64(len(other))
	smaller := 0.0
	slices.Sort(other)
	for _, took := range sample {
		i, _ := slices.BinarySearch(other, took)
		smaller += float64(i)
	}
	return (smaller - n*m/2) / math.Sqrt(n*m*(n+m+1)/12)
}
