package verify

import (
	"cmp"
	"container/heap"
	"context"
	"crypto/sha256"
	"errors"
	"sync"
	"time"
)

// ReplayKey names an assertion: the SHA-256 of the thumbprint of the key that
// signed it and of what it signed. Neither another valid signature of the same
// text, such as (r, n-s) in ECDSA, nor another certificate of the same key makes
// a new name (E12, G16).
type ReplayKey [sha256.Size]byte

// ReplayCache remembers which assertions were used. Replicas of a site must
// share one. It is asked only about assertions that are valid otherwise.
type ReplayCache interface {
	// Use records the key and reports whether it was new. It must do both in one
	// step, and keep the key until expires.
	Use(ctx context.Context, key ReplayKey, expires time.Time) (fresh bool, err error)
}

// checkReplay is D5.11.
func (v *Verifier) checkReplay(ctx context.Context, e *evidence) error {
	if v.config.Replay == nil {
		return nil
	}
	until := e.assertion.Expires.Time().Add(v.config.Leeway) // after that it is expired anyway
	fresh, err := v.config.Replay.Use(ctx, replayKey(e), until)
	if err != nil {
		return &Error{Code: CodeReplayCache, Detail: "not known whether the assertion was used", Err: err}
	}
	if !fresh {
		return refuse(CodeReplay, "the assertion was used before")
	}
	return nil
}

func replayKey(e *evidence) ReplayKey {
	thumbprint := sha256.Sum256(e.certificate.PublicKey.JWK()) // RFC 7638
	return sha256.Sum256(append(thumbprint[:], e.assertionToken.SigningInput...))
}

// DefaultReplayLimit is how many assertions a ReplayMemory keeps: those of more
// than 300 sign-ins a second, in some 15 MB.
const DefaultReplayLimit = 100_000

// ErrReplayMemoryFull is what a full ReplayMemory answers.
var ErrReplayMemoryFull = errors.New("the replay memory is full of assertions that have not expired")

// ReplayMemory is a ReplayCache for one process. The zero value is ready.
type ReplayMemory struct {
	// Limit is the most assertions that are kept; 0 means DefaultReplayLimit. While
	// that many have not expired, new ones are refused with ErrReplayMemoryFull. To
	// forget one instead would let anybody with a domain of his own, who can sign
	// in as often as he likes, flush a stolen assertion out and use it again; the
	// refusals end when the flood has expired, minutes later. Other limits may fail
	// open for verification (G16), but not the one that was asked for by name.
	Limit int
	// Now is the clock; nil means time.Now.
	Now func() time.Time

	mutex sync.Mutex
	used  map[ReplayKey]bool
	queue expiryQueue
}

// Use implements ReplayCache.
func (m *ReplayMemory) Use(_ context.Context, key ReplayKey, expires time.Time) (bool, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.forgetExpired()
	if m.used[key] {
		return false, nil
	}
	if len(m.used) >= cmp.Or(m.Limit, DefaultReplayLimit) {
		return false, ErrReplayMemoryFull
	}
	if m.used == nil {
		m.used = map[ReplayKey]bool{}
	}
	m.used[key] = true
	heap.Push(&m.queue, expiry{key, expires})
	return true, nil
}

func (m *ReplayMemory) forgetExpired() {
	now := time.Now
	if m.Now != nil {
		now = m.Now
	}
	for len(m.queue) > 0 && m.queue[0].at.Before(now()) {
		delete(m.used, heap.Pop(&m.queue).(expiry).key)
	}
}

type expiry struct {
	key ReplayKey
	at  time.Time
}

// expiryQueue is a heap with what expires first on top.
type expiryQueue []expiry

func (q expiryQueue) Len() int           { return len(q) }
func (q expiryQueue) Less(i, j int) bool { return q[i].at.Before(q[j].at) }
func (q expiryQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *expiryQueue) Push(x any)        { *q = append(*q, x.(expiry)) }
func (q *expiryQueue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
