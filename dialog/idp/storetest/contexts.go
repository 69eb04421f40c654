package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

// contexts end what is done for them.
func contexts(t *testing.T, backend Backend) {
	inTurn(t, pair(t, backend), []check[[2]Store]{
		{"ended before", func(t *testing.T, replicas [2]Store) { endedBefore(t, replicas[0]) }},
		{"ended within", func(t *testing.T, replicas [2]Store) { endedWithin(t, replicas[0]) }},
		{"ended while waiting here", func(t *testing.T, replicas [2]Store) { endedWaiting(t, replicas[0], replicas[0]) }},
		{"ended while waiting for another", func(t *testing.T, replicas [2]Store) { endedWaiting(t, replicas[0], replicas[1]) }},
	})
}

func endedBefore(t *testing.T, store Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, store.Update(ctx, everything), context.Canceled)
	require.ErrorIs(t, store.View(ctx, func(idp.Reader) error { return nil }), context.Canceled)
	_, err := store.Count(ctx, "a", time.Hour, now)
	require.ErrorIs(t, err, context.Canceled)
	_, err = store.ClaimMail(ctx, now, now)
	require.ErrorIs(t, err, context.Canceled)
	require.Error(t, store.Ping(ctx))
	require.Error(t, store.Sweep(ctx, now))
	requireNothing(t, store)
}

func endedWithin(t *testing.T, store Store) {
	for range 30 { // more than there are connections
		ctx, cancel := context.WithCancel(t.Context())
		require.Error(t, store.Update(ctx, func(tx idp.Tx) error {
			require.NoError(t, everything(tx))
			cancel()
			return nil
		}))
	}
	requireNothing(t, store)
}

// patience is far below what a store waits by itself.
const patience = 100 * time.Millisecond

// endedWaiting has one transaction wait for another that does not end.
func endedWaiting(t *testing.T, busy, waiting Store) {
	begun, end, ended := make(chan bool, 1), make(chan bool), make(chan error)
	put := func(tx idp.Tx) error { return tx.PutAccount(sampleAccount()) }
	go func() {
		ended <- busy.Update(t.Context(), func(tx idp.Tx) error {
			err := put(tx)
			begun <- true
			<-end
			return err
		})
	}()
	<-begun
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	start := time.Now()
	require.ErrorIs(t, waiting.Update(ctx, put), context.DeadlineExceeded)
	assert.Less(t, time.Since(start), 5*time.Second)
	close(end)
	require.NoError(t, <-ended)
	require.NoError(t, waiting.Update(t.Context(), put))
}
