package keyring

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

var start = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// desk is a folder of keys and a clock.
type desk struct {
	*testing.T
	folder string
	ring   *Keyring
	now    time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	t.Parallel()
	d := &desk{T: t, folder: filepath.Join(t.TempDir(), "keys"), now: start}
	var err error
	d.ring, err = Open(d.folder, start)
	require.NoError(t, err)
	return d
}

// at moves the clock, as a duration after the start, and reloads.
func (d *desk) at(after time.Duration) {
	d.Helper()
	d.now = start.Add(after)
	require.NoError(d, d.ring.Reload())
}

func (d *desk) rotate() Key {
	d.Helper()
	key, err := Rotate(d.folder, browserid.EdDSA, d.now)
	require.NoError(d, err)
	require.NoError(d, d.ring.Reload())
	return key
}

func (d *desk) revoke(number int) {
	d.Helper()
	require.NoError(d, Revoke(d.folder, number, d.now))
	require.NoError(d, d.ring.Reload())
}

// published are the numbers of the keys of the document, the one that signs first.
func (d *desk) published() []int {
	d.Helper()
	var numbers []int
	signer, err := d.ring.Signer(d.now)
	require.NoError(d, err)
	for i, published := range d.ring.Published(d.now) {
		if i == 0 {
			require.True(d, signer.PublicKey().Equal(published.PublicKey()), "the first signs")
		}
		for _, key := range *d.ring.keys.Load() {
			if key.signer != nil && key.Thumbprint == thumbprint(published.PublicKey()) {
				numbers = append(numbers, key.Number)
			}
		}
	}
	return numbers
}

func TestFirstKeySignsAtOnce(t *testing.T) {
	d := newDesk(t)
	assert.Equal(t, []int{1}, d.published())
	signer, err := d.ring.Signer(d.now)
	require.NoError(t, err)
	assert.Equal(t, browserid.RS256, signer.PublicKey().Algorithm(), "every verifier reads it")
	again, err := Open(d.folder, start.Add(time.Hour))
	require.NoError(t, err)
	same, err := again.Signer(start.Add(time.Hour))
	require.NoError(t, err)
	assert.True(t, signer.PublicKey().Equal(same.PublicKey()), "and stays")
}

// A new key is in every cached document before it signs, and the old one is in
// the document until its last certificate has ended (G13).
func TestRotation(t *testing.T) {
	d := newDesk(t)
	d.at(time.Hour)
	key := d.rotate()
	begins := key.SignsFrom.Sub(start)
	assert.GreaterOrEqual(t, begins-time.Hour, issuer.CacheLifetime+ReloadInterval)
	assert.Equal(t, []int{1, 2}, d.published())
	d.at(begins - time.Second)
	assert.Equal(t, []int{1, 2}, d.published())
	d.at(begins)
	assert.Equal(t, []int{2, 1}, d.published())
	d.at(begins + issuer.MaxDuration + ReloadInterval)
	assert.Equal(t, []int{2, 1}, d.published(), "what the old one signed last still counts")
	d.at(begins + kept)
	assert.Equal(t, []int{2}, d.published())
	assert.FileExists(t, keyPath(d.folder, 1))
	d.rotate()
	assert.NoFileExists(t, keyPath(d.folder, 1), "a key of no use is not left lying about")
	assert.Equal(t, []int{2, 3}, d.published())
}

func TestRotateTwice(t *testing.T) {
	d := newDesk(t)
	d.rotate()
	_, err := Rotate(d.folder, browserid.EdDSA, d.now)
	require.ErrorIs(t, err, ErrRotating)
	assert.Equal(t, []int{1, 2}, d.published())
}

func TestRevocation(t *testing.T) {
	tests := []struct {
		name   string
		play   func(*desk)
		revoke int
		want   []int
	}{
		{"the only key", func(*desk) {}, 1, []int{2}},
		{"the key that signs, while one waits", func(d *desk) { d.rotate() }, 1, []int{2}},
		{"the key that waits", func(d *desk) { d.rotate() }, 2, []int{1}},
		{"the key that leaves", func(d *desk) { d.at(d.rotate().SignsFrom.Sub(start)) }, 1, []int{2}},
		{"the key that signs, while one leaves", func(d *desk) { d.at(d.rotate().SignsFrom.Sub(start)) }, 2, []int{3, 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			test.play(d)
			d.revoke(test.revoke)
			assert.Equal(t, test.want, d.published())
			assert.NoFileExists(t, keyPath(d.folder, test.revoke), "the key is destroyed")
			require.ErrorIs(t, Revoke(d.folder, test.revoke, d.now), ErrNoSuchKey)
			next := d.rotate()
			assert.Contains(t, d.published(), next.Number)
			assert.NotContains(t, d.published(), test.revoke)
		})
	}
}

// A copy of a revoked key that comes back, by a restore or under another number,
// is not believed.
func TestRevokedKeyStaysOut(t *testing.T) {
	d := newDesk(t)
	file, err := os.ReadFile(keyPath(d.folder, 1))
	require.NoError(t, err)
	d.revoke(1)
	require.NoError(t, os.WriteFile(keyPath(d.folder, 1), file, 0o600))
	require.NoError(t, d.ring.Reload())
	assert.Equal(t, []int{2}, d.published())
	require.NoError(t, os.WriteFile(keyPath(d.folder, 7), file, 0o600))
	require.ErrorContains(t, d.ring.Reload(), "key 7 was revoked under another number")
	assert.Equal(t, []int{2}, d.published())
}

// A running host notices what was changed in the folder.
func TestRunReloads(t *testing.T) {
	d := newDesk(t)
	synctest.Test(t, func(t *testing.T) {
		go d.ring.Run(t.Context(), slog.New(slog.DiscardHandler))
		synctest.Wait()
		_, err := Rotate(d.folder, browserid.EdDSA, d.now)
		require.NoError(t, err)
		assert.Len(t, d.ring.Published(d.now), 1)
		time.Sleep(ReloadInterval)
		synctest.Wait()
		assert.Len(t, d.ring.Published(d.now), 2)
		require.NoError(t, Revoke(d.folder, 1, d.now))
		time.Sleep(ReloadInterval)
		synctest.Wait()
		assert.Len(t, d.ring.Published(d.now), 1)
	})
}

// Replicas start on an empty folder, rotate and revoke at once: they agree.
func TestReplicasAgree(t *testing.T) {
	t.Parallel()
	const replicas = 8
	folder := filepath.Join(t.TempDir(), "keys")
	rings := make([]*Keyring, replicas)
	together := func(do func(i int)) {
		var group sync.WaitGroup
		for i := range replicas {
			group.Go(func() { do(i) })
		}
		group.Wait()
	}
	agreed := func(now time.Time) []browserid.Signer {
		first := rings[0].Published(now)
		require.NotEmpty(t, first)
		for _, ring := range rings[1:] {
			for i, signer := range ring.Published(now) {
				assert.True(t, signer.PublicKey().Equal(first[i].PublicKey()))
			}
			assert.Len(t, ring.Published(now), len(first))
		}
		return first
	}
	reload := func(i int) { assert.NoError(t, rings[i].Reload()) }

	together(func(i int) {
		var err error
		rings[i], err = Open(folder, start)
		assert.NoError(t, err)
	})
	assert.Len(t, agreed(start), 1)
	errs := make([]error, replicas)
	together(func(i int) { _, errs[i] = Rotate(folder, browserid.EdDSA, start) })
	assert.Equal(t, 1, len(slices.DeleteFunc(slices.Clone(errs), func(err error) bool { return err != nil })), "%v", errs)
	together(reload)
	assert.Len(t, agreed(start), 2)
	together(func(i int) { errs[i] = Revoke(folder, 1+i%2, start) })
	together(reload)
	agreed(start)
}

// What others may read or write is refused, and a running host goes on with what
// it has.
func TestOpenFilesAreRefused(t *testing.T) {
	d := newDesk(t)
	require.NoError(t, os.Chmod(keyPath(d.folder, 1), 0o640))
	_, err := Open(d.folder, d.now)
	require.ErrorIs(t, err, issuer.ErrReadableByOthers)
	require.ErrorIs(t, d.ring.Reload(), issuer.ErrReadableByOthers)
	assert.Equal(t, []int{1}, d.published())
	require.NoError(t, os.Chmod(keyPath(d.folder, 1), 0o600))
	require.NoError(t, os.Chmod(d.folder, 0o770))
	_, err = Open(d.folder, d.now)
	require.ErrorIs(t, err, ErrWritableByOthers)
}

func TestBrokenFiles(t *testing.T) {
	d := newDesk(t)
	require.NoError(t, os.WriteFile(filepath.Join(d.folder, "README.json"), []byte("no key"), 0o644))
	require.NoError(t, d.ring.Reload(), "none of ours")
	key, err := issuer.GenerateKey(browserid.EdDSA)
	require.NoError(t, err)
	require.NoError(t, key.WriteFile(keyPath(d.folder, 2)))
	require.ErrorContains(t, d.ring.Reload(), "does not say when it begins to sign")
	assert.Equal(t, []int{1}, d.published())
	require.NoError(t, os.WriteFile(tombstonePath(d.folder, 1), []byte("{}"), 0o600))
	require.Error(t, d.ring.Reload())
	_, err = d.ring.Signer(d.now)
	assert.ErrorIs(t, err, ErrNoKey, "a revocation counts, however it is written")
}

// The key file is one that package issuer reads, too.
func TestKeyFile(t *testing.T) {
	d := newDesk(t)
	key, err := issuer.LoadKey(keyPath(d.folder, 1))
	require.NoError(t, err)
	signer, err := d.ring.Signer(d.now)
	require.NoError(t, err)
	assert.True(t, key.PublicKey().Equal(signer.PublicKey()))
	data, err := os.ReadFile(keyPath(d.folder, 1))
	require.NoError(t, err)
	var file keyTimes
	require.NoError(t, json.Unmarshal(data, &file))
	assert.Equal(t, keyTimes{start, start}, file)
	entries, err := os.ReadDir(d.folder)
	require.NoError(t, err)
	assert.Len(t, entries, 1, "no drafts are left")
}

func TestList(t *testing.T) {
	d := newDesk(t)
	second := d.rotate()
	d.at(second.SignsFrom.Sub(start))
	d.rotate()
	d.revoke(3)
	listed, err := List(d.folder, d.now)
	require.NoError(t, err)
	var states []State
	for _, key := range listed {
		states = append(states, key.State)
	}
	assert.Equal(t, []State{Leaving, Signing, Revoked}, states)
	assert.Equal(t, second.SignsFrom.Add(kept), listed[0].Until)
	assert.Equal(t, "EdDSA", listed[2].Algorithm)
	assert.Len(t, listed[2].Thumbprint, 43)
}

// A key that takes the place of revoked ones signs since then, and not since a
// time that is yet to come.
func TestListedSince(t *testing.T) {
	d := newDesk(t)
	since := func(number int) time.Time {
		d.Helper()
		listed, err := List(d.folder, d.now)
		require.NoError(d, err)
		require.Equal(d, Signing, listed[number-1].State)
		return listed[number-1].Since
	}
	assert.Equal(t, start, since(1))
	d.at(time.Hour)
	waiting := d.rotate()
	d.at(time.Hour + time.Minute)
	d.revoke(1)
	assert.Equal(t, d.now, since(2))
	d.at(time.Hour + 2*time.Minute)
	d.revoke(2)
	assert.Equal(t, d.now, since(3), "a new one")
	require.True(t, waiting.SignsFrom.After(d.now))
}
