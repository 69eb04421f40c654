package testbrowser_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/testbrowser"
)

// heardAfterLoad is what a page that says who is logged in hears of a browser that believes something else, or the same (A3).
type heardAfterLoad struct {
	user string // what the page says
	want []string
}

var (
	aliceBelieved = []heardAfterLoad{
		{"undefined", []string{"login " + testbrowser.Alice, "ready"}},
		{"null", []string{"login " + testbrowser.Alice, "ready"}},
		{"false", []string{"login " + testbrowser.Alice, "ready"}},
		{testbrowser.Alice, []string{"match", "ready"}},
		{testbrowser.Bob, []string{"login " + testbrowser.Alice, "ready"}},
		{"Alice@idp.test", []string{"login " + testbrowser.Alice, "ready"}}, // A3.2
	}
	nobodyBelieved = []heardAfterLoad{
		{"undefined", []string{"logout", "ready"}},
		{"null", []string{"match", "ready"}},
		{"false", []string{"match", "ready"}},
		{testbrowser.Alice, []string{"logout", "ready"}},
	}
)

// The whole table of A3: what a page hears when it has loaded. Before anybody has ever signed in there, a browser that keeps the frame from
// the login host's storage knows nothing, and says so by saying nothing (A3.5).
func TestEventsAfterLoad(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.HandlePage(watchSite, watcherPage)
		for _, o := range nobodyBelieved {
			want := []string{"ready"}
			if b.Profile() == testbrowser.ThirdPartyAllowed {
				want = o.want
			}
			assert.Equal(t, want, newWatcher(t, w, b, watchSite, o.user).events(), "nothing known, page says %s", o.user)
		}

		f := newWatcher(t, w, b, watchSite, "null")
		other := newWatcher(t, w, b, watchSite, "null")
		makeKnown(t, w, b, testbrowser.Alice)
		f.signInAnyhow(testbrowser.Alice)
		f.dialog.WaitClosed()
		other.waitLogin() // A3.9
		first := f.heard()
		assert.Equal(t, "login "+testbrowser.Alice, first[len(first)-1])
		assert.Equal(t, first, other.heard(), "each tab once")
		for _, o := range aliceBelieved {
			assert.Equal(t, o.want, newWatcher(t, w, b, watchSite, o.user).events(), "alice known, page says %s", o.user)
		}

		f.site.Click("#sign-out")
		f.site.Wait(`told.some(([event]) => event === 'logout')`)
		other.site.Wait(`told.some(([event]) => event === 'logout')`)
		for _, o := range nobodyBelieved {
			assert.Equal(t, o.want, newWatcher(t, w, b, watchSite, o.user).events(), "logged out, page says %s", o.user)
		}
	})
}

// A check that cannot be made is no log-out: the frame, or what it signs with, may not be had from the host just now, or the person goes on to
// another page meanwhile (A3.4).
func TestNetworkFailureIsNoLogout(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		b.AllowConsole(`net::ERR_|Failed to fetch`)
		w.Handle(gardenSite, serveGarden(t))
		w.Handle(strictSite, serveGarden(t)) // nobody has been there
		makeKnown(t, w, b, testbrowser.Alice)
		f := openGarden(t, w, b, "/own?user=null")
		f.signInAnyhow(testbrowser.Alice)
		f.dialog.WaitClosed()

		host := w.Site(testbrowser.Host)
		asked, release := stall(w, host)
		leaving := openGarden(t, w, b, "/own?user="+testbrowser.Bob)
		<-asked
		leaving.site.Go(w.URL(gardenSite, "/own?mode=stateless"))
		assert.NotContains(t, testbrowser.Eval[string](leaving.site, `localStorage.log`), "logout")
		release() // browsers let others wait for what one of them waits for

		w.HandleFunc(testbrowser.Host, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
		for _, user := range []string{"undefined", "null", testbrowser.Bob} {
			assert.Equal(t, []string{"ready"}, openGarden(t, w, b, "/own?user="+user).events(), user)
		}
		unknown := b.Open(w.URL(strictSite, "/own?user="+testbrowser.Alice))
		assert.Equal(t, []string{"ready"}, (&watcher{&flow{t: t, w: w, b: b, site: unknown}}).events())

		w.Handle(testbrowser.Host, host)
		openGarden(t, w, b, "/own?user=null").waitLogin()
	})
}

// stall has the host answer requests for the agent only when they are released, and tells when there was one.
func stall(w *testbrowser.World, host http.Handler) (asked <-chan bool, release func()) {
	signal, end := make(chan bool, 1), make(chan bool)
	w.HandleFunc(testbrowser.Host, func(rw http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, ".wasm") {
			host.ServeHTTP(rw, r)
			return
		}
		select {
		case signal <- true:
		default:
		}
		<-end
		panic(http.ErrAbortHandler)
	})
	return signal, func() { close(end) }
}

// Where nothing can be kept, for the host or for anybody, nothing is known: the page is ready, and its own log-out still ends its session,
// once (A3.5, A5.1).
func TestObservingWithoutStorage(t *testing.T) {
	for _, profile := range []testbrowser.Profile{testbrowser.HostStorageBlocked, testbrowser.StorageBlocked} {
		t.Run(string(profile), func(t *testing.T) {
			t.Parallel()
			w := testbrowser.NewWorld(t)
			w.HandlePage(watchSite, watcherPage)
			b := testbrowser.NewBrowser(t, w, profile)
			for _, user := range []string{"undefined", "null", testbrowser.Alice} {
				f := newWatcher(t, w, b, watchSite, user)
				assert.Equal(t, []string{"ready"}, f.events(), user)
				want := []string{"ready"}
				if user != "null" {
					want = append(want, "logout")
				}
				f.site.Click("#sign-out")
				f.site.Wait(`told.length === ` + strconv.Itoa(len(want)))
				f.site.Click("#sign-out")
				assert.Equal(t, want, f.heard(), user)
			}
		})
	}
}
