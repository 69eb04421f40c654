//go:build unix

package peer

import (
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/verify"
)

// The two take turns, so that what else the machine does slows both.
const (
	turns   = 30
	perTurn = 20
	warmUps = 10 // turns, for Node to compile what it runs
)

// BenchmarkAgainstOldVerifier is the budget of design.md section 11: one RS256
// bundle, keys cached, ours and the old verifier in the same run. Both are
// measured by the processor time of their processes, collection of garbage and
// all: verifications a second and core, whatever else the machine does. What the
// old one spends on the pipe is left out; it parses the document anew each time,
// which is a hundredth of it, and has no native big integers (its optional
// bignum does not build with today's Node.js).
func BenchmarkAgainstOldVerifier(b *testing.B) {
	trial := newTrial(honestSeeds[0])
	n := startNode(b)
	verifier := trial.setting.ours(newWorlds(b))
	requests := slices.Repeat([]verifyRequest{trial.setting.request(trial.bundle)}, perTurn)
	var ours, theirs []time.Duration
	for turn := range warmUps + turns {
		replies := ask[verifyRequest, verifyReply](b, n, requests)
		took := timeOf(b, verifier, trial.bundle)
		if turn < warmUps {
			continue
		}
		ours = append(ours, took)
		for _, reply := range replies {
			require.True(b, reply.Accepted, reply.Reason)
			theirs = append(theirs, time.Duration(reply.Micros)*time.Microsecond)
		}
	}
	for b.Loop() {
		timeOf(b, verifier, trial.bundle)
	}
	b.ReportMetric(1/median(ours).Seconds(), "ours/s")
	b.ReportMetric(1/median(theirs).Seconds(), "theirs/s")
	b.ReportMetric(float64(median(theirs))/float64(median(ours)), "times-faster")
}

// timeOf is the processor time of a verification, the mean of many.
func timeOf(b *testing.B, verifier *verify.Verifier, bundle string) time.Duration {
	b.Helper()
	const times = 10 * perTurn
	start := processorTime(b)
	for range times {
		_, err := verifier.Verify(b.Context(), bundle)
		require.NoError(b, err)
	}
	return (processorTime(b) - start) / times
}

// processorTime is what this process has used.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}
