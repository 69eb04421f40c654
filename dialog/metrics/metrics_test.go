package metrics

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Counters name routes of the host, and nothing that a visitor wrote.
func TestMetrics(t *testing.T) {
	t.Parallel()
	m := New()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/{what}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) })
	mux.HandleFunc("GET /sign_in", func(http.ResponseWriter, *http.Request) {})
	host := m.Requests(mux)
	for _, request := range []*http.Request{
		httptest.NewRequest("POST", "/api/ann@idp.test?secret", nil),
		httptest.NewRequest("GET", "/sign_in?email=ann@idp.test", nil),
		httptest.NewRequest("GET", "/no-such-ann", nil),
		httptest.NewRequest("ANN", "/sign_in", nil),
	} {
		host.ServeHTTP(httptest.NewRecorder(), request)
	}
	m.Mail("sent")
	ready := false
	m.Ready(func() bool { return ready })

	text := scrape(m)
	assert.Contains(t, text, `navid_requests_total{route="POST /api/{what}",status="429"} 1`)
	assert.Contains(t, text, `navid_requests_total{route="GET /sign_in",status="200"} 1`)
	assert.Contains(t, text, `navid_requests_total{route="none",status="404"} 1`)
	assert.Contains(t, text, `navid_requests_total{route="none",status="405"} 1`)
	assert.Contains(t, text, `navid_request_seconds_count{route="GET /sign_in"} 1`)
	assert.Contains(t, text, `navid_mail_attempts_total{outcome="sent"} 1`)
	assert.Contains(t, text, "navid_ready 0")
	assert.Contains(t, text, "go_goroutines")
	for _, private := range []string{"ann", "ANN", "idp.test", "secret"} {
		assert.NotContains(t, text, private)
	}
	ready = true
	assert.Contains(t, scrape(m), "navid_ready 1")
}

func scrape(m *Metrics) string {
	response := httptest.NewRecorder()
	m.Handler().ServeHTTP(response, httptest.NewRequest("GET", "/metrics", nil))
	return response.Body.String()
}
