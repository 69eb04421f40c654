package dialog

import (
	"cmp"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/navid-login/navid/agent/browserid"
)

// What one client may ask about domains (G15): each question may be a lookup of
// another one. A person asks once or twice a sign-in; the burst leaves room for an
// office behind one address.
const (
	clientRate  = rate.Limit(1) // a second
	clientBurst = 30
)

// limitIdle is after how long an idle client has its whole burst again.
const limitIdle = clientBurst * time.Second

// What one client may ask of the fallback provider. Its own limits are counted in
// the database, which costs a write also for who is beyond them: this keeps one
// client from keeping all others waiting for that. A dialog that waits for its link
// asks about once a second, so that this is room for a hundred at a time.
const (
	floodRate  = rate.Limit(100) // a second
	floodBurst = 1000
)

// pace is how fast, and how much at once.
type pace struct {
	rate  rate.Limit
	burst int
}

var (
	lookups = pace{clientRate, clientBurst}
	floods  = pace{floodRate, floodBurst}
)

// idle is after how long an idle client has its whole burst again.
func (p pace) idle() time.Duration {
	return time.Duration(float64(p.burst) / float64(p.rate) * float64(time.Second))
}

// maxClients bounds the clients that a limiter remembers; about 200 bytes each.
const maxClients = 20_000

// limiter bounds what each client may do. It forgets clients by generations: who
// is in neither of the two has been idle for long enough, so that nothing is
// forgiven, unless more than maxClients came within that time.
type limiter struct {
	pace      pace // zero: lookups
	mu        sync.Mutex
	young     map[netip.Prefix]*rate.Limiter
	old       map[netip.Prefix]*rate.Limiter
	youngFrom time.Time
}

// wait returns how long the client has to wait, or 0 when it may go on now.
func (l *limiter) wait(client netip.Prefix, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.bucket(client, now)
	reservation := bucket.ReserveN(now, 1)
	delay := reservation.DelayFrom(now)
	if delay > 0 {
		reservation.CancelAt(now)
	}
	return delay
}

func (l *limiter) bucket(client netip.Prefix, now time.Time) *rate.Limiter {
	pace := cmp.Or(l.pace, lookups)
	if now.Sub(l.youngFrom) >= pace.idle() || len(l.young) >= maxClients/2 {
		l.old, l.young, l.youngFrom = l.young, make(map[netip.Prefix]*rate.Limiter), now
	}
	bucket, known := l.young[client]
	if !known {
		bucket, known = l.old[client]
	}
	if !known {
		bucket = rate.NewLimiter(pace.rate, pace.burst)
	}
	l.young[client] = bucket
	return bucket
}

// limitClients answers 429 to clients that ask too often.
func (h *host) limitClients(pace pace, next http.Handler) http.Handler {
	limits := &limiter{pace: pace}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client, ok := h.proxies.Client(r)
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		if delay := limits.wait(client, h.now()); delay > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(delay.Seconds()))))
			problem{http.StatusTooManyRequests, "too_many_requests", "There have been too many questions from here. Please wait a little."}.
				writeAt(w, browserid.MillisOf(h.now()))
			return
		}
		next.ServeHTTP(w, r)
	})
}
