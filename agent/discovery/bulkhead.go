package discovery

import (
	"context"
	"time"
)

// DefaultMaxLookups is how many lookups of each kind run at once.
const DefaultMaxLookups = 64

const (
	// queueTimeout bounds the wait for a slot; it leaves most of TotalTimeout to the lookup itself.
	queueTimeout = 4 * time.Second
	// queueFactor bounds those who wait, as a multiple of the slots.
	queueFactor = 4
)

// bulkhead keeps strangers, whose names anybody can make up by the thousand, from holding up domains that had a provider (G15).
type bulkhead struct {
	known, strangers lane
}

func newBulkhead(slots int) *bulkhead {
	return &bulkhead{known: newLane(slots), strangers: newLane(slots)}
}

// enter waits for a slot; the caller calls leave when done. It fails with ErrBusy.
func (b *bulkhead) enter(ctx context.Context, known bool) (leave func(), err error) {
	if known {
		return b.known.enter(ctx)
	}
	return b.strangers.enter(ctx)
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
