package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

// counter is the files of a TOTP provider, and how commands are told of them.
type counter struct {
	*testing.T
	folder  string
	environ []string
}

func newCounter(t *testing.T) counter {
	t.Helper()
	t.Parallel()
	folder := t.TempDir()
	return counter{t, folder, []string{
		"NAVID_DOMAIN=totp.test", "NAVID_LOGIN_HOST=https://login.example", "NAVID_LISTEN=127.0.0.1:0", "NAVID_DOMAINS=hosted.test",
		"NAVID_USERS=" + filepath.Join(folder, "users.json"), "NAVID_SECRETS=" + filepath.Join(folder, "secrets"),
	}}
}

// run runs a command to its end.
func (d counter) run(want int, args ...string) (stdout, stderr string) {
	d.Helper()
	var out, errs bytes.Buffer
	status := program(d.Context(), append([]string{"idp", "totp"}, args...), streams{strings.NewReader(""), &out, &errs, d.environ})
	require.Equal(d, want, status, errs.String())
	return out.String(), errs.String()
}

// serve runs the provider until the test ends, and returns where it is.
func (d counter) serve(args ...string) (address string) {
	d.Helper()
	ctx, stop := context.WithCancel(d.Context())
	log, ended := make(lines, 100), make(chan int, 1)
	go func() {
		ended <- program(ctx, append([]string{"idp", "totp"}, args...), streams{strings.NewReader(""), io.Discard, log, d.environ})
	}()
	d.Cleanup(func() {
		stop()
		assert.Equal(d, exitOK, <-ended)
	})
	return log.waitFor(d.T, `"listen":"([^"]+)"`)
}

// appOf is the app that has scanned what a command printed.
func appOf(t *testing.T, printed string) *otp.Key {
	t.Helper()
	app, err := otp.NewKeyFromURL(regexp.MustCompile(`otpauth:\S+`).FindString(printed))
	require.NoError(t, err)
	return app
}

func TestTOTPUsers(t *testing.T) {
	d := newCounter(t)
	_, empty := d.run(exitOK, "list")
	assert.Contains(t, empty, "There is nobody in")
	_, nobody := d.run(exitFailed, "remove", "ann@totp.test")
	assert.Contains(t, nobody, "say with -users where")
	assert.NoDirExists(t, filepath.Join(d.folder, "secrets"), "who only asks makes nothing")
	printed, _ := d.run(exitOK, "add", "ann@totp.test")
	assert.Contains(t, printed, "This made "+filepath.Join(d.folder, "users.json"))
	assert.Equal(t, "ann@totp.test", appOf(t, printed).AccountName())
	assert.Contains(t, printed, "▄▄▄▄▄", "a picture for cameras")
	assert.NotContains(t, printed, "\x1b", "colours are for terminals")
	_, again := d.run(exitFailed, "add", "ann@totp.test")
	assert.Contains(t, again, "remove it first")
	listed, _ := d.run(exitOK, "list")
	assert.Regexp(t, `^ann@totp\.test  added 20\d\d-`, listed)
	assert.NotContains(t, listed, appOf(t, printed).Secret())
	d.run(exitOK, "remove", "ann@totp.test")
	_, gone := d.run(exitFailed, "remove", "ann@totp.test")
	assert.Contains(t, gone, "no such address")
}

func TestTOTPRefuses(t *testing.T) {
	d := newCounter(t)
	for want, args := range map[string][]string{
		"add ADDRESS":                   {"add"},
		`"ann" is not an address`:       {"add", "ann"},
		"did you mean remove?":          {"remov", "ann@totp.test"},
		"must be https; http is for":    {"-login-host=http://login.localhost"},
		"want an origin":                {"-login-host=login"},
		"needed together":               {"-tls-cert=c"},
		"-listen-http is beside":        {"-listen-http=:80"},
		"others that it speaks for are": {"-domain=a.test", "-domain=b.test"},
	} {
		_, said := d.run(exitUsage, args...)
		assert.Contains(t, said, want)
	}
	d.environ = d.environ[2:]
	_, said := d.run(exitUsage)
	assert.Contains(t, said, "-domain is missing")
	_, said = d.run(exitUsage, "-domain=totp.test")
	assert.Contains(t, said, "-login-host is missing")
	assert.NoDirExists(t, filepath.Join(d.folder, "secrets"), "what cannot be leaves nothing behind")

	d.run(exitOK, "add", "ann@totp.test")
	require.NoError(t, os.Chmod(filepath.Join(d.folder, "users.json"), 0o644))
	_, said = d.run(exitFailed, "list")
	assert.Contains(t, said, "chmod 600")
}

// Somebody signs in with a code while the provider runs, and gets a certificate that `navid verify` believes.
func TestTOTPProvider(t *testing.T) {
	d := newCounter(t)
	address := "http://" + d.serve("-trusted-proxies=127.0.0.1")
	printed, _ := d.run(exitOK, "add", "ann@hosted.test")
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Jar: secureJar{jar}}
	post := func(path, contentType, body string) []byte {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+path, strings.NewReader(body))
		require.NoError(t, err)
		request.Header.Set("Content-Type", contentType)
		request.Header.Set("Sec-Fetch-Site", "same-origin")
		response, err := browser.Do(request)
		require.NoError(t, err)
		defer response.Body.Close()
		reply, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return reply
	}
	code, err := totp.GenerateCode(appOf(t, printed).Secret(), time.Now())
	require.NoError(t, err)
	page := post("/sign_in?email=ann%40hosted.test", "application/x-www-form-urlencoded", url.Values{"code": {code}}.Encode())
	require.Contains(t, string(page), "data-done")

	key, err := issuer.GenerateKey(browserid.ES256)
	require.NoError(t, err)
	question, err := json.Marshal(map[string]any{"email": "ann@hosted.test", "publicKey": string(key.PublicKey().JWK()), "duration": 3600})
	require.NoError(t, err)
	var reply struct{ Certificate, Message string }
	require.NoError(t, json.Unmarshal(post("/provision", "application/json", string(question)), &reply))
	require.NotEmpty(t, reply.Certificate, reply.Message)
	assertion, err := browserid.SignAssertion(t.Context(), key, browserid.Assertion{
		Audience: "https://shop.example", Expires: browserid.MillisOf(time.Now().Add(time.Minute)),
	})
	require.NoError(t, err)

	document := filepath.Join(d.folder, "document.json")
	_, text := get(t, address+"/.well-known/browserid?domain=hosted.test")
	require.NoError(t, os.WriteFile(document, []byte(text), 0o600))
	delegation := filepath.Join(d.folder, "delegation.json")
	require.NoError(t, os.WriteFile(delegation, []byte(`{"authority":"totp.test"}`), 0o600))
	said, _ := feed(t, reply.Certificate+"~"+assertion, exitOK, "verify", "-audience=https://shop.example",
		"-support=totp.test="+document, "-support=hosted.test="+delegation)
	assert.Contains(t, said, `"email":"ann@hosted.test"`)
	assert.Contains(t, said, `"issuer":"totp.test"`)
}

// Who was added for a domain that the provider is not told of is named at the start.
func TestTOTPWarnsOfStrangers(t *testing.T) {
	d := newCounter(t)
	for _, address := range []string{"ann@totp.test", "ann@hosted.test", "ann@other.test", "bob@other.test"} {
		d.run(exitOK, "add", address)
	}
	o, err := parseTOTP(nil, d.environ)
	require.NoError(t, err)
	var log bytes.Buffer
	require.NoError(t, o.warnOfStrangers(newLog(&log, false)))
	assert.Equal(t, 1, strings.Count(log.String(), "\n"), log.String())
	assert.Contains(t, log.String(), `"domain":"other.test"`)
}

// secureJar has the provider at https, as people do.
type secureJar struct{ http.CookieJar }

func (j secureJar) SetCookies(at *url.URL, cookies []*http.Cookie) {
	j.CookieJar.SetCookies(&url.URL{Scheme: "https", Host: at.Host, Path: at.Path}, cookies)
}

func (j secureJar) Cookies(at *url.URL) []*http.Cookie {
	return j.CookieJar.Cookies(&url.URL{Scheme: "https", Host: at.Host, Path: at.Path})
}

func TestTOTPProviderWithACertificate(t *testing.T) {
	d := newCounter(t)
	certificate, key := filepath.Join(d.folder, "tls.pem"), filepath.Join(d.folder, "tls.key")
	roots := borrowCertificate(t, certificate, key)
	address := d.serve("-tls-cert="+certificate, "-tls-key="+key)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "example.com"}}}
	response, err := client.Get("https://" + address + "/.well-known/browserid")
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, http.StatusOK, response.StatusCode)
}
