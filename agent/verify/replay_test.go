package verify_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
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
	clock = clock.Add(1)
	assert.True(t, use(1))
}

// TestReplayMemoryIsBounded: what is in a full memory stays there, in whatever
// order it expires, and nothing else is let through until there is room.
func TestReplayMemoryIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		memory := &verify.ReplayMemory{Limit: 3}
		use := func(minutes byte) (bool, error) {
			return memory.Use(t.Context(), verify.ReplayKey{minutes}, time.Now().Add(time.Duration(minutes)*time.Minute))
		}
		for _, minutes := range []byte{2, 3, 1} {
			fresh, err := use(minutes)
			require.NoError(t, err)
			assert.True(t, fresh)
		}
		for range 2 {
			_, err := use(4)
			require.ErrorIs(t, err, verify.ErrReplayMemoryFull)
		}
		time.Sleep(time.Minute + 1)
		fresh, err := use(4)
		require.NoError(t, err, "1 has made room")
		assert.True(t, fresh)
		for _, minutes := range []byte{2, 3, 4} {
			fresh, err := use(minutes)
			require.NoError(t, err)
			assert.False(t, fresh, minutes)
		}
	})
}

// TestReplayMemoryOfDefaultSize holds as many as it promises.
func TestReplayMemoryOfDefaultSize(t *testing.T) {
	t.Parallel()
	memory := &verify.ReplayMemory{Now: func() time.Time { return now }}
	var err error
	for i := range verify.DefaultReplayLimit {
		_, err = memory.Use(t.Context(), verify.ReplayKey{byte(i >> 16), byte(i >> 8), byte(i)}, now)
		require.NoError(t, err)
	}
	_, err = memory.Use(t.Context(), verify.ReplayKey{31: 1}, now)
	require.ErrorIs(t, err, verify.ErrReplayMemoryFull)
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

// TestFloodDoesNotFlush: whoever can sign in as often as he likes cannot make the
// memory forget somebody else's assertion (D5.11).
func TestFloodDoesNotFlush(t *testing.T) {
	t.Parallel()
	a := newAttempt()
	a.config.Replay = &verify.ReplayMemory{Limit: 2, Now: a.config.Now}
	accuse(t, a, "")
	a.assertion.Expires++
	accuse(t, a, "")
	a.assertion.Expires++
	accuse(t, a, verify.CodeReplayCache)
	_, err := a.verify(t)
	require.ErrorIs(t, err, verify.ErrReplayMemoryFull)
	a.assertion.Expires -= 2
	accuse(t, a, verify.CodeReplay)
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
