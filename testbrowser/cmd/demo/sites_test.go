package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/issuer"
)

func TestSites(t *testing.T) {
	t.Parallel()
	demo, err := newSites(8080)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, demo.close()) })
	for _, c := range []struct {
		url      string
		status   int
		contains string
	}{
		{"http://rp.localhost:8080/", http.StatusOK, `src="http://login.localhost:8080/agent.js"`},
		{"http://login.localhost:8080/sign_in", http.StatusOK, "navid-now"},
		{"http://login.localhost:8080/agent.js", http.StatusOK, "navigator.id"},
		{"http://idp.localhost:8080" + issuer.Path, http.StatusOK, `"provisioning":"/provision"`},
		{"http://idp.localhost:8080/provision", http.StatusOK, `src="http://login.localhost:8080/provisioning_api.js"`},
		{"http://mail.localhost:8080/", http.StatusOK, "Nothing yet"},
		{"http://mail.localhost:8080" + issuer.Path, http.StatusNotFound, ""},
		{"http://login.localhost:8080" + issuer.Path, http.StatusOK, "public-key"},
		{"http://localhost:8080/", http.StatusFound, "http://rp.localhost:8080"},
	} {
		recorder := httptest.NewRecorder()
		demo.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, c.url, nil))
		assert.Equal(t, c.status, recorder.Code, c.url)
		assert.Contains(t, recorder.Body.String(), c.contains, c.url)
	}
}

func TestWelcomeSaysWhatToType(t *testing.T) {
	t.Parallel()
	welcome := (&sites{port: 8080}).welcome()
	for _, text := range []string{"http://rp.localhost:8080\n", "alice@idp.localhost\n", "correct horse\n", "http://login.localhost:8080"} {
		assert.Contains(t, welcome, text)
	}
}

func TestRunStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, 0) }()
	cancel()
	select {
	case err := <-ended:
		assert.True(t, err == nil || errors.Is(err, context.Canceled), err)
	case <-time.After(10 * time.Second):
		t.Fatal("still running")
	}
}
