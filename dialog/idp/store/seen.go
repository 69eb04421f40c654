package store

import (
	"context"
	"errors"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog/idp"
)

// MaxSightings bounds what Seen remembers.
const MaxSightings = 100_000

// Seen returns a memory of providers that all replicas share (G12). Sweep
// bounds it: the domain that was seen over the shortest time goes first, so that
// names made up by the thousand push out each other.
func (s *Store) Seen() discovery.SeenStore { return seen{s} }

type seen struct{ store *Store }

// sightingRow is a sighting with its domain.
type sightingRow struct {
	domain string
	discovery.Sighting
}

var sightings = table[sightingRow]{
	"sightings",
	[]string{"domain", "first", "last", "missing", "missing_since"},
	func(s *sightingRow) []any {
		return []any{&s.domain, instant{&s.First}, instant{&s.Last}, &s.Missing, instant{&s.MissingSince}}
	},
}

// Load implements discovery.SeenStore.
func (s seen) Load(ctx context.Context, domain browserid.Domain) (discovery.Sighting, error) {
	var found sightingRow
	err := s.store.View(ctx, func(r idp.Reader) (err error) {
		found, err = sightings.one(r.(*reader), "WHERE domain = ?", string(domain))
		return err
	})
	if errors.Is(err, idp.ErrNotFound) {
		return discovery.Sighting{}, nil
	}
	return found.Sighting, err
}

// Save implements discovery.SeenStore.
func (s seen) Save(ctx context.Context, domain browserid.Domain, sighting discovery.Sighting) error {
	return s.store.alone(ctx, func(r *reader) error {
		if sighting == (discovery.Sighting{}) {
			return r.do("DELETE FROM sightings WHERE domain = ?", string(domain))
		}
		return sightings.put(r, sightingRow{string(domain), sighting})
	})
}

// forgetSightings removes those beyond MaxSightings.
func (s *Store) forgetSightings(ctx context.Context) error {
	return s.alone(ctx, func(r *reader) error {
		return r.do(`DELETE FROM sightings WHERE domain IN (SELECT domain FROM sightings ORDER BY last - first, last
			LIMIT (SELECT CASE WHEN count(*) > ? THEN count(*) - ? ELSE 0 END FROM sightings))`, MaxSightings, MaxSightings)
	})
}
