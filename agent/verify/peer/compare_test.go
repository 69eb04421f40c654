package peer

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/agent/verify"
)

// How many of the mutations each seed gets; the first seed gets all that are not
// noise. Larger numbers are for an afternoon.
var (
	structuredEach = flag.Int("structured", 14, "structured mutations of each seed")
	noiseEach      = flag.Int("noise", 6, "random mutations of each seed")
	randomSeed     = flag.Uint64("random", 2026, "which random mutations")
)

// TestSameVerdicts runs seeds and mutations of them through both verifiers
// (security.md 6, figure 2). Every difference must be of a class that is known,
// and every class must be met.
func TestSameVerdicts(t *testing.T) {
	t.Parallel()
	n := startNode(t)
	trials := newTrials()
	judge(t, n, trials)

	counts := map[string]int{}
	bothAccept, bothRefuse, deaths := 0, 0, 0
	for i := range trials {
		trial := &trials[i]
		if strings.HasPrefix(trial.theirs.Reason, "thrown at the process") {
			deaths++
		}
		switch {
		case !trial.differs() && trial.ours != nil:
			bothAccept++
		case !trial.differs():
			bothRefuse++
		default:
			class := classOf(trial)
			counts[class]++
			assert.NotEmpty(t, class, "unexplained: %v", trial)
		}
	}
	t.Logf("%d bundles of %d seeds: both accept %d, both refuse %d; %d end the old verifier's process\n%s",
		len(trials), len(honestSeeds)+len(hostileSeeds)+len(slowSeeds), bothAccept, bothRefuse, deaths, summary(counts))
	assert.GreaterOrEqual(t, len(trials), 1000)
	assert.GreaterOrEqual(t, bothAccept, 200, "agreement about nothing but garbage proves nothing")
	for _, class := range classes {
		assert.NotZero(t, counts[class.name], "no difference of the class %q: is it still one?", class.name)
	}
}

// TestSeeds: what means well is accepted by ours, and what does not is refused.
func TestSeeds(t *testing.T) {
	t.Parallel()
	worlds := newWorlds(t)
	assert.GreaterOrEqual(t, len(honestSeeds)+len(hostileSeeds)+len(slowSeeds), 60)
	for _, seed := range slices.Concat(honestSeeds, slowSeeds) {
		trial := newTrial(seed)
		_, err := trial.setting.ours(worlds).Verify(t.Context(), trial.bundle)
		assert.NoError(t, err, seed.name)
	}
	for _, seed := range hostileSeeds {
		trial := newTrial(seed)
		_, err := trial.setting.ours(worlds).Verify(t.Context(), trial.bundle)
		assert.Error(t, err, seed.name)
	}
}

// newTrials mutates all seeds, the same way in every run, and each seed the same
// way whatever the others are.
func newTrials() []trial {
	mutations := slices.Concat(claimMutations(), tokenMutations(), placeMutations())
	var trials []trial
	for i, seed := range slices.Concat(honestSeeds, hostileSeeds) {
		chosen, random := slices.Clone(mutations), randomOf(seed)
		if i > 0 {
			random.Shuffle(len(chosen), func(a, b int) { chosen[a], chosen[b] = chosen[b], chosen[a] })
			chosen = chosen[:min(*structuredEach, len(chosen))]
		}
		trials = append(trials, mutants(seed, slices.Concat(chosen, noise(random, *noiseEach)))...)
	}
	for _, seed := range slowSeeds {
		trials = append(trials, mutants(seed, noise(randomOf(seed), *noiseEach))...)
	}
	return trials
}

func randomOf(seed change) *rand.Rand {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(seed.name))
	return rand.New(rand.NewPCG(*randomSeed, hash.Sum64()))
}

// mutants are a seed itself and its mutations.
func mutants(seed change, mutations []change) []trial {
	trials := []trial{newTrial(seed)}
	for _, mutation := range mutations {
		trials = append(trials, newTrial(seed, mutation))
	}
	return trials
}

func newTrial(changes ...change) trial {
	d := newDraft()
	var names []string
	for _, change := range changes {
		change.apply(d)
		names = append(names, change.name)
	}
	trial := trial{name: strings.Join(names, "; "), setting: d.setting, bundle: d.text()}
	trial.read()
	return trial
}

// judge asks both verifiers. They work at the same time.
func judge(t *testing.T, n *node, trials []trial) {
	t.Helper()
	requests := make([]verifyRequest, len(trials))
	for i := range trials {
		requests[i] = trials[i].setting.request(trials[i].bundle)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		worlds := newWorlds(t)
		for i := range trials {
			trials[i].judge(t, worlds)
		}
	}()
	replies := ask[verifyRequest, verifyReply](t, n, requests)
	<-done
	for i := range trials {
		trials[i].theirs = replies[i]
	}
}

func (t *trial) judge(tb testing.TB, worlds *worlds) {
	result, err := t.setting.ours(worlds).Verify(tb.Context(), t.bundle)
	if err == nil {
		t.ours = result
		return
	}
	failure, ok := errors.AsType[*verify.Error](err)
	if !ok {
		tb.Errorf("an error of another type: %v", err)
		return
	}
	t.code = failure.Code
}

// differs tells whether the verdicts differ, or what was read of the person.
func (t *trial) differs() bool {
	if t.ours == nil || !t.theirs.Accepted {
		return t.theirs.Accepted != (t.ours != nil)
	}
	theirs := t.theirs.Result
	return string(t.ours.Email) != theirs.Email || string(t.ours.Issuer) != theirs.Issuer || int64(t.ours.Expires) != theirs.Expires ||
		!sameClaims(t.ours.IdPClaims, theirs.IdPClaims) || !sameClaims(t.ours.UserClaims, theirs.UserClaims)
}

func sameClaims(a, b map[string]json.RawMessage) bool {
	return maps.EqualFunc(a, b, func(a, b json.RawMessage) bool {
		var left, right any
		failed := errors.Join(json.Unmarshal(a, &left), json.Unmarshal(b, &right))
		return failed == nil && reflect.DeepEqual(left, right)
	})
}

// String is for a difference that nobody expected: all that it takes to see it again.
func (t *trial) String() string {
	ours, theirs := "refuse: "+string(t.code), "refuse: "+t.theirs.Reason
	if t.ours != nil {
		ours = fmt.Sprintf("accept: %s by %s, %s, %s", t.ours.Email, t.ours.Issuer, t.ours.IdPClaims, t.ours.UserClaims)
	}
	if t.theirs.Accepted {
		theirs = fmt.Sprintf("accept: %s by %s, %s, %s",
			t.theirs.Result.Email, t.theirs.Result.Issuer, t.theirs.Result.IdPClaims, t.theirs.Result.UserClaims)
	}
	return fmt.Sprintf("%s\n  ours   %s\n  theirs %s\n  certificate %s\n  assertion %s\n  bundle %q",
		t.name, ours, theirs, t.certificate().payload, t.assertion.payload, t.bundle)
}

// summary is a table of the differences: class, how many, why.
func summary(counts map[string]int) string {
	var text bytes.Buffer
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, class := range classes {
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\n", class.side(), class.name, counts[class.name], class.reason)
	}
	fmt.Fprintf(table, "\tunexplained\t%d\t\n", counts[""])
	check(table.Flush())
	return text.String()
}
