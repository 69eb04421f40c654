package keyring

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

// history is what two replicas, one of which is always a minute late, publish and
// sign with from minute to minute.
type history struct {
	t         *testing.T
	folder    string
	replicas  [2]*Keyring
	documents [2][]map[string]bool // thumbprints by replica and minute
	first     map[string]int       // minute in which a key signed first
	last      map[string]int
}

func newHistory(t *testing.T) *history {
	h := &history{t: t, folder: filepath.Join(t.TempDir(), "keys"), first: map[string]int{}, last: map[string]int{}}
	for i := range h.replicas {
		var err error
		h.replicas[i], err = Open(h.folder, start)
		require.NoError(t, err)
	}
	return h
}

func (h *history) now() time.Time { return start.Add(time.Duration(len(h.documents[0])) * time.Minute) }

// pass lets minutes go by.
func (h *history) pass(minutes int) {
	for range minutes {
		now, minute := h.now(), len(h.documents[0])
		require.NoError(h.t, h.replicas[0].Reload())
		for i, replica := range h.replicas {
			published := map[string]bool{}
			for _, key := range replica.Published(now) {
				published[thumbprint(key.PublicKey())] = true
			}
			h.documents[i] = append(h.documents[i], published)
			signer, err := replica.Signer(now)
			require.NoError(h.t, err)
			name := thumbprint(signer.PublicKey())
			if _, signed := h.first[name]; !signed {
				h.first[name] = minute
			}
			h.last[name] = minute
		}
		require.NoError(h.t, h.replicas[1].Reload())
	}
}

// Abuse test 28: while keys are rotated, every certificate verifies for as long as
// it lives with every document that a verifier may hold, of whichever replica;
// and a revoked key is in no document a cache life later.
func TestRotationFailsNoVerification(t *testing.T) {
	t.Parallel()
	h := newHistory(t)
	const hour, day, cached = 60, 24 * 60, int(issuer.CacheLifetime / time.Minute)
	for range 3 {
		h.pass(2 * hour)
		_, err := Rotate(h.folder, browserid.EdDSA, h.now())
		require.NoError(t, err)
		h.pass(2 * day)
	}
	require.Len(t, h.first, 4, "keys that have signed")
	for minute := range h.documents[0] {
		for key, first := range h.first {
			if minute < first || minute >= h.last[key]+day {
				continue // no certificate of it lives
			}
			for fetched := max(0, minute-cached); fetched <= minute; fetched++ {
				for replica := range h.documents {
					if !h.documents[replica][fetched][key] {
						require.Failf(t, "unknown key", "at minute %d, with the document of minute %d of replica %d", minute, fetched, replica)
					}
				}
			}
		}
	}

	signer, err := h.replicas[0].Signer(h.now())
	require.NoError(t, err)
	leaked := thumbprint(signer.PublicKey())
	listed, err := List(h.folder, h.now())
	require.NoError(t, err)
	require.NoError(t, Revoke(h.folder, listed[len(listed)-1].Number, h.now()))
	at := len(h.documents[0])
	h.pass(hour)
	for minute := at + 1; minute < len(h.documents[0]); minute++ {
		for replica := range h.documents {
			assert.False(t, h.documents[replica][minute][leaked])
			assert.NotEmpty(t, h.documents[replica][minute])
		}
	}
}
