package totp

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

// An address waits after a few wrong codes, wherever they come from, and is told for how long.
func TestLimitOfAnAddress(t *testing.T) {
	d := newDesk(t)
	for n := range addressPace.burst {
		d.network = fmt.Sprintf("192.0.2.%d", n+1)
		require.Equal(t, http.StatusForbidden, d.post(alice, d.wrong()).Code)
	}
	got := d.post(alice, d.code(alice, 0))
	assert.Equal(t, http.StatusTooManyRequests, got.Code, "the right one comes too late")
	assert.Contains(t, got.Body.String(), "Try again in 96 minutes.")
	assert.Equal(t, "5761", got.Header().Get("Retry-After"))
	d.restart()
	assert.Equal(t, http.StatusTooManyRequests, d.post(alice, d.code(alice, 0)).Code, "a restart forgets nothing")
	assert.Equal(t, http.StatusSeeOther, d.post(bob, d.code(bob, 0)).Code, "others do not wait")

	d.now = d.now.Add(addressPace.each - time.Second)
	assert.Contains(t, d.post(alice, d.wrong()).Body.String(), "Try again in a minute.")
	d.now = d.now.Add(time.Second)
	assert.Equal(t, http.StatusSeeOther, d.post(alice, d.code(alice, 0)).Code)
	d.cookie, d.browser = "", ""
	for range addressPace.burst {
		require.Equal(t, http.StatusForbidden, d.post(alice, d.wrong()).Code, "a right one makes up for the wrong ones")
	}
}

// Design.md 8: 20 wrong tries a day.
func TestLimitOfADay(t *testing.T) {
	d := newDesk(t)
	wrong := 0
	for range 24 * 12 {
		if d.post(alice, d.wrong()).Code == http.StatusForbidden {
			wrong++
		}
		d.now = d.now.Add(5 * time.Minute)
	}
	assert.LessOrEqual(t, wrong, 20)
	assert.Greater(t, wrong, 15)
}

// A client that tries the addresses of many waits too, and with it its network; others do not.
func TestLimitOfANetwork(t *testing.T) {
	d := newDesk(t)
	d.network = "2001:db8:0:1::1"
	for n := range networkPace.burst {
		require.Equal(t, http.StatusForbidden, d.post(browserid.Email(fmt.Sprintf("user%d@totp.test", n)), d.wrong()).Code)
	}
	d.network = "2001:db8:0:1:ffff::2"
	got := d.post(alice, d.code(alice, 0))
	assert.Equal(t, http.StatusTooManyRequests, got.Code)
	assert.Contains(t, got.Body.String(), "Try again in a minute.")
	d.network = "2001:db8:0:2::1"
	assert.Equal(t, http.StatusSeeOther, d.post(alice, d.code(alice, 0)).Code)
}

func TestTriesAreForgotten(t *testing.T) {
	d := newDesk(t)
	d.post(alice, d.wrong())
	assert.Len(t, d.provider.state.Tries, 2)
	mustNotHold(t, d.stateFile(), string(alice))
	d.now = d.now.Add(addressPace.each)
	d.signIn(bob)
	assert.Empty(t, d.provider.state.Tries)
}

func TestTriesAreBounded(t *testing.T) {
	t.Parallel()
	s := state{Tries: map[string]time.Time{}}
	for n := range maxTries {
		s.Tries[fmt.Sprint(n)] = start.Add(time.Duration(n) * time.Second)
	}
	s.remember("another", addressPace, start)
	assert.Len(t, s.Tries, maxTries)
	assert.NotContains(t, s.Tries, "0")
	assert.Contains(t, s.Tries, "another")
}

func TestWaitInWords(t *testing.T) {
	t.Parallel()
	for left, want := range map[time.Duration]string{
		time.Second: "a minute", time.Minute: "a minute", time.Minute + 1: "2 minutes", 96 * time.Minute: "96 minutes", 121 * time.Minute: "3 hours",
	} {
		assert.Equal(t, want, inWords(left))
	}
}

// What cannot be kept does not count: no session begins with a code that could be used again.
func TestStateThatCannotBeWritten(t *testing.T) {
	d := newDesk(t)
	d.provider.config.StateFile = d.folder + "/gone/state.json"
	assert.Equal(t, http.StatusServiceUnavailable, d.post(alice, d.code(alice, 0)).Code)
	assert.Empty(t, d.cookie)
	d.provider.config.StateFile = d.stateFile()
	assert.Equal(t, http.StatusSeeOther, d.post(alice, d.code(alice, 0)).Code)
}
