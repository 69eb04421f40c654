package listen

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Check is one thing that a host cannot do without.
type Check struct {
	Name string // that anybody may read
	Do   func(ctx context.Context) error
}

const (
	// checkTimeout is how long all checks together may take.
	checkTimeout = 2 * time.Second
	// checkedFor is for how long an answer holds, whoever asks how often.
	checkedFor = time.Second
)

// Readiness answers for a balancer whether to send people here.
type Readiness struct {
	Checks []Check
	Log    *slog.Logger
	Now    func() time.Time // nil: time.Now

	mu      sync.Mutex
	checked time.Time
	failed  []string
	ending  bool
}

// End makes all later answers no: the host is about to leave.
func (r *Readiness) End() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ending = true
}

// Ready tells what ServeHTTP would answer.
func (r *Readiness) Ready() bool { return len(r.failing(context.Background())) == 0 }

// ServeHTTP implements [http.Handler]: 200, or 503 with the names of what fails.
// Why it fails is in the log only.
func (r *Readiness) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	failed := r.failing(context.WithoutCancel(request.Context()))
	setHeaders(w.Header())
	if len(failed) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "not ready: "+strings.Join(failed, ", ")+"\n")
		return
	}
	_, _ = io.WriteString(w, "ready\n")
}

// failing are the names of the checks that fail now, or did a moment ago.
func (r *Readiness) failing(ctx context.Context) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now
	if r.Now != nil {
		now = r.Now
	}
	switch {
	case r.ending:
		return []string{"ending"}
	case !r.checked.IsZero() && now().Sub(r.checked) < checkedFor:
		return r.failed
	}
	r.failed = r.check(ctx)
	r.checked = now()
	return r.failed
}

func (r *Readiness) check(ctx context.Context) (failed []string) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	for _, check := range r.Checks {
		if err := check.Do(ctx); err != nil {
			r.Log.Warn("not ready", "check", check.Name, "error", err)
			failed = append(failed, check.Name)
		}
	}
	return failed
}

// Alive says that the process answers; it depends on nothing else.
func Alive(w http.ResponseWriter, _ *http.Request) {
	setHeaders(w.Header())
	_, _ = io.WriteString(w, "ok\n")
}

// setHeaders is for text that no page is to frame or read (abuse test 38): these
// answers are of the origin that people sign in at, too.
func setHeaders(header http.Header) {
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Referrer-Policy", "no-referrer")
}
