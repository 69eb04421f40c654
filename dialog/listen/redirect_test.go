package listen

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/agent/browserid"
)

func TestRedirect(t *testing.T) {
	t.Parallel()
	handler := Redirect([]browserid.Origin{"https://login.example", "https://intern.example:8443"})
	tests := []struct {
		method, host, target string
		status               int
		location             string
	}{
		{"GET", "login.example", "/sign_in?AUTH_RETURN", 301, "https://login.example/sign_in?AUTH_RETURN"},
		{"HEAD", "LOGIN.example:80", "/", 301, "https://login.example/"},
		{"GET", "intern.example", "/", 301, "https://intern.example:8443/"},
		{"GET", "login.example", "//evil.test/", 301, "https://login.example//evil.test/"},
		{"POST", "login.example", "/verify", 403, ""},
		{"GET", "evil.test", "/", 421, ""},
		{"GET", "", "/", 421, ""},
	}
	for _, test := range tests {
		request := httptest.NewRequest(test.method, "http://x"+test.target, nil)
		request.Host = test.host
		response := httptest.NewRecorder()
		handler.ServeHTTP(response, request)
		assert.Equal(t, test.status, response.Code, test.host)
		assert.Equal(t, test.location, response.Header().Get("Location"))
	}
}
