//go:build js && wasm

package main

import (
	"sync"
	"time"

	"github.com/navid-login/navid/agent/browserid"
)

// clock is the login host's time. Many browsers' clocks are wrong, so they are
// only asked how much time has passed since the host last told.
type clock struct {
	mu   sync.Mutex
	host time.Time // the host's time,
	told time.Time // when it was told, by a clock that nobody sets
}

// newClock returns a clock that begins at the host's time, or at this
// browser's if that is not known.
func newClock(host browserid.Millis) *clock {
	c := new(clock)
	if host <= 0 {
		host = browserid.MillisOf(time.Now())
	}
	c.set(host)
	return c
}

// set corrects the clock, which stands still while the computer sleeps.
func (c *clock) set(host browserid.Millis) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.host, c.told = host.Time(), time.Now()
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.host.Add(time.Since(c.told))
}
