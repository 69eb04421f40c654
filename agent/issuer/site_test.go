package issuer_test

import (
	"encoding/json"
	"html/template"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

const loginHost = "https://login.example"

// newSite is a site at which the header X-User is the session, and the password is the word "right".
func newSite() *issuer.Site {
	return &issuer.Site{
		Issuer:    newIssuer(browserid.EdDSA),
		LoginHost: loginHost,
		SignedIn: func(r *http.Request) []browserid.Email {
			if user := r.Header.Get("X-User"); user != "" {
				return []browserid.Email{browserid.Email(user)}
			}
			return nil
		},
		SignIn: func(w http.ResponseWriter, r *http.Request, email browserid.Email) issuer.Form {
			switch {
			case r.Method == http.MethodGet:
				return issuer.Form{HTML: "<form>as " + template.HTML(template.HTMLEscapeString(string(email))) + "</form>"}
			case r.PostFormValue("password") != "right":
				return issuer.Form{HTML: "<form>again</form>", Status: http.StatusForbidden}
			}
			http.SetCookie(w, &http.Cookie{Name: "session", Value: "1"})
			return issuer.Form{}
		},
	}
}

// ask is a request of a page of the site, unless its header says otherwise.
func ask(t *testing.T, site *issuer.Site, method, target, body string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	handler, err := site.Handler()
	require.NoError(t, err)
	request := httptest.NewRequestWithContext(t.Context(), method, "https://idp.test"+target, strings.NewReader(body))
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, values := range header {
		request.Header[name] = values
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}

// A script from a random host (F1): whatever a request says, the scripts are those of the login host that is configured.
func TestPagesLoadTheScriptsOfTheLoginHostAlone(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"/sign_in?email=user@idp.test", "/provision"} {
		for _, referrer := range []string{"", "https://evil.test/", "https://login.example.evil.test/", "https://evillogin.example/", "https://evil.test/?https://login.example/"} {
			got := ask(t, newSite(), http.MethodGet, page, "", http.Header{
				"Referer": {referrer}, "Origin": {referrer}, "X-Forwarded-Host": {"evil.test"},
			})
			require.Equal(t, http.StatusOK, got.Code)
			assert.Equal(t, 1, strings.Count(got.Body.String(), `<script src="https://login.example/`), page)
			assert.NotContains(t, got.Body.String(), "evil", page)
			assert.Contains(t, got.Header().Get("Content-Security-Policy"), "script-src 'self' https://login.example;", page)
			assert.NotContains(t, got.Header().Get("Content-Security-Policy"), "evil", page)
		}
	}
}

func TestFraming(t *testing.T) {
	t.Parallel()
	authentication := ask(t, newSite(), http.MethodGet, "/sign_in?email=user@idp.test", "", nil).Header()
	assert.Equal(t, "DENY", authentication.Get("X-Frame-Options"), "C1.8")
	assert.Contains(t, authentication.Get("Content-Security-Policy"), "frame-ancestors 'none'")
	provisioning := ask(t, newSite(), http.MethodGet, "/provision", "", nil).Header()
	assert.Empty(t, provisioning.Get("X-Frame-Options"))
	assert.Contains(t, provisioning.Get("Content-Security-Policy"), "frame-ancestors https://login.example")
	for _, header := range []http.Header{authentication, provisioning} {
		assert.Equal(t, "no-store", header.Get("Cache-Control"))
		assert.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
		assert.Empty(t, header.Get("Cross-Origin-Opener-Policy"), "it would cut the window off")
		assert.Contains(t, header.Get("Content-Security-Policy"), "default-src 'none'; script-src 'self' https://login.example; style-src 'self'")
	}
}

// Markup in the address (F1): it comes with the request, and everybody may make one.
func TestMarkupInTheAddressStaysText(t *testing.T) {
	t.Parallel()
	for _, address := range []string{`"><script>alert(1)</script>`, `<img src=x onerror=alert(1)>@idp.test`, `a'b&c@idp.test`, `x@evil.test<script>`} {
		got := ask(t, newSite(), http.MethodGet, "/sign_in?email="+url.QueryEscape(address), "", nil)
		assert.NotContains(t, got.Body.String(), address)
		assert.NotContains(t, got.Body.String(), "<script>")
		assert.NotContains(t, got.Body.String(), "<img")
	}
	got := ask(t, newSite(), http.MethodGet, "/provision", "", http.Header{"X-User": {`"><script>alert(1)</script>`}})
	assert.NotContains(t, got.Body.String(), "<script>")
}

// Any domain, and a suffix match of hosts (F1): addresses of others are not even asked for.
func TestAddressesOfOthersAreNotAskedFor(t *testing.T) {
	t.Parallel()
	site := newSite()
	site.SignIn = func(http.ResponseWriter, *http.Request, browserid.Email) issuer.Form {
		t.Error("asked")
		return issuer.Form{}
	}
	for _, address := range []string{"", "user", "user@evil.test", "user@evilidp.test", "user@sub.idp.test", "user@idp.test.evil.test"} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			got := ask(t, site, method, "/sign_in?email="+url.QueryEscape(address), "password=right", nil)
			assert.Contains(t, got.Body.String(), "Not an address of ours", address)
		}
	}
}

func TestAuthenticationPage(t *testing.T) {
	t.Parallel()
	const page = "/sign_in?email=user%40delegating.test"
	form := ask(t, newSite(), http.MethodGet, page, "", nil)
	assert.Contains(t, form.Body.String(), "<form>as user@delegating.test</form>")
	assert.NotContains(t, form.Body.String(), "data-done")

	wrong := ask(t, newSite(), http.MethodPost, page, "password=wrong", nil)
	assert.Equal(t, http.StatusForbidden, wrong.Code)
	assert.Contains(t, wrong.Body.String(), "<form>again</form>", "a wrong try asks again")

	right := ask(t, newSite(), http.MethodPost, page, "password=right", nil)
	assert.Equal(t, http.StatusSeeOther, right.Code)
	assert.Equal(t, page+"&session", right.Header().Get("Location"))
	assert.NotEmpty(t, right.Header().Get("Set-Cookie"))

	forgetful := ask(t, newSite(), http.MethodGet, page+"&session", "", nil)
	assert.Contains(t, forgetful.Body.String(), "has not kept the cookie")
	assert.Contains(t, forgetful.Body.String(), "<form>as")
	assert.NotContains(t, form.Body.String()+wrong.Body.String(), "has not kept the cookie")

	done := ask(t, newSite(), http.MethodGet, page+"&session", "", http.Header{"X-User": {"user@delegating.test"}})
	assert.Contains(t, done.Body.String(), "data-done", "C2.6")
	assert.NotContains(t, done.Body.String(), "<form>")
	another := ask(t, newSite(), http.MethodGet, page, "", http.Header{"X-User": {"another@delegating.test"}})
	assert.NotContains(t, another.Body.String(), "data-done")
}

// question is what the provisioning page posts.
func question(email string) string {
	return questionAbout(email, keys()[browserid.ES256].PublicKey())
}

func questionAbout(email string, key browserid.PublicKey) string {
	text, err := json.Marshal(map[string]any{"email": email, "publicKey": string(key.JWK()), "duration": 3600})
	check(err)
	return string(text)
}

func asUser() http.Header {
	return http.Header{"X-User": {"user@idp.test"}, "Content-Type": {"application/json"}}
}

func TestCertificateOfThePage(t *testing.T) {
	t.Parallel()
	got := ask(t, newSite(), http.MethodPost, "/provision", question("user@idp.test"), asUser())
	require.Equal(t, http.StatusOK, got.Code, got.Body)
	assert.Equal(t, "no-store", got.Header().Get("Cache-Control"))
	var reply struct{ Certificate string }
	require.NoError(t, json.Unmarshal(got.Body.Bytes(), &reply))
	_, claims := verifyToken(t, reply.Certificate, keys()[browserid.EdDSA].PublicKey())
	assert.Equal(t, map[string]any{"email": "user@idp.test"}, claims["principal"])
}

// Each refusal has a code; a certificate without a session (F1) is one of them.
func TestPageHasNoCertificate(t *testing.T) {
	t.Parallel()
	with := func(name, value string) http.Header {
		header := asUser()
		header.Set(name, value)
		return header
	}
	for _, test := range []struct {
		name, body string
		header     http.Header
		status     int
		code       string
	}{
		{"without session", question("user@idp.test"), with("X-User", ""), 403, "not_signed_in"},
		{"in another's session", question("user@idp.test"), with("X-User", "another@idp.test"), 403, "not_signed_in"},
		{"for another spelling", question("User@idp.test"), asUser(), 403, "not_signed_in"},
		{"for a domain of others", question("user@evil.test"), with("X-User", "user@evil.test"), 403, "invalid_address"},
		{"for a key that is none", strings.Replace(question("user@idp.test"), "P-256", "P-25", 1), asUser(), 400, "invalid_key"},
		{"for a key that is too weak", questionAbout("user@idp.test", legacyKey(t)), asUser(), 400, "invalid_key"},
		{"for less than no time", strings.Replace(question("user@idp.test"), "3600", "-18446740000", 1), asUser(), 400, "invalid_duration"},
		{"for no time", strings.Replace(question("user@idp.test"), "3600", "0", 1), asUser(), 400, "invalid_duration"},
		{"for garbage", "{", asUser(), 400, "invalid_request"},
		{"for too much", `{"email":"` + strings.Repeat("x", 17<<10) + `"}`, asUser(), 400, "invalid_request"},
		{"as a form", question("user@idp.test"), with("Content-Type", "text/plain"), 415, "not_json"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := ask(t, newSite(), http.MethodPost, "/provision", test.body, test.header)
			assert.Equal(t, test.status, got.Code)
			var reply struct{ Certificate, Error, Message string }
			require.NoError(t, json.Unmarshal(got.Body.Bytes(), &reply), got.Body)
			assert.Equal(t, test.code, reply.Error)
			assert.NotEmpty(t, reply.Message)
			assert.Empty(t, reply.Certificate)
		})
	}
}

// What is wrong within the provider is nothing for strangers.
func TestPageOfAProviderThatCannotSign(t *testing.T) {
	t.Parallel()
	site := newSite()
	site.Issuer.Keys = []browserid.Signer{brokenSigner{keys()[browserid.EdDSA]}}
	got := ask(t, site, http.MethodPost, "/provision", question("user@idp.test"), asUser())
	assert.Equal(t, http.StatusInternalServerError, got.Code)
	assert.JSONEq(t, `{"error":"internal","message":"This provider cannot sign at the moment."}`, got.Body.String())
}

func TestPostsOfOtherSites(t *testing.T) {
	t.Parallel()
	from := func(fetchSite, origin string) http.Header {
		header := asUser()
		header["Sec-Fetch-Site"], header["Origin"] = []string{fetchSite}, []string{origin}
		return header
	}
	for _, test := range []struct {
		fetchSite, origin string
		status            int
	}{
		{"same-origin", "", 200},
		{"", "https://idp.test", 200}, // a browser without Sec-Fetch-Site
		{"cross-site", "https://idp.test", 403},
		{"same-site", "https://idp.test", 403},
		{"none", "", 403},
		{"", "", 403},
		{"", "null", 403},
		{"", "http://idp.test", 403}, // whoever is on the way could have written that page
		{"", "https://evil.test", 403},
		{"", "https://evilidp.test", 403},
		{"", "https://idp.test.evil.test", 403},
	} {
		for _, target := range []string{"/provision", "/sign_in?email=user%40idp.test"} {
			got := ask(t, newSite(), http.MethodPost, target, question("user@idp.test"), from(test.fetchSite, test.origin))
			assert.Equal(t, test.status, got.Code, "%s from %q %q", target, test.fetchSite, test.origin)
		}
	}
}

func TestFilesOfTheSite(t *testing.T) {
	t.Parallel()
	for path, contentType := range map[string]string{
		"/sign_in.js": "text/javascript; charset=utf-8", "/provision.js": "text/javascript; charset=utf-8", "/sign_in.css": "text/css; charset=utf-8", "/sign_in.svg": "image/svg+xml",
	} {
		got := ask(t, newSite(), http.MethodGet, path, "", nil)
		assert.Equal(t, http.StatusOK, got.Code, path)
		assert.Equal(t, contentType, got.Header().Get("Content-Type"))
	}
	assert.Equal(t, http.StatusNotFound, ask(t, newSite(), http.MethodGet, "/sign_in/", "", nil).Code)
}

func TestShow(t *testing.T) {
	t.Parallel()
	site := newSite()
	site.Name, site.Stylesheet, site.Icon = "Harbour Post", "/own.css", "/own.svg"
	recorder := httptest.NewRecorder()
	site.Show(recorder, http.StatusNotFound, "Gone", "<h1>Not here</h1>")
	assert.Equal(t, http.StatusNotFound, recorder.Code)
	assert.Contains(t, recorder.Body.String(), "<title>Gone — Harbour Post</title>")
	assert.Contains(t, recorder.Body.String(), `href="/own.css"`)
	assert.Contains(t, recorder.Body.String(), `href="/own.svg"`)
	assert.Contains(t, recorder.Body.String(), "<h1>Not here</h1>")
	assert.Equal(t, "DENY", recorder.Header().Get("X-Frame-Options"))
}

func TestSiteRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*issuer.Site){
		"no issuer":                 func(s *issuer.Site) { s.Issuer = nil },
		"nobody who knows sessions": func(s *issuer.Site) { s.SignedIn = nil },
		"no form":                   func(s *issuer.Site) { s.SignIn = nil },
		"no login host":             func(s *issuer.Site) { s.LoginHost = "" },
		"a login host with a path":  func(s *issuer.Site) { s.LoginHost = "https://login.example/x" },
		"a policy as a login host":  func(s *issuer.Site) { s.LoginHost = "https://login.example; script-src *" },
		"one page for both":         func(s *issuer.Site) { s.Issuer.Provisioning = s.Issuer.Authentication },
		"a folder as a page":        func(s *issuer.Site) { s.Issuer.Provisioning = "/provision/" },
		"no keys":                   func(s *issuer.Site) { s.Issuer.Keys = nil },
	} {
		site := newSite()
		change(site)
		_, err := site.Handler()
		assert.Error(t, err, name)
	}
}
