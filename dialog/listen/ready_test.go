package listen

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func ask(handler http.Handler) (int, string) {
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, httptest.NewRequest("GET", "/readyz", nil))
	return response.Code, response.Body.String()
}

func TestReadiness(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	var gone error
	asked := 0
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ready := &Readiness{
		Checks: []Check{
			{"database", func(context.Context) error { asked++; return gone }},
			{"keys", func(context.Context) error { return nil }},
		},
		Log: slog.New(slog.NewTextHandler(&log, nil)), Now: func() time.Time { return now },
	}
	assertAnswer := func(status int, body string) {
		t.Helper()
		gotStatus, gotBody := ask(ready)
		assert.Equal(t, status, gotStatus)
		assert.Equal(t, body, gotBody)
	}
	assertAnswer(200, "ready\n")
	gone = errors.New("dial postgres://secret@db")
	assertAnswer(200, "ready\n")
	assert.Equal(t, 1, asked, "an answer holds for a moment, whoever asks")
	now = now.Add(checkedFor)
	assertAnswer(503, "not ready: database\n")
	assert.Contains(t, log.String(), "dial postgres://secret@db", "why is for the log")
	gone = nil
	now = now.Add(checkedFor)
	assertAnswer(200, "ready\n")
	ready.End()
	assertAnswer(503, "not ready: ending\n")
}

func TestReadinessWaitsForNobody(t *testing.T) {
	t.Parallel()
	ready := &Readiness{Log: slog.New(slog.DiscardHandler), Checks: []Check{{"database", func(ctx context.Context) error {
		deadline, bounded := ctx.Deadline()
		assert.True(t, bounded)
		assert.LessOrEqual(t, time.Until(deadline), checkTimeout)
		return nil
	}}}}
	status, _ := ask(ready)
	assert.Equal(t, 200, status)
}

func TestAlive(t *testing.T) {
	t.Parallel()
	status, body := ask(http.HandlerFunc(Alive))
	assert.Equal(t, 200, status)
	assert.Equal(t, "ok\n", body)
}

// What is answered at the host's own origin is framed by nobody.
func TestProbesAreNotFramed(t *testing.T) {
	t.Parallel()
	for _, probe := range []http.Handler{http.HandlerFunc(Alive), &Readiness{Log: slog.New(slog.DiscardHandler)}} {
		response := httptest.NewRecorder()
		probe.ServeHTTP(response, httptest.NewRequest("GET", "/", nil))
		assert.Contains(t, response.Header().Get("Content-Security-Policy"), "frame-ancestors 'none'")
		assert.Equal(t, "nosniff", response.Header().Get("X-Content-Type-Options"))
	}
}
