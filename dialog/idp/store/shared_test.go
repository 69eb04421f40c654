package store_test

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/acme/autocert"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/verify"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/store"
)

// What replicas share beside the records, each over two of them.

func replicas(t *testing.T, database func(*testing.T) string) (one, two *store.Store) {
	t.Helper()
	url := database(t)
	return open(t, url), open(t, url)
}

func TestSeen(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, database func(*testing.T) string) {
		one, two := replicas(t, database)
		want := discovery.Sighting{First: now, Last: now.Add(time.Hour), Missing: 2, MissingSince: now.Add(time.Minute)}
		expect := func(domain browserid.Domain, want discovery.Sighting) {
			t.Helper()
			got, err := two.Seen().Load(t.Context(), domain)
			require.NoError(t, err)
			assert.Equal(t, want, got)
		}
		expect("idp.test", discovery.Sighting{})
		require.NoError(t, one.Seen().Save(t.Context(), "idp.test", want))
		require.NoError(t, one.Seen().Save(t.Context(), "other.test", discovery.Sighting{First: now, Last: now}))
		expect("idp.test", want)
		want.Missing, want.MissingSince = 0, time.Time{}
		require.NoError(t, one.Seen().Save(t.Context(), "idp.test", want))
		require.NoError(t, one.Sweep(t.Context(), now.AddDate(9, 0, 0)))
		expect("idp.test", want)
		require.NoError(t, one.Seen().Save(t.Context(), "idp.test", discovery.Sighting{}))
		expect("idp.test", discovery.Sighting{})
		expect("other.test", discovery.Sighting{First: now, Last: now})
	})
}

// Names made up push out each other, and not a provider that has been there for days.
func TestSeenIsBounded(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteFile(t))
	_, err := s.Writer().ExecContext(t.Context(), `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO sightings SELECT 'd' || i || '.test', 1, 2, 0, 0 FROM n`, store.MaxSightings)
	require.NoError(t, err)
	known := discovery.Sighting{First: now, Last: now.AddDate(0, 0, 1)}
	require.NoError(t, s.Seen().Save(t.Context(), "idp.test", known))
	require.NoError(t, s.Sweep(t.Context(), now))
	var count int
	require.NoError(t, s.Writer().QueryRowContext(t.Context(), "SELECT count(*) FROM sightings").Scan(&count))
	assert.Equal(t, store.MaxSightings, count)
	got, err := s.Seen().Load(t.Context(), "idp.test")
	require.NoError(t, err)
	assert.Equal(t, known, got)
}

// Security.md 5, number 20: two verifiers share the memory of what was used.
func TestReplay(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, database func(*testing.T) string) {
		one, two := replicas(t, database)
		var fresh atomic.Int64
		var users sync.WaitGroup
		for i := range 40 {
			users.Go(func() {
				used, err := []*store.Store{one, two}[i%2].Replay().Use(t.Context(), verify.ReplayKey{7}, now)
				assert.NoError(t, err)
				if used {
					fresh.Add(1)
				}
			})
		}
		users.Wait()
		assert.EqualValues(t, 1, fresh.Load())
		use := func(want bool) {
			t.Helper()
			got, err := two.Replay().Use(t.Context(), verify.ReplayKey{7}, now)
			require.NoError(t, err)
			assert.Equal(t, want, got)
		}
		require.NoError(t, one.Sweep(t.Context(), now))
		use(false)
		require.NoError(t, one.Sweep(t.Context(), now.Add(time.Second)))
		use(true)
	})
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, database func(*testing.T) string) {
		one, two := replicas(t, database)
		cache := func(s *store.Store, key string) autocert.Cache {
			made, err := s.Certificates([]byte(key + "-key-of-thirty-two-bytes-in-all.")[:32])
			require.NoError(t, err)
			return made
		}
		_, err := cache(one, "a").Get(t.Context(), "login.example")
		require.ErrorIs(t, err, autocert.ErrCacheMiss)
		for _, content := range []string{"private key", "another"} {
			require.NoError(t, cache(one, "a").Put(t.Context(), "login.example", []byte(content)))
			got, err := cache(two, "a").Get(t.Context(), "login.example")
			require.NoError(t, err)
			assert.Equal(t, content, string(got))
		}
		_, err = cache(two, "b").Get(t.Context(), "login.example")
		require.ErrorIs(t, err, autocert.ErrCacheMiss, "another key")
		var kept []byte
		require.NoError(t, one.Writer().QueryRowContext(t.Context(), "SELECT data FROM acme").Scan(&kept))
		assert.NotContains(t, string(kept), "another")
		require.NoError(t, cache(two, "a").Delete(t.Context(), "login.example"))
		require.NoError(t, cache(two, "a").Delete(t.Context(), "login.example"))
		_, err = cache(one, "a").Get(t.Context(), "login.example")
		require.ErrorIs(t, err, autocert.ErrCacheMiss)
		_, err = one.Certificates([]byte("too short"))
		require.ErrorContains(t, err, "9 bytes")
	})
}

// No transaction of Sweep holds the database for long, and what expires by the
// thousand a minute does not pile up.
func TestSweepIsBounded(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteFile(t))
	const accounts = store.SweepBatch + 10
	require.NoError(t, s.Update(t.Context(), func(tx idp.Tx) error {
		for i := range accounts {
			require.NoError(t, tx.PutAccount(idp.Account{ID: strconv.Itoa(i)}))
			require.NoError(t, tx.PutMail(idp.Mail{ID: strconv.Itoa(i)}))
		}
		return nil
	}))
	left := func(table string) (count int) {
		require.NoError(t, s.Writer().QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&count))
		return count
	}
	for _, want := range []int{10, 0} {
		require.NoError(t, s.Sweep(t.Context(), now))
		assert.Zero(t, left("mails"))
		assert.Equal(t, want, left("accounts"), "round it goes")
	}
	require.NoError(t, s.Sweep(t.Context(), now))
	require.NoError(t, s.Update(t.Context(), func(tx idp.Tx) error { return tx.PutAccount(idp.Account{ID: "0"}) }))
	require.NoError(t, s.Sweep(t.Context(), now))
	assert.Zero(t, left("accounts"), "and begins again")
}

// The log is kept for a year.
func TestSweepOfTheLog(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteFile(t))
	person(t, s, "a")
	require.NoError(t, s.Sweep(t.Context(), now.Add(store.IssuanceLife)))
	assert.True(t, leftOf(t, s, "a").Issuance)
	require.NoError(t, s.Sweep(t.Context(), now.Add(store.IssuanceLife+time.Second)))
	assert.False(t, leftOf(t, s, "a").Issuance)
}

// Each commit of ours reaches the disk before it is reported.
func TestDurableSettings(t *testing.T) {
	t.Parallel()
	backends(t, func(t *testing.T, database func(*testing.T) string) {
		s := open(t, database(t))
		query, want := "SHOW synchronous_commit", "on"
		if s.SQLite() {
			query, want = "PRAGMA synchronous", "2" // FULL
		}
		var got string
		require.NoError(t, s.Writer().QueryRowContext(t.Context(), query).Scan(&got))
		assert.Equal(t, want, got)
	})
}
