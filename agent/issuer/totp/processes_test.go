package totp

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// While a new process takes over from the old one, both serve the same files. They are one provider to everybody.
func TestTwoProcesses(t *testing.T) {
	d := newDesk(t)
	first := d.provider
	d.restart()
	second := d.provider

	d.signIn(alice)
	token := d.cookie
	d.provider, d.cookie = first, ""
	assert.Equal(t, http.StatusForbidden, d.post(alice, d.code(alice, 0)).Code, "a code counts once for both")
	d.cookie = token
	assert.Empty(t, d.certify(alice), "a session is one of both")

	for n := range addressPace.burst {
		d.provider = []*Provider{first, second}[n%2]
		require.Equal(t, http.StatusForbidden, d.post(bob, d.wrong()).Code)
	}
	for _, d.provider = range []*Provider{first, second} {
		assert.Equal(t, http.StatusTooManyRequests, d.post(bob, d.code(bob, 0)).Code, "a limit is one of both")
	}

	d.provider = first
	require.Equal(t, http.StatusSeeOther, d.ask(http.MethodPost, LogoutPath, "", "").Code)
	d.provider, d.cookie = second, token
	assert.Equal(t, "not_signed_in", d.certify(alice), "who has signed out has done so from both")
}

// Two processes are sent the same code at the same time.
func TestTwoProcessesAtOnce(t *testing.T) {
	d := newDesk(t)
	first := d.provider
	d.restart()
	for range 10 {
		d.now = d.now.Add(period * 3)
		code := d.code(alice, 0)
		var wins atomic.Int32
		var all sync.WaitGroup
		for _, provider := range []*Provider{first, d.provider, first, d.provider} {
			browser := *d
			browser.provider, browser.cookie = provider, ""
			all.Go(func() {
				if browser.post(alice, code).Code == http.StatusSeeOther {
					wins.Add(1)
				}
			})
		}
		all.Wait()
		require.EqualValues(t, 1, wins.Load())
	}
}

// Whoever has networks enough to be remembered for many wrong tries does not make a user's be forgotten.
func TestTriesOfUsersAreNotCrowdedOut(t *testing.T) {
	d := newDesk(t)
	for range addressPace.burst {
		require.Equal(t, http.StatusForbidden, d.post(alice, d.wrong()).Code)
	}
	for n := range maxTries {
		d.provider.state.remember(triesOf("address", fmt.Sprint(n)), addressPace, d.now.Add(12*time.Hour))
	}
	d.post("nobody@totp.test", d.wrong())
	assert.Equal(t, http.StatusTooManyRequests, d.post(alice, d.code(alice, 0)).Code)
}
