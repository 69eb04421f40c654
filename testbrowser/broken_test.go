package testbrowser_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/dialog"
	"github.com/navid-login/navid/dialog/check"
	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

// brokenDomain is a mail domain whose owner got something wrong.
type brokenDomain struct {
	name  string // its host is this in .test
	build func(b *brokenWorld, host string)
	// code is the worst finding of navid check.
	code string
	// screen is the error that a person sees who signs in with an address of it. None is worksAnyway or staysOpen.
	screen agent.Code
}

const (
	worksAnyway agent.Code = "works" // the person is signed in
	staysOpen   agent.Code = "open"  // the provider's window stays open, and the dialog waits for the person
)

// brokenDomains are the ways to get it wrong: the document, the way there, the pages.
var brokenDomains = []brokenDomain{
	{"missing", knobs(idp.DocumentMissing), "document_missing", agent.CodeNoProvider},
	{"failing", knobs(idp.DocumentFailing), "document_failing", agent.CodeProviderUnreachable},
	{"redirected", knobs(idp.DocumentRedirected), "document_redirected", agent.CodeNoProvider},
	{"disabled", knobs(idp.DocumentDisabled), "disabled", agent.CodeNoProvider},
	{"half-json", knobs(idp.DocumentBroken), "json_syntax", agent.CodeProviderInvalid},
	{"forbidden", sends(http.StatusForbidden, "text/plain", "no"), "document_status", agent.CodeNoProvider},
	{"as-html", sends(http.StatusOK, "text/html", goodDocument), "document_type", agent.CodeNoProvider},
	{"huge", document(`{"padding":"` + strings.Repeat("x", 100_000) + `"}`), "document_too_large", agent.CodeProviderInvalid},
	{"endless", endless, "document_unfinished", agent.CodeProviderUnreachable},
	{"slow", neverAnswers, "no_answer", agent.CodeProviderUnreachable},

	{"twice", document(`{"authority":"idp.test","authority":"idp.test"}`), "json_duplicate", agent.CodeProviderInvalid},
	{"no-object", document(`"str"`), "json_no_object", agent.CodeProviderInvalid},
	{"deep", document(`{"x":` + strings.Repeat("[", 20) + strings.Repeat("]", 20) + `}`), "json_limits", agent.CodeProviderInvalid},
	{"utf-16", document("{\xff\xfe}"), "json_encoding", agent.CodeProviderInvalid},
	{"disabled-in-quotes", document(`{"disabled":"true"}`), "disabled_broken", agent.CodeProviderInvalid},
	{"authority-as-url", document(`{"authority":"https://idp.test/"}`), "authority_broken", agent.CodeProviderInvalid},
	{"path-as-url", document(strings.Replace(goodDocument, "/provision", "https://x.test/provision", 1)), "path_broken", agent.CodeProviderInvalid},
	{"no-path", document(strings.Replace(goodDocument, `"provisioning"`, `"provision"`, 1)), "path_broken", agent.CodeProviderInvalid},
	{"no-key", document(strings.Replace(goodDocument, `"public-key"`, `"key"`, 1)), "keys_none", agent.CodeProviderInvalid},
	{"keys-as-object", document(strings.Replace(goodDocument, `"public-key"`, `"keys"`, 1)), "keys_broken", agent.CodeProviderInvalid},
	{"half-key", document(withKey(`{"algorithm":"RS","e":"65537"}`)), "key_broken", agent.CodeProviderInvalid},
	{"weak-key", document(withKey(rsaKey(384))), "key_weak", agent.CodeProviderInvalid},
	{"large-key", document(withKey(rsaKey(2000))), "key_large", agent.CodeProviderInvalid},
	{"private-key", document(withKey(`{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}`)), "key_private", agent.CodeProviderInvalid},
	{"unknown-key", document(withKey(`{"kty":"EC","crv":"P-521","x":"AA","y":"AA"}`)), "key_unknown", agent.CodeProviderInvalid},

	{"circle", delegates("round.test", "circle.test"), "delegation_cycle", agent.CodeProviderInvalid},
	{"six-hops", delegates("hop-1.test", "hop-2.test", "hop-3.test", "hop-4.test", "hop-5.test", "hop-6.test", "hop-7.test"), "delegation_too_long", agent.CodeProviderInvalid},
	{"to-localhost", delegates("localhost"), "delegation_localhost", agent.CodeProviderInvalid},
	{"to-nobody", delegates(nobody), "no_address", agent.CodeProviderUnreachable},
	{"private", dialled(&net.OpError{Op: "dial", Err: discovery.ErrAddressBarred}), "no_address", agent.CodeNoProvider},
	{"unserved", dialled(&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}), "refused", agent.CodeNoProvider},
	{"dns-failing", dialled(&net.DNSError{Err: "server misbehaving", IsTemporary: true}), "dns_failing", agent.CodeProviderUnreachable},

	{"tls-over", withCertificate(func(leaf *x509.Certificate) { leaf.NotAfter = time.Now().Add(-time.Minute) }), "tls_expired", agent.CodeNoProvider},
	{"tls-early", withCertificate(func(leaf *x509.Certificate) { leaf.NotBefore = time.Now().Add(time.Hour) }), "tls_not_yet_valid", agent.CodeNoProvider},
	{"tls-name", withCertificate(func(leaf *x509.Certificate) { leaf.DNSNames = []string{"www.tls-name.test"} }), "tls_wrong_name", agent.CodeNoProvider},
	{"tls-soon", withCertificate(func(leaf *x509.Certificate) { leaf.NotAfter = time.Now().Add(24 * time.Hour) }), "tls_ends_soon", worksAnyway},

	{"no-provisioning", knobs(idp.ProvisioningMissing), "page_missing", agent.CodeProviderSilent},
	{"provisioning-away", knobs(idp.ProvisioningElsewhere), "page_redirected", agent.CodeProviderSilent},
	{"provisioning-text", knobs(idp.ProvisioningAsText), "page_type", agent.CodeProviderSilent},
	{"script-none", knobs(idp.Silent), "script_missing", agent.CodeProviderSilent},
	{"script-csp", knobs(idp.ScriptForbidden), "csp_script", agent.CodeProviderSilent},
	{"script-http", knobs(idp.ScriptInsecure), "script_http", agent.CodeProviderSilent},
	{"script-other", knobs(idp.ScriptOfAnotherHost), "script_other_host", agent.CodeProviderSilent},
	{"no-authentication", knobs(idp.AuthenticationMissing), "page_missing", staysOpen},

	{"frames-refused", knobs(idp.FramesRefused), "frame_refused", worksAnyway},
	{"framed", knobs(idp.AuthenticationFramed), "frame_open", worksAnyway},
	{"coop-sign-in", knobs(idp.AuthenticationCOOP), "coop", worksAnyway},
	{"coop-provision", knobs(idp.ProvisioningCOOP), "coop", worksAnyway},
	{"slow-page", knobs(idp.Slow), "page_slow", worksAnyway},
	{"wrong-clock", wrongClock, "clock_wrong", agent.CodeCertificateWrongTime},
}

const (
	aKey         = `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`
	goodDocument = `{"public-key":` + aKey + `,"authentication":"/sign_in","provisioning":"/provision"}`
	nobody       = "nobody.test"
)

func withKey(key string) string { return strings.Replace(goodDocument, aKey, key, 1) }

// rsaKey is one of a number of decimal digits.
func rsaKey(digits int) string {
	return `{"algorithm":"RS","e":"65537","n":"` + strings.Repeat("7", digits) + `"}`
}

// brokenWorld is a world with all broken domains, in which some names cannot be dialled.
type brokenWorld struct {
	*testbrowser.World
	t       *testing.T
	refused map[string]error // by host
}

func newBrokenWorld(t *testing.T) *brokenWorld {
	t.Helper()
	b := &brokenWorld{t: t, refused: map[string]error{nobody: &net.DNSError{Err: "no such host", Name: nobody, IsNotFound: true}}}
	b.World = testbrowser.NewWorld(t, testbrowser.WithDialog(func(config *dialog.Config) {
		config.Discovery = lateDiscovery(sync.OnceValue(b.discovery))
	}))
	b.Handle(strings.TrimPrefix(idp.AnotherHost, "https://"), http.NotFoundHandler())
	for _, domain := range brokenDomains {
		domain.build(b, domain.name+".test")
	}
	return b
}

// discovery is what the login host and navid check ask alike.
func (b *brokenWorld) discovery() *discovery.Client {
	return discovery.New(discovery.Config{RootCAs: b.RootCAs(), InsecureDial: func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, _ := net.SplitHostPort(address)
		if err := b.refused[host]; err != nil {
			return nil, err
		}
		return b.Dial(ctx, network, address)
	}})
}

func (b *brokenWorld) provider(host string, change func(*idp.Config)) *idp.Provider {
	b.t.Helper()
	config := idp.Config{
		Domain: browserid.Domain(host), Origin: browserid.Origin("https://" + host), HostURL: b.URL(testbrowser.Host, ""),
		Accounts: map[string]string{"alice": testbrowser.Password},
	}
	change(&config)
	provider, err := idp.New(config)
	require.NoError(b.t, err)
	return provider
}

// knobs is a provider that misbehaves.
func knobs(ways ...idp.Misbehaviour) func(*brokenWorld, string) {
	return func(b *brokenWorld, host string) {
		provider := b.provider(host, func(*idp.Config) {})
		provider.Misbehave(ways...)
		b.Handle(host, provider)
	}
}

func sends(status int, contentType, body string) func(*brokenWorld, string) {
	return func(b *brokenWorld, host string) {
		b.HandleFunc(host, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		})
	}
}

func document(text string) func(*brokenWorld, string) {
	return sends(http.StatusOK, "application/json", text)
}

// delegates is a chain of domains, each with the next one's name.
func delegates(to ...string) func(*brokenWorld, string) {
	return func(b *brokenWorld, host string) {
		for _, next := range to {
			document(`{"authority":"`+next+`"}`)(b, host)
			host = next
		}
	}
}

func dialled(err error) func(*brokenWorld, string) {
	return func(b *brokenWorld, host string) {
		b.refused[host] = err
	}
}

// withCertificate is an honest provider with another TLS certificate.
func withCertificate(change func(*x509.Certificate)) func(*brokenWorld, string) {
	return func(b *brokenWorld, host string) {
		b.Certify(host, change)
		knobs()(b, host)
	}
}

// endless begins a document and never ends it.
func endless(b *brokenWorld, host string) {
	b.HandleFunc(host, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
}

func neverAnswers(b *brokenWorld, host string) {
	b.HandleFunc(host, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
}

// wrongClock is a provider whose machine is an hour ahead.
func wrongClock(b *brokenWorld, host string) {
	ahead := func() time.Time { return time.Now().Add(time.Hour) }
	provider := b.provider(host, func(config *idp.Config) { config.Now = ahead })
	b.HandleFunc(host, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", ahead().UTC().Format(http.TimeFormat))
		provider.ServeHTTP(w, r)
	})
}

// lateDiscovery makes its client when it is first asked: a world is made before its domains are.
type lateDiscovery func() *discovery.Client

func (l lateDiscovery) Discover(ctx context.Context, domain browserid.Domain) (*discovery.Provider, error) {
	return l().Discover(ctx, domain)
}

func (l lateDiscovery) Trace(ctx context.Context, domain browserid.Domain) *discovery.Trace {
	return l().Trace(ctx, domain)
}

func (l lateDiscovery) Visit(ctx context.Context, page *url.URL) discovery.Hop {
	return l().Visit(ctx, page)
}

// The check names the cause of each broken domain, and says what to do.
func TestCheckNamesTheCause(t *testing.T) {
	t.Parallel()
	require.GreaterOrEqual(t, len(brokenDomains), 25)
	b := newBrokenWorld(t)
	checker := check.Checker{Discovery: b.discovery(), Hosts: []browserid.Origin{"https://" + testbrowser.Host}}
	t.Run("all", func(t *testing.T) { // so that the world ends after them
		for _, domain := range brokenDomains {
			t.Run(domain.name, func(t *testing.T) {
				t.Parallel()
				report := checker.Domain(t.Context(), browserid.Domain(domain.name+".test"))
				worst := report.Findings[0]
				assert.Equal(t, domain.code, worst.Code, "%+v", report.Findings)
				assert.NotEmpty(t, worst.Says)
				assert.NotEmpty(t, worst.Fix)
				assert.Equal(t, domain.screen == worksAnyway, report.Works)
				t.Logf("%-8s %-22s %s %s", worst.Severity, worst.Code, worst.Says, worst.Fix)
			})
		}
	})
}

// What shows only in a sign-in is not held against a provider, and the report says that it was not seen.
func TestCheckSaysWhatItCannotSee(t *testing.T) {
	t.Parallel()
	w := testbrowser.NewWorld(t)
	checker := check.Checker{Discovery: w.Discovery(nil), Hosts: []browserid.Origin{"https://" + testbrowser.Host}}
	for _, way := range append(idp.CertificateMisbehaviours(), "", idp.NeverSignedIn) {
		w.IdP.Misbehave(way)
		report := checker.Domain(t.Context(), testbrowser.IdP)
		assert.True(t, report.Works, way)
		assert.Empty(t, report.Codes(check.Warning), way)
		assert.Contains(t, fmt.Sprint(report.Unseen), "certificates are right")
	}
}

// The broken documents beside the project are named, too.
func TestCheckNamesTheVectors(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("NAVID_VECTORS")
	if folder == "" {
		t.Log("NAVID_VECTORS is not set")
		return
	}
	data, err := os.ReadFile(folder + "/support_documents.json")
	require.NoError(t, err)
	var vectors struct {
		Documents []struct {
			Name     string
			Document json.RawMessage
			Raw      bool
			Expect   map[string]any
		}
	}
	require.NoError(t, json.Unmarshal(data, &vectors))
	w := testbrowser.NewEmptyWorld(t)
	w.ExpectUnknown("^idp.example$") // a delegation leads there
	for i, vector := range vectors.Documents {
		text := string(vector.Document)
		if vector.Raw {
			require.NoError(t, json.Unmarshal(vector.Document, &text))
		}
		host := fmt.Sprintf("vector-%d.test", i)
		w.HandleFunc(host, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if r.URL.Path == issuer.Path {
				_, _ = io.WriteString(w, text)
			}
		})
		report := check.Checker{Discovery: w.Discovery(nil)}.Domain(t.Context(), browserid.Domain(host))
		_, isBroken := vector.Expect["error"]
		if _, contains := vector.Expect["error_contains"]; isBroken || contains {
			worst := report.Findings[0]
			t.Logf("%-30s %s: %s %s", vector.Name, worst.Code, worst.Says, worst.Fix)
			assert.Equal(t, check.Error, worst.Severity, vector.Name)
			assert.NotContains(t, []string{"document_malformed", "document"}, worst.Code, vector.Name)
			assert.NotEmpty(t, worst.Fix, vector.Name)
		}
	}
}
