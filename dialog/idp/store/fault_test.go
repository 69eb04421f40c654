package store_test

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/store"
	"github.com/navid-login/navid/dialog/idp/store/postgrestest"
	"github.com/navid-login/navid/dialog/idp/storetest"
)

// Security.md 5, number 25: the process is killed at random moments, again and
// again on one database.
func TestKill(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, database func(*testing.T) string) {
		url, done := database(t), 0
		for range storetest.Rounds(t, 8) {
			reported, words := runChild(t, url, done, 1+rand.IntN(20), rand.N(4*time.Millisecond))
			require.Empty(t, words)
			s, err := store.Open(t.Context(), url)
			require.NoError(t, err)
			done = requireDone(t, s, done, reported)
			require.NoError(t, s.Close())
		}
		s := open(t, url)
		requireDone(t, s, 0, done)
		requireSpent(t, s, done)
	})
}

// All processes of Postgres are killed under the workload, which says so.
func TestPostgresIsKilled(t *testing.T) {
	t.Parallel()
	server := postgrestest.Start(t)
	if !server.Owned() {
		t.Logf("%s is not ours to kill: nothing is shown", postgrestest.Variable)
		return
	}
	url := server.Database(t)
	s := open(t, url)
	done, before := 0, 0
	for range max(2, storetest.Rounds(t, 40)/20) {
		killed := make(chan bool)
		time.AfterFunc(50*time.Millisecond+rand.N(100*time.Millisecond), func() { server.Kill(); close(killed) })
		err := error(nil)
		for ; err == nil; done++ {
			err = step(t.Context(), s, done)
		}
		done--
		<-killed
		require.Error(t, s.Ping(t.Context()), "the database is gone")
		server.Restart(t)
		require.NoError(t, s.Ping(t.Context()), "the database is back")
		done = requireDone(t, s, before, done)
		before = done
	}
	requireDone(t, s, 0, done)
	requireSpent(t, s, done)
}

// A Postgres that answers nothing ends what is under way in bounded time, also
// what waits for a connection, and all goes on once it answers again.
func TestPostgresHangs(t *testing.T) {
	t.Parallel()
	const patience, askers = time.Second, 50 // more than there are connections
	proxy := postgrestest.NewProxy(t, postgrestest.Shared(t).Database(t))
	s := open(t, proxy.URL(), store.WithPatience(patience))
	require.NoError(t, step(t.Context(), s, 0))
	proxy.Hang()
	failures := make(chan error)
	for range askers {
		go func() { failures <- step(context.WithoutCancel(t.Context()), s, 1) }()
	}
	for range askers {
		select {
		case err := <-failures:
			require.ErrorContains(t, err, "the database was busy for 1s, or silent")
		case <-time.After(20 * time.Second):
			require.Fail(t, "somebody waits still")
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.Error(t, s.Ping(ctx))
	proxy.Resume()
	require.Eventually(t, func() bool { return step(t.Context(), s, 1) == nil }, 20*time.Second, 20*time.Millisecond)
}

// While another process holds the file, writers wait for a bounded time, readers go on.
func TestSQLiteIsLocked(t *testing.T) {
	t.Parallel()
	path := sqliteFile(t)
	other, s := open(t, path), open(t, path, store.WithPatience(300*time.Millisecond))
	person(t, s, "a")
	begun, end, ended := make(chan bool, 1), make(chan bool), make(chan error)
	go func() {
		ended <- other.Update(t.Context(), func(idp.Tx) error {
			begun <- true
			<-end
			return nil
		})
	}()
	<-begun
	require.ErrorContains(t, step(t.Context(), s, 0), "the database was busy for 300ms")
	_, err := s.Count(t.Context(), "a", time.Hour, now)
	require.ErrorContains(t, err, "busy")
	require.NoError(t, s.View(t.Context(), func(r idp.Reader) error {
		_, err := r.Account("a")
		return err
	}))
	close(end)
	require.NoError(t, <-ended)
	require.NoError(t, step(t.Context(), s, 0))
}

// A file that may not grow: within SQLite's own limit, and of the system, which
// fails a write to the WAL. What was done before stays, and all goes on later.
func TestSQLiteDiskIsFull(t *testing.T) {
	t.Parallel()
	t.Run("of pages", func(t *testing.T) {
		t.Parallel()
		s := open(t, sqliteFile(t))
		limitPages := func(pages int) {
			_, err := s.Writer().ExecContext(t.Context(), "PRAGMA max_page_count = "+strconv.Itoa(pages))
			require.NoError(t, err)
		}
		limitPages(80)
		done := 0
		err := error(nil)
		for ; err == nil; done++ {
			err = step(t.Context(), s, done)
		}
		require.ErrorContains(t, err, "full")
		done = requireDone(t, s, 0, done-1)
		limitPages(10_000)
		for range 10 {
			require.NoError(t, step(t.Context(), s, done))
			done++
		}
		requireSpent(t, s, done)
	})
	t.Run("of the system", func(t *testing.T) {
		t.Parallel()
		path := sqliteFile(t)
		open(t, path)
		done, words := runChild(t, path, 0, 1e6, 0, childLimit+"=2000000")
		assert.Regexp(t, "full|disk I/O", words)
		require.Positive(t, done)
		s := open(t, path)
		done = requireDone(t, s, 0, done)
		require.NoError(t, step(t.Context(), s, done))
		requireSpent(t, s, done)
	})
}

// A table of Postgres may not grow.
func TestPostgresDiskIsFull(t *testing.T) {
	t.Parallel()
	server := postgrestest.StartSmall(t)
	s := open(t, server.Database(t))
	mail := idp.Mail{State: idp.MailQueued, Sealed: make([]byte, 100_000)}
	source := rand.NewChaCha8([32]byte{})
	put := func(n int) error {
		mail.ID = strconv.Itoa(n)
		_, _ = source.Read(mail.Sealed) // does not fail, and does not shrink
		return s.Update(t.Context(), func(tx idp.Tx) error { return tx.PutMail(mail) })
	}
	done, err := 0, error(nil)
	for ; err == nil; done++ {
		err = put(done)
	}
	require.ErrorContains(t, err, "too large")
	require.NoError(t, s.View(context.Background(), func(r idp.Reader) error {
		for n := range done {
			_, err := r.Mail(strconv.Itoa(n))
			assert.Equal(t, n < done-1, err == nil, n)
		}
		return nil
	}))
	require.NoError(t, step(t.Context(), s, 0), "of another table")
}
