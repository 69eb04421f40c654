package peer

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Enough for Node to compile what it runs, and then to measure.
const (
	warmUps  = 100
	measured = 300
)

// BenchmarkAgainstOldVerifier is the budget of design.md section 11: one RS256
// bundle, keys cached, ours and the old verifier in the same run. The old one's
// time is taken inside Node, without the pipe; it has no native big integers
// (its optional bignum does not build with today's Node.js).
func BenchmarkAgainstOldVerifier(b *testing.B) {
	trial := newTrial(honestSeeds[0])
	n := startNode(b)
	requests := make([]verifyRequest, warmUps+measured)
	for i := range requests {
		requests[i] = trial.setting.request(trial.bundle)
	}
	var theirs float64 // seconds for all that are measured
	for _, reply := range ask[verifyRequest, verifyReply](b, n, requests)[warmUps:] {
		require.True(b, reply.Accepted, reply.Reason)
		theirs += float64(reply.Micros) / 1e6
	}
	ours := trial.setting.ours(newWorlds(b))
	_, err := ours.Verify(b.Context(), trial.bundle) // fetches the keys
	require.NoError(b, err)
	for b.Loop() {
		_, err = ours.Verify(b.Context(), trial.bundle)
	}
	require.NoError(b, err)
	oursRate, theirsRate := float64(b.N)/b.Elapsed().Seconds(), measured/theirs
	b.ReportMetric(oursRate, "ours/s")
	b.ReportMetric(theirsRate, "theirs/s")
	b.ReportMetric(oursRate/theirsRate, "times-faster")
}
