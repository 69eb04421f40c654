package main

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/shim/sites/sitestest"
)

// sites is the guide for people who add Navid to a site.
const sites guide = "../../../shim/sites/README.md"

// verifierOf starts the verifier as the guide does, for providers at another port.
func (g guide) verifierOf(t *testing.T, devPort string) string {
	t.Helper()
	for _, words := range g.navidCommands(t) {
		if words[0] == "verify-server" && words[1] == "-dev-port" {
			words[2] = devPort
			address, log, _ := startVerifyServer(t, words[1:]...)
			go func() {
				for range log { // which waits to be read
				}
			}()
			return "http://" + address + "/verify"
		}
	}
	require.Fail(t, "the guide starts no verifier")
	return ""
}

// added is what sites add, by file, with the language of its block in the guide.
var added = map[string]string{"sign-in.js": "js", "login.py": "python", "login.mjs": "js", "login.php": "php", "login.go": "go"}

func (g guide) sample(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(filepath.Dir(string(g)), name))
	require.NoError(t, err)
	return string(text)
}

// The code that the guide shows is that of the files, and a few lines, for people who have a site already.
func TestGuideShowsTheSites(t *testing.T) {
	t.Parallel()
	for name, language := range added {
		text := sites.sample(t, name)
		assert.Contains(t, sites.blocks(t, language), text, "%s has changed: copy it into its guide", name)
		assert.LessOrEqual(t, strings.Count(text, "\n"), 40, "%s is what a site adds: move the rest to the shop", name)
	}
	page := linesOf(sites.sample(t, "page.html"))
	shown := sites.blocks(t, "html")
	require.Len(t, shown, 1)
	assert.Subset(t, page, linesOf(shown[0]))
}

// Whatever a verifier may answer, the guide says what to do.
func TestGuideCodes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(string(sites))
	require.NoError(t, err)
	_, table, _ := strings.Cut(string(text), "## When it does not work")
	told := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| (`.*?) \\|").FindAllStringSubmatch(table, -1) {
		for _, code := range regexp.MustCompile("[a-z_]+").FindAllString(row[1], -1) {
			assert.False(t, told[code], "%s is there twice", code)
			told[code] = true
		}
	}
	codes := map[string]bool{}
	for _, file := range []string{"../../../agent/verify/errors.go", "../../verifier/reply.go"} {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, match := range regexp.MustCompile(`(?m)^\tCode\w+ +(?:Code +)?= "([a-z_]+)"`).FindAllStringSubmatch(string(source), -1) {
			codes[match[1]] = true
		}
	}
	assert.Equal(t, codes, told)
}

// visitor is a browser at a site, as far as the site can tell.
type visitor struct {
	*testing.T
	at, origin string
	session    *http.Cookie
}

// reply is what a site answered.
type reply struct {
	*http.Response
	text string
}

// send makes a request; headers are names and values in turn.
func (v *visitor) send(method, path, body string, headers ...string) reply {
	v.Helper()
	request, err := http.NewRequestWithContext(v.Context(), method, "http://"+v.at+path, strings.NewReader(body))
	require.NoError(v, err)
	_, request.Host, _ = strings.Cut(v.origin, "://")
	if method == http.MethodPost {
		request.Header.Set("Origin", v.origin)
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	if host := request.Header.Get("Host"); host != "" {
		request.Host = host
	}
	if v.session != nil {
		request.AddCookie(v.session)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	require.NoError(v, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(v, err)
	return reply{response, string(text)}
}

func (v *visitor) page() string {
	v.Helper()
	r := v.send(http.MethodGet, "/", "")
	assert.Equal(v, http.StatusOK, r.StatusCode)
	assert.Contains(v, r.Header.Get("Cache-Control"), "no-store", "the page names a person")
	assert.Contains(v, r.Header.Get("Content-Type"), "text/html")
	return r.text
}

func (v *visitor) login(bundle string, headers ...string) reply {
	v.Helper()
	return v.send(http.MethodPost, "/login", url.Values{"assertion": {bundle}}.Encode(), headers...)
}

// refused expects that a login fails, and begins no session.
func (v *visitor) refused(bundle, why string, headers ...string) reply {
	v.Helper()
	r := v.login(bundle, headers...)
	assert.GreaterOrEqual(v, r.StatusCode, 400, why)
	assert.NotEmpty(v, r.text, why)
	for _, cookie := range r.Cookies() { // PHP gives one to whoever tries
		stranger := &visitor{T: v.T, at: v.at, origin: v.origin, session: cookie}
		assert.Contains(v, stranger.page(), `<b id="address"></b>`, why)
	}
	return r
}

// surroundings are in what a sample site may run, and where it then is.
type surroundings struct {
	name, origin, loginHost string
	environ                 []string
}

// The sample sites do what the guide says, each run as it says, with real assertions and the verifier that it starts: beside the demo,
// without settings, and for users, with those of the guide.
func TestGuideSites(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	port := d.localhostProvider(t)
	here := []string{"VERIFIER=" + sites.verifierOf(t, port), "DEV_PORT=" + port}
	settings := linesOf(sites.blocks(t, "env")[0])
	for _, command := range sitestest.Commands(t, "../../..") {
		for _, around := range []surroundings{
			{"for a look", "http://shop.localhost:3000", "http://login.localhost:8080", here},
			{"for users", "https://shop.example", "https://login.example", append(settings, here...)},
		} {
			t.Run(command.Runtime+" "+around.name, func(t *testing.T) {
				t.Parallel()
				at := command.Start(t, func(string) []string { return around.environ })
				checkSite(t, d, command.Runtime, around, at)
			})
		}
	}
}

func checkSite(t *testing.T, d desk, runtime string, around surroundings, at string) {
	newVisitor := func() *visitor { return &visitor{T: t, at: at, origin: around.origin} }
	sign := func(at time.Time, site string, email browserid.Email) string {
		return d.bundleAt(t, at, site, "idp.localhost", email)
	}
	checkPage(t, newVisitor(), around.loginHost)
	checkSession(t, newVisitor(), func() string { return sign(time.Now(), around.origin, "o'neil&co@idp.localhost") })
	checkRefusals(newVisitor(), sign)
	once := sign(time.Now(), around.origin, "ann@idp.localhost")
	assert.Equal(t, http.StatusNoContent, newVisitor().login(once).StatusCode)
	if runtime == "go" { // which verifies in the site's own process
		newVisitor().refused(once, "an assertion that was used")
	}
}

// The guide's commands take their flags, and its verifiers are where its sites ask.
func TestGuideSiteCommands(t *testing.T) {
	t.Parallel()
	done := map[string]int{}
	settings := linesOf(sites.blocks(t, "env")[0])
	for _, words := range sites.navidCommands(t) {
		done[words[0]]++
		switch words[0] {
		case "verify-server":
			var o verifyServerOptions
			require.NoError(t, o.settings().parseAll(words[1:], nil))
			assert.NotEmpty(t, o.verifier.Fallbacks)
			assert.Contains(t, settings, "VERIFIER=http://"+o.listen+"/verify")
		case "check-site": // which looks at the internet
			site, err := new(checkSiteOptions).settings().parseAnywhere(words[1:], nil, "URL")
			require.NoError(t, err)
			assert.Contains(t, settings, "ORIGIN="+site)
		}
	}
	assert.Equal(t, map[string]int{"verify-server": 2, "check-site": 1}, done)
}

// checkPage looks at what a site gives to a visitor.
func checkPage(t *testing.T, v *visitor, loginHost string) {
	page := v.page()
	assert.Contains(t, page, `<script src="`+loginHost+`/agent.js" referrerpolicy="no-referrer" defer>`)
	assert.Contains(t, page, "script-src 'self' "+loginHost+";")
	assert.Contains(t, page, `<b id="address"></b>`)
	assert.NotContains(t, page, "{", "a placeholder is left")
	script := v.send(http.MethodGet, "/sign-in.js", "")
	assert.Contains(t, script.Header.Get("Content-Type"), "text/javascript")
	assert.Contains(t, script.text, "navigator.id.watch(")
	returns := v.send(http.MethodGet, "/.well-known/navid", "")
	assert.JSONEq(t, `{"returnTo": ["/"]}`, returns.text)
	assert.Equal(t, "*", returns.Header.Get("Access-Control-Allow-Origin"), "the login host's page reads it")
	assert.Contains(t, returns.Header.Get("Content-Type"), "application/json")
	assert.Empty(t, v.send(http.MethodGet, "/", "").Cookies(), "visitors need none")
	assert.Equal(t, http.StatusNotFound, v.send(http.MethodGet, "/login.php", "").StatusCode)
	assert.GreaterOrEqual(t, v.send(http.MethodGet, "/login", "").StatusCode, 400)
}

// checkSession signs in, again, and out.
func checkSession(t *testing.T, v *visitor, bundle func() string) {
	sessions := map[string]*http.Cookie{}
	for range 2 {
		r := v.login(bundle(), "Sec-Fetch-Site", "same-origin")
		require.Equal(t, http.StatusNoContent, r.StatusCode, r.text)
		v.session = r.Cookies()[len(r.Cookies())-1]
		sessions[v.session.Value] = v.session
		isHTTPS := strings.HasPrefix(v.origin, "https:")
		assert.Equal(t, map[bool]string{false: "session", true: "__Host-session"}[isHTTPS], v.session.Name)
		assert.Equal(t, isHTTPS, v.session.Secure)
		assert.True(t, v.session.HttpOnly)
		assert.Equal(t, http.SameSiteLaxMode, v.session.SameSite)
		assert.Equal(t, "/", v.session.Path)
		assert.Empty(t, v.session.Domain)
		assert.Regexp(t, `<b id="address">o&#(39|x27|039);neil&(amp|#38);co@idp.localhost</b>`, v.page())
	}
	assert.Len(t, sessions, 2, "a sign-in has a token that nobody knew before")

	assert.Equal(t, http.StatusForbidden, v.send(http.MethodPost, "/logout", "", "Origin", "https://evil.test").StatusCode)
	assert.Contains(t, v.page(), "co@idp.localhost", "another site cannot sign out")
	r := v.send(http.MethodPost, "/logout", "")
	assert.Equal(t, http.StatusSeeOther, r.StatusCode)
	assert.Equal(t, "/", r.Header.Get("Location"))
	ended := r.Cookies()[len(r.Cookies())-1]
	assert.Equal(t, v.session.Name, ended.Name)
	assert.True(t, ended.MaxAge < 0 || !ended.Expires.IsZero() && ended.Expires.Before(time.Now()), "the cookie is gone")
	for _, session := range sessions {
		v.session = session
		assert.NotContains(t, v.page(), "co@idp.localhost", "and so is the session")
	}
}

// checkRefusals tries what signs nobody in.
func checkRefusals(v *visitor, sign func(at time.Time, site string, email browserid.Email) string) {
	now := time.Now()
	good := sign(now, v.origin, "ann@idp.localhost")
	v.refused("", "no assertion")
	v.refused("ann@idp.localhost", "an address")
	v.refused(strings.Repeat("a", 20_000), "a long one")
	v.refused(sign(now, "http://other.localhost", "ann@idp.localhost"), "one for another site")
	v.refused(sign(now, "http://other.localhost", "ann@idp.localhost"), "one for what the request calls this site", "Host", "other.localhost", "Origin", "http://other.localhost")
	v.refused(sign(now.Add(-10*time.Minute), v.origin, "ann@idp.localhost"), "an old one")
	v.refused(sign(now, v.origin, "ann@other.localhost"), "an address of another domain")
	foreign := v.refused(good, "another site's form", "Origin", "https://evil.test")
	assert.Empty(v, foreign.Cookies(), "one would take the place of the visitor's session, which such a form does not carry")
	v.refused(good, "another site's form, in a browser of today", "Origin", "https://evil.test", "Sec-Fetch-Site", "cross-site")
	v.answersLessThanNothing()
}

// answersLessThanNothing: a site that read a form of length -1 would read, and answer nobody, until its sender hangs up.
func (v *visitor) answersLessThanNothing() {
	v.Helper()
	connection, err := (&net.Dialer{}).DialContext(v.Context(), "tcp", v.at)
	require.NoError(v, err)
	defer connection.Close()
	require.NoError(v, connection.SetDeadline(time.Now().Add(20*time.Second)))
	_, host, _ := strings.Cut(v.origin, "://")
	_, err = io.WriteString(connection, "POST /login HTTP/1.1\r\nHost: "+host+"\r\nOrigin: "+v.origin+
		"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: -1\r\n\r\n")
	require.NoError(v, err)
	_, err = connection.Read(make([]byte, 1)) // an answer, or the end
	assert.NotErrorIs(v, err, os.ErrDeadlineExceeded)
}

// Without a verifier nobody is signed in.
func TestGuideSitesWithoutVerifier(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	const origin = "http://shop.localhost:3000"
	bundle := d.bundleAt(t, time.Now(), origin, "idp.localhost", "ann@idp.localhost")
	for _, command := range sitestest.Commands(t, "../../..") {
		if command.Runtime == "go" {
			continue // has its own
		}
		t.Run(command.Runtime, func(t *testing.T) {
			t.Parallel()
			at := command.Start(t, func(string) []string { return []string{"VERIFIER=http://127.0.0.1:1/verify"} })
			v := &visitor{T: t, at: at, origin: origin}
			v.refused(bundle, "nobody verifies")
		})
	}
}
