package dialog

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog/check"
)

// detailed is a discovery that tells its hops, of one domain whose provider has pages by path.
type detailed struct {
	discoverFunc
	pages   map[string]string
	headers map[string]string
}

func (d detailed) Trace(_ context.Context, domain browserid.Domain) *discovery.Trace {
	provider, err := d.discoverFunc(domain)
	trace := &discovery.Trace{Provider: provider}
	if err != nil {
		trace.Failure = err.(*discovery.Error)
		trace.Err = trace.Failure
	}
	return trace
}

func (d detailed) Visit(_ context.Context, page *url.URL) discovery.Hop {
	header := http.Header{"Content-Type": {"text/html"}}
	for name, value := range d.headers {
		header.Set(name, value)
	}
	return discovery.Hop{URL: page.String(), Asked: testNow, Status: http.StatusOK, Header: header, Body: []byte(d.pages[page.Path])}
}

func withPages(script string) detailed {
	return detailed{
		discoverFunc: func(domain browserid.Domain) (*discovery.Provider, error) {
			return &discovery.Provider{
				Domain: domain, Authority: domain, Authentication: "https://idp.test/in", Provisioning: "https://idp.test/prove",
			}, nil
		},
		pages: map[string]string{
			"/in":    `<script src="` + script + `/authentication_api.js"></script>`,
			"/prove": `<script src="` + script + `/provisioning_api.js"></script>`,
		},
	}
}

// The scripts must be this host's own: another host's are an error here.
func TestCheck(t *testing.T) {
	t.Parallel()
	for script, want := range map[string][]string{testURL: nil, "https://other.example": {"script_other_host"}} {
		config := testConfig()
		config.Discovery = withPages(script)
		handler := newTestHost(t, config)
		response := do(handler, "POST", "/api/check", `{"domain":"IdP.test"}`, "Sec-Fetch-Site: same-origin")
		require.Equal(t, 200, response.Code)
		assert.Equal(t, "no-store", response.Header().Get("Cache-Control"))
		var reply struct {
			check.Report
			Now browserid.Millis
		}
		require.NoError(t, json.Unmarshal(response.Body.Bytes(), &reply))
		assert.Equal(t, "idp.test", reply.Subject)
		assert.Equal(t, want, reply.Codes(check.Error), script)
		assert.Equal(t, browserid.MillisOf(testNow), reply.Now)
		assert.NotEmpty(t, reply.Unseen)
		page := do(handler, "GET", "/check", "")
		assert.Equal(t, 200, page.Code)
		assert.Equal(t, wantCSP, page.Header().Get("Content-Security-Policy"))
	}
}

// An address is no domain: the page sends what is behind the @ alone, and nothing else is taken.
func TestCheckTakesDomainsAlone(t *testing.T) {
	t.Parallel()
	config := testConfig()
	config.Discovery = withPages(testURL)
	handler := newTestHost(t, config)
	for body, want := range map[string]int{
		`{"domain":"ann@idp.test"}`:            400,
		`{"domain":"idp.test","site":"x"}`:     400,
		`{}`:                                   400,
		`{"domain":"https://idp.test/secret"}`: 400,
	} {
		assert.Equal(t, want, do(handler, "POST", "/api/check", body, "Sec-Fetch-Site: same-origin").Code, body)
	}
	assert.Equal(t, 403, do(handler, "POST", "/api/check", `{"domain":"idp.test"}`, "Sec-Fetch-Site: cross-site").Code)
}

func TestCheckIsLimited(t *testing.T) {
	t.Parallel()
	config := testConfig()
	config.Discovery = withPages(testURL)
	handler := newTestHost(t, config)
	ask := func() int {
		return do(handler, "POST", "/api/check", `{"domain":"idp.test"}`, "Sec-Fetch-Site: same-origin").Code
	}
	for range checks.burst {
		require.Equal(t, 200, ask())
	}
	assert.Equal(t, 429, ask())
}

// stuck is a discovery of domains that do not answer.
type stuck struct {
	detailed
	asked, answer chan struct{}
}

func (s stuck) Trace(ctx context.Context, domain browserid.Domain) *discovery.Trace {
	s.asked <- struct{}{}
	<-s.answer
	return s.detailed.Trace(ctx, domain)
}

// Any number of networks together have so many checks under way, and no more.
func TestChecksAreLimitedTogether(t *testing.T) {
	t.Parallel()
	slow := stuck{withPages(testURL), make(chan struct{}), make(chan struct{})}
	config := testConfig()
	config.Discovery = slow
	handler := newTestHost(t, config)
	ask := func(network int) int {
		peer := fmt.Sprintf("Peer: [2001:db8:0:%x::1]:443", network)
		return do(handler, "POST", "/api/check", `{"domain":"idp.test"}`, "Sec-Fetch-Site: same-origin", peer).Code
	}
	answers := make(chan int)
	for network := range maxChecks {
		go func() { answers <- ask(network) }()
		<-slow.asked
	}
	assert.Equal(t, 503, ask(maxChecks))
	close(slow.answer)
	for range maxChecks {
		assert.Equal(t, 200, <-answers)
	}
	go func() { <-slow.asked }()
	assert.Equal(t, 200, ask(maxChecks))
}

// A discovery that cannot tell its hops has no check, and is no fault.
func TestNoCheckWithoutHops(t *testing.T) {
	t.Parallel()
	handler := newTestHost(t, testConfig())
	assert.Equal(t, 404, do(handler, "GET", "/check", "").Code)
	assert.Equal(t, 404, do(handler, "POST", "/api/check", `{"domain":"idp.test"}`, "Sec-Fetch-Site: same-origin").Code)
}
