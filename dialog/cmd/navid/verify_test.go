package main

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/dialog/verifier"
)

// desk is a folder with the key and the documents of some providers, made by
// the program itself.
type desk struct {
	folder string
	key    *issuer.Key
}

func newDesk(t *testing.T) desk {
	t.Helper()
	d := desk{folder: t.TempDir()}
	file := filepath.Join(d.folder, "key.json")
	runFor(t, exitOK, "keygen", "-algorithm=EdDSA", file)
	document, _ := runFor(t, exitOK, "support-document", "-authentication=/a", "-provisioning=/p", file)
	var err error
	d.key, err = issuer.LoadKey(file)
	require.NoError(t, err)
	d.write(t, "provider", document)
	d.write(t, "disabled", `{"disabled":true}`)
	d.write(t, "broken", `{"authority":7}`)
	return d
}

func (d desk) write(t *testing.T, name, document string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(d.folder, name), []byte(document), 0o600))
}

// delegate writes the document of a domain that names an authority.
func (d desk) delegate(t *testing.T, authority string) {
	t.Helper()
	d.write(t, "to-"+authority, `{"authority":"`+authority+`"}`)
}

// support is the flag for a domain with one of the files.
func (d desk) support(domain, name string) string {
	return "-support=" + domain + "=" + filepath.Join(d.folder, name)
}

// noon is when the bundles of these tests are good.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// bundle is a sign-in of an address at https://rp.test, by an issuer with the key.
func (d desk) bundle(t *testing.T, by string, address browserid.Email) string {
	t.Helper()
	return d.bundleAt(t, noon, "https://rp.test", by, address)
}

// bundleAt is a sign-in made at a time for a site.
func (d desk) bundleAt(t *testing.T, now time.Time, site, by string, address browserid.Email) string {
	t.Helper()
	certificate, err := browserid.SignCertificate(t.Context(), d.key, browserid.Certificate{
		Issuer: by, IssuedAt: browserid.MillisOf(now), Expires: browserid.MillisOf(now.Add(time.Hour)),
		PublicKey: d.key.PublicKey(), Principal: browserid.Principal{Email: address},
	})
	require.NoError(t, err)
	assertion, err := browserid.SignAssertion(t.Context(), d.key, browserid.Assertion{
		Audience: site, Expires: browserid.MillisOf(now.Add(time.Minute)),
	})
	require.NoError(t, err)
	return certificate + "~" + assertion
}

const (
	atRP   = "-audience=https://rp.test"
	atNoon = "-now=2026-11-21T12:00:00Z"
)

func TestVerifyOffline(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, authority := range []string{"idp.test", "a.test", "b.test", "gone.test", "h1.test", "h2.test", "h3.test", "h4.test", "h5.test", "h6.test"} {
		d.delegate(t, authority)
	}
	idp, own := d.support("idp.test", "provider"), d.bundle(t, "idp.test", "ann@idp.test")
	fallback := []string{d.support("login.example", "provider"), "-fallback=login.example"}
	chain := []string{
		d.support("h1.test", "to-h2.test"), d.support("h2.test", "to-h3.test"), d.support("h3.test", "to-h4.test"),
		d.support("h4.test", "to-h5.test"), d.support("h5.test", "provider"),
	}
	tests := []struct {
		name   string
		bundle string
		args   []string
		code   string // or okay
		reason string
	}{
		{"okay", own, []string{atRP, atNoon, idp}, verifier.StatusOkay, ""},
		{"slash after the origin", own, []string{atRP + "/", atNoon, idp}, verifier.StatusOkay, ""},
		{"white space around", "\n " + own + "\r\n", []string{atRP, atNoon, idp}, verifier.StatusOkay, ""},
		{"another site", own, []string{"-audience=https://rp2.test", atNoon, idp}, "audience", "made for https://rp.test, not for https://rp2.test"},
		{"another time", own, []string{atRP, "-now=2026-11-21T13:00:00Z", idp}, "assertion_expired", "2026-11-21T13:00:00Z here"},
		{"another zone", own, []string{atRP, "-now=2026-11-21T13:00:00+01:00", idp}, verifier.StatusOkay, ""},
		{"no document of it", own, []string{atRP, atNoon, d.support("idp2.test", "provider")}, "untrusted_issuer", "No support document of idp.test was given with -support."},
		{"delegation", d.bundle(t, "idp.test", "ann@hosted.test"), []string{atRP, atNoon, idp, d.support("hosted.test", "to-idp.test")}, verifier.StatusOkay, ""},
		{"delegation to the unknown", d.bundle(t, "gone.test", "ann@hosted.test"), []string{atRP, atNoon, d.support("hosted.test", "to-gone.test")}, "discovery", "No support document of gone.test"},
		{"circle", d.bundle(t, "a.test", "ann@a.test"), []string{atRP, atNoon, d.support("a.test", "to-b.test"), d.support("b.test", "to-a.test")}, "discovery", "in a circle, or too often"},
		{"five delegations", d.bundle(t, "h5.test", "ann@h0.test"), append(chain, atRP, atNoon, d.support("h0.test", "to-h1.test")), verifier.StatusOkay, ""},
		{"six delegations", d.bundle(t, "h5.test", "ann@h.test"), append(chain, atRP, atNoon, d.support("h0.test", "to-h1.test"), d.support("h.test", "to-idp.test"), d.support("idp.test", "to-h1.test")), "discovery", "too often"},
		{"fallback", d.bundle(t, "login.example", "ann@nobody.test"), append(fallback, atRP, atNoon), verifier.StatusOkay, ""},
		{"fallback for a disabled one", d.bundle(t, "login.example", "ann@idp.test"), append(fallback, atRP, atNoon, d.support("idp.test", "disabled")), verifier.StatusOkay, ""},
		{"fallback for a primary", d.bundle(t, "login.example", "ann@idp.test"), append(fallback, atRP, atNoon, idp), "fallback_for_primary", "idp.test has an identity provider"},
		{"domain in its own script", d.bundle(t, "xn--bcher-kva.test", "ann@xn--bcher-kva.test"), []string{atRP, atNoon, d.support("Bücher.test", "provider")}, verifier.StatusOkay, ""},
		{
			"fallback in its own script", d.bundle(t, "xn--bcher-kva.test", "ann@nobody.test"),
			[]string{atRP, atNoon, d.support("bücher.test", "provider"), "-fallback=bücher.test"},
			verifier.StatusOkay, "",
		},
		{"no fallback", d.bundle(t, "login.example", "ann@nobody.test"), []string{fallback[0], atRP, atNoon}, "untrusted_issuer", "not a known fallback"},
		{"not a bundle", "ann@idp.test", []string{atRP, idp}, "malformed_backed_assertion", "no certificate"},
		{"nothing", "", []string{atRP, idp}, "malformed_backed_assertion", "no certificate"},
		{"too much", strings.Repeat("a~", browserid.MaxBackedBytes), []string{atRP, idp}, "malformed_backed_assertion", "too long"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			want := exitFailed
			if test.code == verifier.StatusOkay {
				want = exitOK
			}
			stdout, stderr := feed(t, test.bundle, want, append([]string{"verify"}, test.args...)...)
			assert.Empty(t, stderr)
			assert.Equal(t, 1, strings.Count(stdout, "\n"), "one line")
			var reply verifier.Reply
			require.NoError(t, json.Unmarshal([]byte(stdout), &reply))
			assert.Contains(t, reply.Reason, test.reason)
			if want == exitOK {
				assert.Equal(t, verifier.StatusOkay, reply.Status)
				return
			}
			assert.Equal(t, verifier.Reply{Status: verifier.StatusFailure, Code: test.code, Reason: reply.Reason}, reply)
		})
	}
}

func TestVerifyPrints(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	stdout, _ := feed(t, d.bundle(t, "idp.test", "ann@idp.test"), exitOK, "verify", atRP, atNoon, d.support("IdP.test", "provider"))
	assert.Equal(t, `{"status":"okay","email":"ann@idp.test","audience":"https://rp.test","expires":1795262460000,"issuer":"idp.test"}`+"\n", stdout)
	stdout, _ = feed(t, "ann", exitFailed, "verify", atRP, atNoon)
	assert.Equal(t, `{"status":"failure","reason":"read: no certificate","code":"malformed_backed_assertion"}`+"\n", stdout)
}

// C4.7: a key of old verifies only where that was asked for.
func TestVerifyLegacyKeys(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	weak, err := browserid.NewRSA(bytes.Repeat([]byte{0xff}, 128), 65537) // which nobody can sign with
	require.NoError(t, err)
	certificate, err := browserid.SignCertificate(t.Context(), d.key, browserid.Certificate{
		Issuer: "idp.test", Expires: browserid.MillisOf(noon.Add(time.Hour)), PublicKey: weak, Principal: browserid.Principal{Email: "ann@idp.test"},
	})
	require.NoError(t, err)
	_, assertion, _ := strings.Cut(d.bundle(t, "idp.test", "ann@idp.test"), "~")
	args := []string{"verify", atRP, atNoon, d.support("idp.test", "provider")}
	stdout, _ := feed(t, certificate+"~"+assertion, exitFailed, args...)
	assert.Contains(t, stdout, `"code":"legacy_key"`)
	stdout, _ = feed(t, certificate+"~"+assertion, exitFailed, append(args, "-allow-legacy-keys")...)
	assert.Contains(t, stdout, `"code":"algorithm"`, "the next check")
}

func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	provider := d.support("idp.test", "provider")
	tests := []struct {
		name string
		args []string
		says string
	}{
		{"no audience", nil, "-audience is missing"},
		{"a host", []string{"-audience=rp.test"}, `invalid value "rp.test" for flag -audience: want an origin such as https://shop.example: `},
		{"http", []string{"-audience=http://rp.test"}, "http is for localhost only"},
		{"a path", []string{"-audience=https://rp.test/login"}, "for flag -audience: want an origin"},
		{"-dev in earnest", []string{atRP, "-dev"}, "-dev is for an -audience such as http://rp.localhost:8080"},
		{"a file name", []string{atRP, "bundle.txt"}, `"bundle.txt" is one word too many: the bundle is read from standard input, as in navid verify … < FILE`},
		{"no such flag", []string{atRP, "-no"}, "-no"},
		{"no time", []string{atRP, "-now=today"}, `invalid value "today" for flag -now`},
		{"no file", []string{atRP, "-support=idp.test"}, "want DOMAIN=FILE"},
		{"missing file", []string{atRP, d.support("idp.test", "none")}, "no such file"},
		{"no document", []string{atRP, d.support("idp.test", "broken")}, "authority is not a string"},
		{"no domain", []string{atRP, d.support("https://idp.test", "provider")}, "-support"},
		{"twice", []string{atRP, provider, provider}, "idp.test is given twice"},
		{"fallback", []string{atRP, "-fallback=a b"}, "-fallback"},
		{"fallback in no script", []string{atRP, "-fallback=ö b"}, "-fallback"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			stdout, stderr := feed(t, "a~b", exitUsage, append([]string{"verify"}, test.args...)...)
			assert.Empty(t, stdout)
			assert.Contains(t, stderr, "navid verify: ")
			assert.Contains(t, stderr, test.says)
		})
	}
}

// localhostProvider serves the desk's provider at idp.localhost on a port.
func (d desk) localhostProvider(t *testing.T) (port string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		http.ServeFile(w, r, filepath.Join(d.folder, "provider"))
	}))
	t.Cleanup(server.Close)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	return port
}

// The sites of make demo share a port, on localhost names.
func TestVerifyInDevelopment(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	site := "http://rp.localhost:" + d.localhostProvider(t)
	bundle := d.bundleAt(t, noon, site, "idp.localhost", "ann@idp.localhost")
	stdout, _ := feed(t, bundle, exitFailed, "verify", "-audience="+site, atNoon)
	assert.Contains(t, stdout, `"code":"untrusted_issuer"`)
	stdout, _ = feed(t, bundle, exitOK, "verify", "-audience="+site, atNoon, "-dev")
	assert.Contains(t, stdout, `"email":"ann@idp.localhost"`)
}

// A site of one's own is at another port than the providers of make demo.
func TestVerifyInDevelopmentAtAnotherPort(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const site = "http://shop.localhost:3000"
	bundle := d.bundleAt(t, noon, site, "idp.localhost", "ann@idp.localhost")
	stdout, _ := feed(t, bundle, exitOK, "verify", "-audience="+site, atNoon, "-dev-port="+d.localhostProvider(t))
	assert.Contains(t, stdout, `"email":"ann@idp.localhost"`)
	_, stderr := feed(t, bundle, exitUsage, "verify", "-audience="+site, "-dev-port=http")
	assert.Contains(t, stderr, "want a port such as 8080")
}
