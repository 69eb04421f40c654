package peer

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/verify"
)

// now is the time in all tests.
var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

const minute = 60_000 // in milliseconds

// at returns the time that lies so many milliseconds from now, as JSON.
func at(offset int64) string { return strconv.FormatInt(now.UnixMilli()+offset, 10) }

// setting is how a bundle is verified.
type setting struct {
	audience   string
	fallback   string
	trusted    []string
	legacy     bool // AllowLegacyKeys
	unverified bool // AllowUnverified
	world      world
}

// world is what each domain answers when it is asked for its support document.
type world map[string]answer

type answer struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

// with returns a world in which one domain publishes something else.
func (w world) with(domain, document string) world {
	return w.answering(domain, http.StatusOK, document)
}

func (w world) answering(domain string, status int, body string) world {
	changed := maps.Clone(w)
	changed[domain] = answer{status, body}
	return changed
}

// provider is the document of an identity provider with one key.
func provider(key string, more ...string) string {
	document := members{{"public-key", key}, {"authentication", `"/sign_in"`}, {"provisioning", `"/provision"`}}
	for i := 0; i < len(more); i += 2 {
		document.set(more[i], more[i+1])
	}
	return document.String()
}

func delegation(authority string) string { return `{"authority":` + quote(authority) + `}` }

// newSetting is that of all seeds unless they say otherwise. The names are those
// that the certificate of net/http/httptest is for.
func newSetting() setting {
	issuer, other := issuerKey().public, otherKey().public
	w := world{}
	for domain, document := range map[string]string{
		"idp":      provider(issuer),
		"two":      provider(other, "keys", "["+issuer+"]"),
		"hosted":   delegation("idp.example.com"),
		"other":    provider(other),
		"login":    provider(other),
		"own":      provider(issuer),
		"disabled": `{"disabled":true}`,
		"broken":   `{"nonsense":true}`,
		"circle":   delegation("circle.example.com"),
		"lost":     delegation("none.example.com"),
		"hop5":     delegation("idp.example.com"),
		"hop4":     delegation("hop5.example.com"),
		"hop3":     delegation("hop4.example.com"),
		"hop2":     delegation("hop3.example.com"),
		"hop1":     delegation("hop2.example.com"),
		"hop0":     delegation("hop1.example.com"),
	} {
		w[domain+".example.com"] = answer{http.StatusOK, document}
	}
	w["down.example.com"] = answer{http.StatusServiceUnavailable, ""}
	return setting{
		audience: "https://rp.example.com",
		fallback: "login.example.com",
		trusted:  []string{"own.example.com"},
		world:    w,
	}
}

// ours is our verifier for a setting.
func (s setting) ours(worlds *worlds) *verify.Verifier {
	trusted := make([]browserid.Domain, len(s.trusted))
	for i, domain := range s.trusted {
		trusted[i] = browserid.Domain(domain)
	}
	return must(verify.New(verify.Config{
		Audience:        browserid.Origin(s.audience),
		Discovery:       worlds.client(s.world),
		Fallbacks:       []browserid.Domain{browserid.Domain(s.fallback)},
		TrustedIssuers:  trusted,
		AllowLegacyKeys: s.legacy,
		AllowUnverified: s.unverified,
		Now:             func() time.Time { return now },
	}))
}

// request is the same for the old verifier.
func (s setting) request(bundle string) verifyRequest {
	return verifyRequest{
		Op: "verify", Bundle: bundle, Audience: s.audience, Now: now.UnixMilli(),
		Documents: s.world, Fallback: s.fallback, TrustedIssuers: s.trusted,
	}
}

// worlds are servers that play all domains of a world, and clients of them: our
// verifier meets support documents as it does in earnest.
type worlds struct {
	t       testing.TB
	clients map[string]*discovery.Client
}

func newWorlds(t testing.TB) *worlds { return &worlds{t, map[string]*discovery.Client{}} }

func (w *worlds) client(of world) *discovery.Client {
	name := string(must(json.Marshal(of)))
	if w.clients[name] == nil {
		w.clients[name] = w.serve(of)
	}
	return w.clients[name]
}

func (w *worlds) serve(of world) *discovery.Client {
	server := httptest.NewUnstartedServer(of)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of domains that its certificate is not for
	server.StartTLS()
	w.t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return discovery.New(discovery.Config{
		RootCAs: roots,
		Now:     func() time.Time { return now },
		InsecureDial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
		},
	})
}

// ServeHTTP answers as the domain that is asked.
func (w world) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	answer, found := w[request.Host]
	if !found {
		answer.Status = http.StatusNotFound
	}
	response.Header().Set("Content-Type", "application/json")
	response.WriteHeader(answer.Status)
	_, _ = io.WriteString(response, answer.Body)
}
