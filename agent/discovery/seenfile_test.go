package discovery_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
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
	start := func() *discovery.Client {
		seen, err := discovery.OpenSeenFile(path)
		require.NoError(t, err)
		config := w.config()
		config.Seen = seen
		return discovery.New(config)
	}
	for range 3 {
		requireProvider(t, start(), "idp.test")
		w.clock.advance(day)
	}
	w.site("idp.test", nil)
	requireState(t, start(), "idp.test", discovery.Offline)
	require.NoError(t, os.Remove(path))
	requireState(t, start(), "idp.test", discovery.Absent)
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

func TestSeenFileThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	store, err := discovery.OpenSeenFile(filepath.Join(t.TempDir(), "gone", "seen.json"))
	require.NoError(t, err)
	require.ErrorIs(t, store.Save(t.Context(), "idp.test", discovery.Sighting{First: time.Unix(1, 0)}), os.ErrNotExist)
	sighting, err := store.Load(t.Context(), "idp.test")
	require.NoError(t, err)
	assert.Zero(t, sighting, "memory and file agree")
}

// What cannot be written, such as a time after the year 9999, is an error and not remembered.
func TestSeenFileKeepsWhatItHasWritten(t *testing.T) {
	t.Parallel()
	store, err := discovery.OpenSeenFile(filepath.Join(t.TempDir(), "seen.json"))
	require.NoError(t, err)
	require.Error(t, store.Save(t.Context(), "idp.test", discovery.Sighting{First: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}))
	sighting, err := store.Load(t.Context(), "idp.test")
	require.NoError(t, err)
	assert.Zero(t, sighting)
}
