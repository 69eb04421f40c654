package discovery

import (
	"context"
	"sync"

	"github.com/navid-login/navid/agent/browserid"
)

// MaxSightings bounds what SeenMemory and SeenFile remember; the domain seen over the shortest time goes first.
const MaxSightings = 10_000

// SeenMemory is a [SeenStore] that ends with the process.
type SeenMemory struct {
	mu        sync.Mutex
	sightings map[browserid.Domain]Sighting
}

// NewSeenMemory makes an empty SeenMemory.
func NewSeenMemory() *SeenMemory {
	return &SeenMemory{sightings: make(map[browserid.Domain]Sighting)}
}

// Load implements [SeenStore].
func (m *SeenMemory) Load(_ context.Context, domain browserid.Domain) (Sighting, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sightings[domain], nil
}

// Save implements [SeenStore].
func (m *SeenMemory) Save(_ context.Context, domain browserid.Domain, sighting Sighting) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	remember(m.sightings, domain, sighting)
	return nil
}

// remember changes one of the sightings.
func remember(sightings map[browserid.Domain]Sighting, domain browserid.Domain, sighting Sighting) {
	if sighting == (Sighting{}) {
		delete(sightings, domain)
		return
	}
	sightings[domain] = sighting
	if len(sightings) > MaxSightings {
		delete(sightings, briefest(sightings))
	}
}

// briefest returns the domain seen over the shortest time, of those the one not seen for longest: names that somebody makes up by
// the thousand push out each other, and not a provider that has been there for days.
func briefest(sightings map[browserid.Domain]Sighting) browserid.Domain {
	var found browserid.Domain
	for domain, sighting := range sightings {
		other := sightings[found]
		span, least := sighting.Last.Sub(sighting.First), other.Last.Sub(other.First)
		if found == "" || span < least || span == least && sighting.Last.Before(other.Last) {
			found = domain
		}
	}
	return found
}
