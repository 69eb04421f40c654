package verifier

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/issuer"
)

// now is the time in all tests.
var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func at(offset time.Duration) browserid.Millis { return browserid.MillisOf(now.Add(offset)) }

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// Keys are made once for all tests of the package.
var (
	rs256 = newKey(browserid.RS256)
	es256 = newKey(browserid.ES256)
	eddsa = newKey(browserid.EdDSA)
)

func newKey(algorithm browserid.Algorithm) func() browserid.Signer {
	return sync.OnceValue(func() browserid.Signer { return must(issuer.GenerateKey(algorithm)) })
}

// providers is a Discovery made of answers: a *discovery.Provider or an error.
type providers map[browserid.Domain]any

func (p providers) Discover(_ context.Context, domain browserid.Domain) (*discovery.Provider, error) {
	switch answer := p[domain].(type) {
	case *discovery.Provider:
		return answer, nil
	case error:
		return nil, answer
	default:
		return nil, &discovery.Error{State: discovery.Absent, Domain: domain, Reason: "There is none."}
	}
}

func provider(authority browserid.Domain) *discovery.Provider {
	return &discovery.Provider{Authority: authority, Keys: []browserid.PublicKey{es256().PublicKey()}}
}

// world is a set of domains, one for each outcome of a discovery.
func world() providers {
	return providers{
		"idp.test":      provider("idp.test"),
		"login.example": provider("login.example"),
		"own.example":   provider("own.example"),
		"offline.test":  &discovery.Error{State: discovery.Offline, Domain: "offline.test", Reason: "No answer."},
		"crowded.test":  &discovery.Error{State: discovery.Offline, Domain: "crowded.test", Err: discovery.ErrBusy},
		"broken.test":   io.ErrUnexpectedEOF,
	}
}

func testConfig() Config {
	return Config{
		Discovery: world(),
		Fallbacks: []browserid.Domain{"login.example"},
		Now:       func() time.Time { return now },
	}
}

func newTestVerifier(tb testing.TB, config Config) http.Handler {
	tb.Helper()
	handler, err := New(config)
	require.NoError(tb, err)
	return handler
}

// ann is whom the tests sign in.
const ann = "ann@idp.test"

// bundle signs a sign-in at https://rp.test, as changed.
func bundle(changes ...func(*browserid.Certificate, *browserid.Assertion)) string {
	return bundleOf(es256(), eddsa(), changes...)
}

func bundleOf(issuer, user browserid.Signer, changes ...func(*browserid.Certificate, *browserid.Assertion)) string {
	certificate := browserid.Certificate{
		Issuer: "idp.test", IssuedAt: at(-time.Minute), Expires: at(time.Hour),
		PublicKey: user.PublicKey(), Principal: browserid.Principal{Email: ann},
	}
	assertion := browserid.Assertion{Audience: "https://rp.test", Expires: at(2 * time.Minute)}
	for _, change := range changes {
		change(&certificate, &assertion)
	}
	return must(browserid.SignCertificate(context.Background(), issuer, certificate)) + "~" +
		must(browserid.SignAssertion(context.Background(), user, assertion))
}

// speak makes an issuer vouch for an address.
func speak(issuer string, address browserid.Email) func(*browserid.Certificate, *browserid.Assertion) {
	return func(c *browserid.Certificate, _ *browserid.Assertion) {
		c.Issuer, c.Principal.Email = issuer, address
	}
}

func post(handler http.Handler, target, contentType, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
	request.Header.Set("Content-Type", contentType)
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, request)
	return response
}

// form writes name, value, name, value, …
func form(pairs ...string) string {
	fields := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		fields.Add(pairs[i], pairs[i+1])
	}
	return fields.Encode()
}

// object writes a JSON object of name, value, name, value, …
func object(pairs ...any) string {
	members := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		members[pairs[i].(string)] = pairs[i+1]
	}
	return string(must(json.Marshal(members)))
}

func replyOf(tb testing.TB, response *httptest.ResponseRecorder) Reply {
	tb.Helper()
	require.Equal(tb, "application/json", response.Header().Get("Content-Type"), response.Body.String())
	var reply Reply
	decoder := json.NewDecoder(response.Body)
	decoder.DisallowUnknownFields()
	require.NoError(tb, decoder.Decode(&reply))
	return reply
}
