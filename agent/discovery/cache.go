package discovery

import (
	"container/list"
	"sync"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// DefaultCacheSize is how many providers, and how many failures, are kept.
const DefaultCacheSize = 2048

// RefreshInterval is the least time between two fetches that [Client.Refresh] causes for one domain.
const RefreshInterval = time.Minute

// answer is the outcome of a lookup: a provider or a failure.
type answer struct {
	provider         *Provider
	failure          *Error
	fetched, expires time.Time
}

func (a *answer) err() error {
	if a.failure == nil {
		return nil
	}
	return a.failure
}

func (a *answer) fresh(now time.Time, maxAge time.Duration) bool {
	return now.Before(a.expires) && now.Sub(a.fetched) < maxAge
}

// unreachable reports a failure that says nothing new of a provider known to be good a moment ago.
func (a *answer) unreachable() bool {
	return a.failure != nil && (a.failure.State == Absent || a.failure.State == Offline)
}

// cache keeps the latest answers. Failures have a shelf of their own: whoever makes up names must not push providers out.
type cache struct {
	mu        sync.Mutex
	providers shelf
	failures  shelf
}

func newCache(size int) *cache {
	return &cache{providers: newShelf(size), failures: newShelf(size)}
}

// get returns the fresh answer that is younger than maxAge, or nil.
func (c *cache) get(domain browserid.Domain, now time.Time, maxAge time.Duration) *answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, shelf := range []*shelf{&c.providers, &c.failures} {
		if kept := shelf.get(domain); kept != nil && kept.fresh(now, maxAge) {
			return kept
		}
	}
	return nil
}

// put keeps the answer and returns it. A provider that is still fresh stays, and is returned, when the domain could only not be
// reached.
func (c *cache) put(domain browserid.Domain, latest *answer) *answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := c.providers.get(domain)
	if kept != nil && latest.unreachable() && kept.fresh(latest.fetched, MaxLifetime) {
		latest = &answer{provider: kept.provider, fetched: latest.fetched, expires: kept.expires}
	}
	c.providers.remove(domain)
	c.failures.remove(domain)
	if latest.failure == nil {
		c.providers.put(domain, latest)
	} else {
		c.failures.put(domain, latest)
	}
	return latest
}

// shelf is a map that forgets what was least recently used beyond its size.
type shelf struct {
	size    int
	entries map[browserid.Domain]*list.Element
	recent  *list.List // of shelved; most recent first
}

type shelved struct {
	domain browserid.Domain
	answer *answer
}

func newShelf(size int) shelf {
	return shelf{size: size, entries: make(map[browserid.Domain]*list.Element), recent: list.New()}
}

func (s *shelf) get(domain browserid.Domain) *answer {
	element, ok := s.entries[domain]
	if !ok {
		return nil
	}
	s.recent.MoveToFront(element)
	return element.Value.(shelved).answer
}

func (s *shelf) put(domain browserid.Domain, kept *answer) {
	s.entries[domain] = s.recent.PushFront(shelved{domain, kept})
	if len(s.entries) > s.size {
		s.remove(s.recent.Back().Value.(shelved).domain)
	}
}

func (s *shelf) remove(domain browserid.Domain) {
	if element, ok := s.entries[domain]; ok {
		s.recent.Remove(element)
		delete(s.entries, domain)
	}
}
