package testbrowser_test

import (
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

// killPoints is how often the browser is killed (abuse test 22).
const killPoints = 50

// A browser that is killed at any point of a certification comes back with the
// old pair of key and certificate or with the new one, or certifies anew. What
// it tells a site then is never wrong, although the key is in IndexedDB and the
// certificate in localStorage, which loses its last seconds in a crash
// (security.md G14, abuse test 22; webplatform.md 0, trap 4).
func TestKilledWhileCertifying(t *testing.T) {
	t.Parallel()
	c := newCrashes(t)
	c.signInAgain()
	step := c.step()
	ended := map[outcome]int{}
	for i := range killPoints {
		c.certifyUntilKilled(i, time.Duration(i)*step)
		c.b.Restart()
		ended[c.signInAgain()]++
	}
	t.Logf("%d kills, at points %v apart: %v", killPoints, step, ended)

	logins := c.w.Requests().To(testbrowser.RP).Path("/login")
	assert.Len(t, logins, 1+killPoints)
	for _, login := range logins {
		assert.Equal(t, http.StatusOK, login.Status)
	}
	assert.Len(t, storage(c.w, c.b).Keys, 1)
}

// outcome is what a person who had to start the browser again signed in with.
type outcome string

const (
	withOldPair outcome = "old pair"
	withNewPair outcome = "new pair"
	certified   outcome = "certified anew"
)

// crashes is one browser, killed and started again, with what its person has.
type crashes struct {
	t        *testing.T
	w        *testbrowser.World
	b        *testbrowser.Browser
	provider *lookout
	site     *lookout
	// certificate is what the person last signed in with.
	certificate string
}

func newCrashes(t *testing.T) *crashes {
	w := testbrowser.NewWorld(t, withSession(idp.LocalStorage)) // a session cookie would be lost each time
	w.HandlePage(plainSite, plain)
	return &crashes{
		t: t, w: w, b: testbrowser.StartBrowser(t, w, testbrowser.ThirdPartyBlocked),
		provider: lookOut(w, testbrowser.IdP), site: lookOut(w, testbrowser.RP),
	}
}

// step is the time between one point and the next. They are spread over what it
// took to get from the provider to the site the first time, when it takes longest.
func (c *crashes) step() time.Duration {
	issued := c.w.Requests().To(testbrowser.IdP).Path("/certificate")
	logins := c.w.Requests().To(testbrowser.RP).Path("/login")
	return max(3*time.Millisecond, logins[0].Time.Sub(issued[0].Time)/killPoints)
}

// certifyUntilKilled has another key certified, for a site that cannot use the
// present one, which stays as good as it is. The browser is killed a while
// after the provider's window has opened in every tenth round, else after the
// provider has answered with the certificate.
func (c *crashes) certifyUntilKilled(round int, after time.Duration) {
	e := c.expect()
	f := newFlow(c.t, c.w, c.b, plainSite)
	testbrowser.Eval[[]string](f.site, `(window.options = { algorithms: ['`+c.otherAlgorithm()+`'] }).algorithms`)
	f.open("pick")
	f.press(".identity")
	point := e.issued
	if round%10 == 9 {
		point = e.opened
	}
	c.goOn(f, e, point)
	time.Sleep(after) // which is what is tested
	c.b.Kill()
}

// otherAlgorithm is one that the person has no key of.
func (c *crashes) otherAlgorithm() string {
	c.t.Helper()
	certificate, _, err := browserid.ParseCertificate(c.certificate)
	require.NoError(c.t, err)
	if certificate.PublicKey.Algorithm() == browserid.EdDSA {
		return string(browserid.ES256)
	}
	return string(browserid.EdDSA)
}

// signInAgain signs in at a site, whatever the browser still knows, with the
// site's own server as the judge.
func (c *crashes) signInAgain() outcome {
	c.t.Helper()
	started, e := time.Now(), c.expect()
	f := newFlow(c.t, c.w, c.b, testbrowser.RP)
	f.dialog = f.site.Popup(func() { f.site.Click("#sign-in") })
	f.dialog.Wait(`document.querySelector('.identity, #email')`)
	if f.dialog.Has(".identity") {
		f.press(".identity")
	} else {
		f.typeAddress(testbrowser.Alice)
		f.press("#next")
	}
	c.goOn(f, e, e.verified)
	f.waitSignedIn(testbrowser.Alice)
	testbrowser.Eval[bool](f.site, `fetch('/logout', { method: 'POST' }).then(answer => answer.ok)`) // for the next time
	return c.judge(started)
}

// goOn does what a person does until an event: click on Continue where the
// first click's permission has run out, and sign in at the provider when asked.
func (c *crashes) goOn(f *flow, e events, until <-chan struct{}) {
	c.t.Helper()
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	late := time.After(testbrowser.Patience)
	for {
		select {
		case <-until:
			return
		case <-e.asked:
			e.asked = nil
			f.signInAt(c.b.Window(c.w.URL(testbrowser.IdP, idp.AuthenticationPath)))
		case <-look.C:
			if f.dialog.Has("#continue") {
				look.Stop()
				f.press("#continue")
			}
		case <-late:
			require.Fail(c.t, "the sign-in did not go on", "dialog at %q", f.dialog.Text("main"))
		}
	}
}

// judge compares what the person has signed in with, since a time, with what they had.
func (c *crashes) judge(since time.Time) outcome {
	c.t.Helper()
	logins := c.w.Requests().To(testbrowser.RP).Path("/login").Since(since)
	require.Len(c.t, logins, 1)
	before := c.certificate
	c.certificate = certificateOf(c.t, logins[0])
	switch {
	case len(c.w.Requests().To(testbrowser.IdP).Path("/certificate").Since(since)) > 0:
		return certified
	case c.certificate == before:
		return withOldPair
	default:
		return withNewPair
	}
}

// certificateOf reads the certificate from what a site's page has sent to its server.
func certificateOf(t *testing.T, login testbrowser.Request) string {
	t.Helper()
	var body struct{ Assertion string }
	require.NoError(t, json.Unmarshal(login.Body, &body))
	backed, err := browserid.ParseBacked(body.Assertion)
	require.NoError(t, err)
	return backed.Certificates[0]
}

// events are closed when something next happens.
type events struct {
	opened   <-chan struct{} // the provider's window
	asked    <-chan struct{} // the person, for their password
	issued   <-chan struct{} // a certificate
	verified <-chan struct{} // an assertion
}

func (c *crashes) expect() events {
	return events{
		opened:   c.provider.answered("document " + idp.ProvisioningPath),
		asked:    c.provider.answered("document " + idp.AuthenticationPath),
		issued:   c.provider.answered("empty /certificate"),
		verified: c.site.answered("empty /login"),
	}
}

// lookout watches what a site answers.
type lookout struct {
	site http.Handler

	mu      sync.Mutex
	waiting map[string]chan struct{}
}

// lookOut puts a lookout at a site of the world.
func lookOut(w *testbrowser.World, host string) *lookout {
	l := &lookout{site: w.Site(host), waiting: map[string]chan struct{}{}}
	w.Handle(host, l)
	return l
}

// answered is closed when the site next has answered a request: what it is for
// (Sec-Fetch-Dest), and its path.
func (l *lookout) answered(request string) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	event := make(chan struct{})
	l.waiting[request] = event
	return event
}

func (l *lookout) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	l.site.ServeHTTP(rw, r)
	l.mu.Lock()
	defer l.mu.Unlock()
	request := r.Header.Get("Sec-Fetch-Dest") + " " + r.URL.Path
	if event, ok := l.waiting[request]; ok {
		close(event)
		delete(l.waiting, request)
	}
}
