package verify_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/verify"
)

func TestReplayMemoryForgetsWhatHasExpired(t *testing.T) {
	t.Parallel()
	clock := now
	memory := &verify.ReplayMemory{Now: func() time.Time { return clock }}
	use := func(name byte) bool {
		fresh, err := memory.Use(t.Context(), verify.ReplayKey{name}, clock.Add(time.Minute))
		require.NoError(t, err)
		return fresh
	}
	assert.True(t, use(1))
	assert.False(t, use(1))
	clock = clock.Add(time.Minute)
	assert.False(t, use(1), "not yet")
	clock = clock.Add(time.Millisecond)
	assert.True(t, use(2), "makes the memory look")
	assert.True(t, use(1))
}

func TestReplayMemoryIsBounded(t *testing.T) {
	t.Parallel()
	memory := &verify.ReplayMemory{Limit: 2, Now: func() time.Time { return now }}
	use := func(name byte, life time.Duration) bool {
		fresh, err := memory.Use(t.Context(), verify.ReplayKey{name}, now.Add(life))
		require.NoError(t, err)
		return fresh
	}
	assert.True(t, use(1, 2*time.Minute))
	assert.True(t, use(2, time.Minute))
	assert.False(t, use(2, time.Minute), "asking again forgets nothing")
	assert.False(t, use(1, time.Minute))
	assert.True(t, use(3, 3*time.Minute), "2 expires first and makes room")
	assert.False(t, use(1, 2*time.Minute))
	assert.True(t, use(2, time.Minute))
}

func TestReplayMemoryLetsOneThrough(t *testing.T) {
	t.Parallel()
	memory := &verify.ReplayMemory{}
	var through atomic.Int32
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if fresh, _ := memory.Use(t.Context(), verify.ReplayKey{7}, time.Now().Add(time.Hour)); fresh {
				through.Add(1)
			}
		})
	}
	group.Wait()
	assert.EqualValues(t, 1, through.Load())
}

type failingCache struct{}

var errCache = errors.New("the shared cache is away")

func (failingCache) Use(context.Context, verify.ReplayKey, time.Time) (bool, error) {
	return true, errCache
}

func TestReplayCacheFails(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.config.Replay = failingCache{}
	accuse(t, a, verify.CodeReplayCache)
	_, err := a.verify(t)
	require.ErrorIs(t, err, errCache)
}

// TestNothingIsRememberedBeforeItHolds: a refused assertion is not spent.
func TestNothingIsRememberedBeforeItHolds(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.config.Replay = &verify.ReplayMemory{Now: a.config.Now}
	known := a.providers["idp.test"]
	a.providers["idp.test"] = provider("idp.test", otherRS256().key)
	accuse(t, a, verify.CodeCertificateSignature)
	a.providers["idp.test"] = known
	accuse(t, a, "")
}
