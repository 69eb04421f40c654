package discovery_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
)

// Each SeenStore keeps these promises.
func TestSeenStores(t *testing.T) {
	t.Parallel()
	file, err := discovery.OpenSeenFile(filepath.Join(t.TempDir(), "seen.json"))
	require.NoError(t, err)
	for name, store := range map[string]discovery.SeenStore{"memory": discovery.NewSeenMemory(), "file": file} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sighting, err := store.Load(t.Context(), "idp.test")
			require.NoError(t, err)
			assert.Zero(t, sighting, "never seen")

			want := discovery.Sighting{First: time.Unix(1, 0).UTC(), Last: time.Unix(2, 0).UTC(), Missing: 1, MissingSince: time.Unix(3, 0).UTC()}
			require.NoError(t, store.Save(t.Context(), "idp.test", want))
			require.NoError(t, store.Save(t.Context(), "other.test", discovery.Sighting{First: time.Unix(4, 0)}))
			sighting, err = store.Load(t.Context(), "idp.test")
			require.NoError(t, err)
			assert.Equal(t, want, sighting)

			require.NoError(t, store.Save(t.Context(), "idp.test", discovery.Sighting{}))
			sighting, err = store.Load(t.Context(), "idp.test")
			require.NoError(t, err)
			assert.Zero(t, sighting, "forgotten")
		})
	}
}

func TestSeenMemoryIsBounded(t *testing.T) {
	t.Parallel()
	store := discovery.NewSeenMemory()
	for i := range discovery.MaxSightings + 1 {
		last := time.Unix(int64(1000+i), 0)
		require.NoError(t, store.Save(t.Context(), browserid.Domain(fmt.Sprintf("d%d.test", i)), discovery.Sighting{First: last, Last: last}))
	}
	oldest, err := store.Load(t.Context(), "d0.test")
	require.NoError(t, err)
	assert.Zero(t, oldest, "not seen for longest")
	next, err := store.Load(t.Context(), "d1.test")
	require.NoError(t, err)
	assert.NotZero(t, next)
}

// Security test 29: a restarted verifier does not accept the fallback for an unreachable known provider.
func TestSightingsSurviveARestart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seen.json")
	w := newWorld(t)
	w.publish("idp.test", document)
	start := func() (*discovery.Client, *discovery.SeenFile) {
		seen, err := discovery.OpenSeenFile(path)
		require.NoError(t, err)
		config := w.config()
		config.Seen = seen
		return discovery.New(config), seen
	}
	for range 3 {
		client, seen := start()
		requireProvider(t, client, "idp.test")
		require.NoError(t, seen.Close())
		w.clock.advance(day)
	}
	w.site("idp.test", nil)
	client, seen := start()
	requireState(t, client, "idp.test", discovery.Offline)
	require.NoError(t, seen.Close())
	require.NoError(t, os.Remove(path))
	client, _ = start()
	requireState(t, client, "idp.test", discovery.Absent)
}

func TestOpenSeenFileRefuses(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"an empty file": "", "a torn-off file": `{"version":1,"sightings":{"idp.te`, "a later version": `{"version":2}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "seen.json")
			require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
			_, err := discovery.OpenSeenFile(path)
			require.ErrorContains(t, err, "open seen file")
		})
	}
}

func TestSeenFileThatCannotBeMade(t *testing.T) {
	t.Parallel()
	_, err := discovery.OpenSeenFile(filepath.Join(t.TempDir(), "gone", "seen.json"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// seenIn returns what another process would read at path.
func seenIn(t *testing.T, path string, domain browserid.Domain) discovery.Sighting {
	t.Helper()
	file, err := discovery.OpenSeenFile(path)
	require.NoError(t, err)
	sighting, err := file.Load(t.Context(), domain)
	require.NoError(t, err)
	return sighting
}

// Any number of names is one write: each is known at once, and in the file when the interval is over.
func TestFloodOfSightingsIsOneWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "seen.json")
		file, err := discovery.OpenSeenFile(path)
		require.NoError(t, err)
		atOpen, err := os.Stat(path)
		require.NoError(t, err)
		want := discovery.Sighting{First: time.Unix(1, 0).UTC(), Last: time.Unix(2, 0).UTC()}
		for i := range 1000 {
			require.NoError(t, file.Save(t.Context(), browserid.Domain(fmt.Sprintf("d%d.test", i)), want))
			time.Sleep(discovery.SeenFileInterval / 1001) // of the bubble
		}
		sighting, err := file.Load(t.Context(), "d999.test")
		require.NoError(t, err)
		assert.Equal(t, want, sighting)
		unwritten, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, atOpen, unwritten)

		time.Sleep(discovery.SeenFileInterval)
		synctest.Wait()
		assert.Equal(t, want, seenIn(t, path, "d0.test"))
		assert.Equal(t, want, seenIn(t, path, "d999.test"))

		require.NoError(t, file.Save(t.Context(), "later.test", want))
		time.Sleep(discovery.SeenFileInterval)
		synctest.Wait()
		assert.Equal(t, want, seenIn(t, path, "later.test"), "and so on")
	})
}

// Whoever saves while the file is written finds all of it there after Close.
func TestSeenFileOfMany(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seen.json")
	file, err := discovery.OpenSeenFile(path)
	require.NoError(t, err)
	var savers sync.WaitGroup
	for i := range 20 {
		savers.Go(func() {
			domain := browserid.Domain(fmt.Sprintf("d%d.test", i))
			assert.NoError(t, file.Save(t.Context(), domain, discovery.Sighting{First: time.Unix(1, 0)}))
			assert.NoError(t, file.Close())
		})
	}
	savers.Wait()
	require.NoError(t, file.Close())
	for i := range 20 {
		assert.NotZero(t, seenIn(t, path, browserid.Domain(fmt.Sprintf("d%d.test", i))))
	}
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, left, 1, "no draft stays behind")
}

// A write that fails is told by the next Save, and made good by the next write.
func TestSeenFileInTrouble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		folder := filepath.Join(t.TempDir(), "data")
		path := filepath.Join(folder, "seen.json")
		require.NoError(t, os.Mkdir(folder, 0o700))
		file, err := discovery.OpenSeenFile(path)
		require.NoError(t, err)
		require.NoError(t, os.RemoveAll(folder))
		sighting := discovery.Sighting{First: time.Unix(1, 0).UTC()}
		require.NoError(t, file.Save(t.Context(), "idp.test", sighting))
		time.Sleep(discovery.SeenFileInterval)
		synctest.Wait()
		require.ErrorIs(t, file.Save(t.Context(), "other.test", sighting), os.ErrNotExist)
		require.ErrorIs(t, file.Close(), os.ErrNotExist)
		require.NoError(t, os.Mkdir(folder, 0o700))
		require.NoError(t, file.Close())
		assert.Equal(t, sighting, seenIn(t, path, "idp.test"))
	})
}

// A time after the year 9999 has no form in the file.
func TestSeenFileThatCannotBeEncoded(t *testing.T) {
	t.Parallel()
	file, err := discovery.OpenSeenFile(filepath.Join(t.TempDir(), "seen.json"))
	require.NoError(t, err)
	require.NoError(t, file.Save(t.Context(), "idp.test", discovery.Sighting{First: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}))
	require.ErrorContains(t, file.Close(), "write sightings")
}

// A new name while the file is as large as it gets.
func BenchmarkSeenFileSave(b *testing.B) {
	file, err := discovery.OpenSeenFile(filepath.Join(b.TempDir(), "seen.json"))
	require.NoError(b, err)
	for i := range discovery.MaxSightings - 1 {
		err := file.Save(b.Context(), browserid.Domain(fmt.Sprintf("d%d.test", i)), discovery.Sighting{First: time.Unix(1, 0), Last: time.Unix(int64(i), 0)})
		require.NoError(b, err)
	}
	last := int64(0)
	for b.Loop() {
		last++
		if err := file.Save(b.Context(), "idp.test", discovery.Sighting{First: time.Unix(1, 0), Last: time.Unix(last, 0)}); err != nil {
			b.Fatal(err)
		}
	}
	require.NoError(b, file.Close())
}
