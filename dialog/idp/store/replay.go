package store

import (
	"context"
	"time"

	"github.com/navid-login/navid/agent/verify"
)

// Replay returns a memory of used assertions that all replicas share (G16).
func (s *Store) Replay() verify.ReplayCache { return replay{s} }

type replay struct{ store *Store }

// Use implements verify.ReplayCache.
func (r replay) Use(ctx context.Context, key verify.ReplayKey, expires time.Time) (fresh bool, err error) {
	err = r.store.alone(ctx, func(r *reader) error {
		added, err := r.exec("INSERT INTO replays (assertion, expires) VALUES (?, ?) ON CONFLICT DO NOTHING", key[:], expires)
		fresh = added == 1
		return err
	})
	return fresh && err == nil, err
}
