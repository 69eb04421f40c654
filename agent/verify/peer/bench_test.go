package peer

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/verify"
)

// The two take turns, so that what else the machine does slows both.
const (
	turns   = 20
	perTurn = 20
	warmUps = 5 // turns, for Node to compile what it runs
)

// BenchmarkAgainstOldVerifier is the budget of design.md section 11: one RS256
// bundle, keys cached, ours and the old verifier in the same run, medians. The
// old one's time is taken inside Node, without the pipe; it has no native big
// integers (its optional bignum does not build with today's Node.js).
func BenchmarkAgainstOldVerifier(b *testing.B) {
	trial := newTrial(honestSeeds[0])
	n := startNode(b)
	verifier := trial.setting.ours(newWorlds(b))
	requests := slices.Repeat([]verifyRequest{trial.setting.request(trial.bundle)}, perTurn)
	var ours, theirs []time.Duration
	for turn := range warmUps + turns {
		replies := ask[verifyRequest, verifyReply](b, n, requests)
		if turn < warmUps {
			continue
		}
		for _, reply := range replies {
			require.True(b, reply.Accepted, reply.Reason)
			theirs = append(theirs, time.Duration(reply.Micros)*time.Microsecond)
			ours = append(ours, timeOf(b, verifier, trial.bundle))
		}
	}
	for b.Loop() {
		timeOf(b, verifier, trial.bundle)
	}
	b.ReportMetric(1/median(ours).Seconds(), "ours/s")
	b.ReportMetric(1/median(theirs).Seconds(), "theirs/s")
	b.ReportMetric(float64(median(theirs))/float64(median(ours)), "times-faster")
}

func timeOf(b *testing.B, verifier *verify.Verifier, bundle string) time.Duration {
	b.Helper()
	start := time.Now()
	_, err := verifier.Verify(b.Context(), bundle)
	took := time.Since(start)
	require.NoError(b, err)
	return took
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}
