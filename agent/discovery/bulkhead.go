package discovery

import (
	"context"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/navid-login/navid/agent/browserid"
)

// DefaultMaxLookups is how many lookups of each kind run at once.
const DefaultMaxLookups = 64

const (
	// queueTimeout bounds the wait for a slot; it leaves most of TotalTimeout to the lookup itself.
	queueTimeout = 4 * time.Second
	// queueFactor bounds those who wait, as a multiple of the slots.
	queueFactor = 4
)

// siteShare is the part of the slots that the names under one registrable domain get together.
const siteShare = 8

// bulkhead keeps strangers, whose names anybody can make up by the thousand, from holding up domains that had a provider (G15). Who
// owns a domain can give any number of names under it a provider, and make them slow afterwards: they share a few slots.
type bulkhead struct {
	known, strangers lane
	sites            sites
}

func newBulkhead(slots int) *bulkhead {
	return &bulkhead{
		known:     newLane(slots),
		strangers: newLane(slots),
		sites:     sites{slots: max(1, slots/siteShare), lanes: make(map[string]*sharedLane)},
	}
}

// enter waits for a slot; the caller calls leave when done. It fails with ErrBusy.
func (b *bulkhead) enter(ctx context.Context, domain browserid.Domain, known bool) (leave func(), err error) {
	leaveSite, err := b.sites.enter(ctx, registrable(domain))
	if err != nil {
		return nil, err
	}
	lane := b.strangers
	if known {
		lane = b.known
	}
	leaveLane, err := lane.enter(ctx)
	if err != nil {
		leaveSite()
		return nil, err
	}
	return func() { leaveLane(); leaveSite() }, nil
}

// registrable returns the domain that somebody has registered, of which domain is a part.
func registrable(domain browserid.Domain) string {
	site, err := publicsuffix.EffectiveTLDPlusOne(string(domain))
	if err != nil { // domain is a public suffix itself
		return string(domain)
	}
	return site
}

// sites are the lanes of registrable domains with lookups under way.
type sites struct {
	slots int
	mu    sync.Mutex
	lanes map[string]*sharedLane
}

type sharedLane struct {
	lane
	users int
}

func (s *sites) enter(ctx context.Context, site string) (leave func(), err error) {
	shared := s.join(site)
	leaveLane, err := shared.lane.enter(ctx)
	if err != nil {
		s.part(site)
		return nil, err
	}
	return func() { leaveLane(); s.part(site) }, nil
}

func (s *sites) join(site string) *sharedLane {
	s.mu.Lock()
	defer s.mu.Unlock()
	shared, found := s.lanes[site]
	if !found {
		shared = &sharedLane{lane: newLane(s.slots)}
		s.lanes[site] = shared
	}
	shared.users++
	return shared
}

// part forgets the lane with its last user.
func (s *sites) part(site string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	shared := s.lanes[site]
	shared.users--
	if shared.users == 0 {
		delete(s.lanes, site)
	}
}

type lane struct {
	admitted chan struct{} // those who wait or run
	running  chan struct{}
}

func newLane(slots int) lane {
	return lane{admitted: make(chan struct{}, slots*(1+queueFactor)), running: make(chan struct{}, slots)}
}

func (l lane) enter(ctx context.Context) (leave func(), err error) {
	select {
	case l.admitted <- struct{}{}:
	default:
		return nil, ErrBusy
	}
	ctx, cancel := context.WithTimeout(ctx, queueTimeout)
	defer cancel()
	select {
	case l.running <- struct{}{}:
		return func() { <-l.running; <-l.admitted }, nil
	case <-ctx.Done():
		<-l.admitted
		return nil, ErrBusy
	}
}
