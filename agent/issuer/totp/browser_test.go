package totp

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Security test 35: a stranger who tries codes for alice all day keeps her out of no browser that she has signed in with before.
func TestAStrangerLocksNobodyOut(t *testing.T) {
	d := newDesk(t)
	d.signIn(alice)
	hers := d.browser
	d.restart()
	d.now = d.now.Add(SessionLifetime)

	d.browser, d.cookie, d.network = "", "", "198.51.100.7"
	for range addressPace.burst {
		require.Equal(t, http.StatusForbidden, d.post(alice, d.wrong()).Code)
	}
	require.Equal(t, http.StatusTooManyRequests, d.post(alice, d.code(alice, 0)).Code)

	d.browser, d.network = hers, "192.0.2.1"
	require.Equal(t, http.StatusForbidden, d.post(alice, d.wrong()).Code)
	assert.Equal(t, http.StatusSeeOther, d.post(alice, d.code(alice, 0)).Code)

	d.browser, d.cookie, d.network = "", "", "198.51.100.8"
	assert.Equal(t, http.StatusTooManyRequests, d.post(alice, d.wrong()).Code, "what she types right gives the stranger no tries")
}

// A browser that is known has a limit too, is known for its own users, and for a year.
func TestKnownBrowsersAreLimited(t *testing.T) {
	d := newDesk(t)
	d.signIn(alice)
	d.cookie = ""
	for range addressPace.burst {
		require.Equal(t, http.StatusForbidden, d.post(alice, d.wrong()).Code)
		require.Equal(t, http.StatusForbidden, d.post(bob, d.wrong()).Code)
	}
	assert.Equal(t, http.StatusTooManyRequests, d.post(alice, d.code(alice, 1)).Code)
	alices := d.browser
	d.browser = ""
	assert.Equal(t, http.StatusTooManyRequests, d.post(bob, d.code(bob, 0)).Code, "it was a stranger's to bob")
	assert.Equal(t, http.StatusSeeOther, d.post(alice, d.code(alice, 1)).Code)

	d.browser, d.now = alices, d.now.Add(browserLifetime)
	assert.Equal(t, http.StatusForbidden, d.post(alice, d.wrong()).Code)
	assert.Contains(t, d.provider.state.Tries, userTries+d.provider.config.Users.known[alice].ID)
	assert.Empty(t, d.provider.state.Browsers)
}

// A browser may be of several people, and knows nobody by itself.
func TestBrowserOfSeveral(t *testing.T) {
	d := newDesk(t)
	d.signIn(alice)
	first := d.browser
	d.signIn(bob)
	assert.Equal(t, first, d.browser)
	assert.Len(t, d.provider.state.Browsers, 2)
	mustNotHold(t, d.stateFile(), first)
	d.cookie = ""
	assert.Equal(t, "not_signed_in", d.certify(alice))
}

func TestBrowsersAreBounded(t *testing.T) {
	t.Parallel()
	s := state{Browsers: map[string]browser{"bob's": {UserID: "bob", Until: start}}}
	user := User{ID: "alice"}
	for n := range maxBrowsers + 5 {
		s.meet(string(rune('a'+n)), user, start.Add(time.Duration(n)*time.Second))
	}
	s.meet("z", user, start.Add(time.Hour))
	assert.Len(t, s.Browsers, maxBrowsers+1)
	assert.NotContains(t, s.Browsers, browserOf("a", user))
	assert.Contains(t, s.Browsers, browserOf("z", user))
	assert.Contains(t, s.Browsers, "bob's")
}
