package dialog

import (
	"log/slog"
	"net/http"
	"time"
)

// logRequests writes one line a request. It holds the route's pattern, never
// the URL, Referer or Origin: those could tell which site a person signs in
// to (design.md, principle 4).
func logRequests(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		response := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(response, r)
		log.LogAttrs(r.Context(), slog.LevelInfo, "request",
			slog.String("route", r.Pattern),
			slog.Int("status", response.status),
			slog.Duration("took", time.Since(start)))
	})
}

// statusWriter remembers the status that was sent.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements [http.ResponseWriter].
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap gives [http.ResponseController] the writer below.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
