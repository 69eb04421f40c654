package totp

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
)

// What persona-totp learnt in its time, and what it had not learnt yet at the end of it (F1): a test each.

func TestLessonScriptFromARandomHost(t *testing.T) {
	d := newDesk(t)
	for _, path := range []string{page(alice), ProvisioningPath} {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://totp.test"+path, nil)
		request.Header.Set("Referer", "https://evil.test/")
		recorder := httptest.NewRecorder()
		d.provider.ServeHTTP(recorder, request)
		assert.Contains(t, recorder.Body.String(), `src="https://login.example/`)
		assert.NotContains(t, recorder.Body.String(), "evil.test")
	}
}

func TestLessonSuffixMatchOfHosts(t *testing.T) {
	d := newDesk(t)
	for _, host := range []string{"https://evillogin.example", "https://login.example.evil.test", "https://evil.test/?login.example"} {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "https://totp.test"+page(alice), strings.NewReader("code="+d.code(alice, 0)))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", host)
		recorder := httptest.NewRecorder()
		d.provider.ServeHTTP(recorder, request)
		assert.Equal(t, http.StatusForbidden, recorder.Code)
	}
}

func TestLessonMarkupInTheAddress(t *testing.T) {
	d := newDesk(t)
	for _, address := range []string{`<b>@totp.test`, `"><script>alert(1)</script>@totp.test`, `'onfocus='alert(1)@totp.test`, `x@<b>totp.test`} {
		for _, body := range []string{"", "code=" + d.wrong()} {
			got := d.ask(http.MethodPost, page(browserid.Email(address)), "application/x-www-form-urlencoded", body)
			assert.NotContains(t, got.Body.String(), address)
			assert.NotContains(t, got.Body.String(), "<b>")
			assert.NotContains(t, got.Body.String(), "<script>")
		}
	}
}

func TestLessonCertificateWithoutSession(t *testing.T) {
	d := newDesk(t)
	assert.Equal(t, "not_signed_in", d.certify(alice))
	d.cookie = "made-up"
	assert.Equal(t, "not_signed_in", d.certify(alice))
	d.cookie = ""
	d.post(alice, d.wrong())
	assert.Equal(t, "not_signed_in", d.certify(alice))
	d.signIn(bob)
	assert.Equal(t, "not_signed_in", d.certify(alice), "in the session of somebody else")
}

// Whole addresses count: the same local part elsewhere is somebody else.
func TestLessonAnyDomain(t *testing.T) {
	d := newDesk(t)
	d.signIn(alice)
	for _, address := range []browserid.Email{"alice@hosted.test", "alice@evil.test", "alice@eviltotp.test", "alice@sub.totp.test", "Alice@totp.test"} {
		assert.NotEmpty(t, d.certify(address), address)
		d.now = d.now.Add(2 * time.Hour) // past all limits
		got := d.post(address, d.code(alice, 0))
		assert.NotEqual(t, http.StatusSeeOther, got.Code, address)
	}
	d.add("alice@hosted.test")
	d.signIn("alice@hosted.test")
	assert.Empty(t, d.certify("alice@hosted.test"))
	assert.Equal(t, http.StatusNotFound, d.ask(http.MethodGet, "/.well-known/browserid?domain=evil.test", "", "").Code)
}

// Who is no user is answered word for word like who is, also when it becomes too much.
func TestLessonUnknownUser(t *testing.T) {
	var known, unknown []string
	t.Run("both", func(t *testing.T) {
		t.Run("a user", func(t *testing.T) { known = answers(newDesk(t), alice) })
		t.Run("nobody", func(t *testing.T) { unknown = answers(newDesk(t), "nobody@totp.test") })
	})
	assert.Equal(t, known, unknown)
	assert.Contains(t, known[6], "Too Many Requests")

	d := newDesk(t)
	secret, err := d.users.vault.open(d.users.nobody)
	require.NoError(t, err)
	d.apps["nobody@totp.test"] = secret
	assert.Equal(t, http.StatusForbidden, d.post("nobody@totp.test", d.code("nobody@totp.test", 0)).Code, "not even with the codes that theirs are compared with")
}

// answers are those to more wrong codes than an address may have, without the address.
func answers(d *desk, email browserid.Email) (all []string) {
	d.Helper()
	all = append(all, d.ask(http.MethodGet, page(email), "", "").Body.String())
	for range 6 {
		got := d.post(email, d.wrong())
		all = append(all, http.StatusText(got.Code)+" "+got.Header().Get("Retry-After")+got.Body.String())
	}
	for i := range all {
		all[i] = strings.NewReplacer(string(email), "?", url.QueryEscape(string(email)), "?").Replace(all[i])
	}
	return all
}

func TestLessonReplay(t *testing.T) {
	d := newDesk(t)
	code := d.code(alice, 0)
	require.Equal(t, http.StatusSeeOther, d.post(alice, code).Code)
	d.cookie = ""
	assert.Equal(t, http.StatusForbidden, d.post(alice, code).Code, "twice")
	d.now = d.now.Add(period)
	assert.Equal(t, http.StatusForbidden, d.post(alice, code).Code, "twice, a step later")
	d.restart()
	assert.Equal(t, http.StatusForbidden, d.post(alice, code).Code, "twice, after a restart")
	assert.Equal(t, http.StatusSeeOther, d.post(alice, d.code(alice, 0)).Code, "the next one is good")
	d.cookie = ""
	assert.Equal(t, http.StatusForbidden, d.post(alice, d.code(alice, -1)).Code, "one that came before it has been seen by then")
	assert.Equal(t, http.StatusSeeOther, d.post(bob, d.code(bob, 0)).Code, "of others it says nothing")
}

// A wrong code asks again, on the same page; the dialog knows nothing of it.
func TestLessonWrongCodeAsksAgain(t *testing.T) {
	d := newDesk(t)
	for _, code := range []string{d.wrong(), "", "12345", "1234567", "abcdef", "１２３４５６", d.code(bob, 0), d.code(alice, 2), d.code(alice, -2)} {
		got := d.post(alice, code)
		require.Contains(t, []int{http.StatusForbidden, http.StatusBadRequest}, got.Code)
		assert.Contains(t, got.Body.String(), `name="code"`)
		assert.Contains(t, got.Body.String(), `role="alert"`)
		assert.NotContains(t, got.Body.String(), "data-done")
	}
	assert.Equal(t, http.StatusSeeOther, d.post(alice, " "+d.code(alice, 0)[:3]+" "+d.code(alice, 0)[3:]).Code, "as apps show it")
}

// Codes of the step before and after count (RFC 6238, 5.2), and no others.
func TestWindow(t *testing.T) {
	for steps, want := range map[int]int{-2: http.StatusForbidden, -1: http.StatusSeeOther, 0: http.StatusSeeOther, 1: http.StatusSeeOther, 2: http.StatusForbidden} {
		t.Run("", func(t *testing.T) {
			d := newDesk(t)
			assert.Equal(t, want, d.post(alice, d.code(alice, steps)).Code, steps)
		})
	}
}

// The answer takes as long for nobody as for a user, and for a code that is wrong in the first digit as for one in the last. It is
// the work that is measured, without the file that is written after either.
func TestLessonTiming(t *testing.T) {
	d := newDesk(t)
	right := d.code(alice, 0)
	last := right[:5] + string('0'+(right[5]-'0'+1)%10)
	first := string('0'+(right[0]-'0'+1)%10) + right[1:]
	took := map[string][]time.Duration{}
	for range 400 {
		for name, try := range map[string]struct {
			email browserid.Email
			code  string
		}{"nobody": {"nobody@totp.test", first}, "first": {alice, first}, "last": {alice, last}, "right": {alice, right}} {
			began := time.Now()
			_, _, _, err := d.provider.check(try.email, try.code, d.now)
			took[name] = append(took[name], time.Since(began))
			require.NoError(t, err)
		}
	}
	median := func(name string) float64 {
		slices.Sort(took[name])
		return float64(took[name][len(took[name])/2])
	}
	for _, name := range []string{"nobody", "last", "right"} {
		assert.InEpsilon(t, median("first"), median(name), 0.5, "%s: %v, and %v", name, median(name), median("first"))
	}
}

func TestLessonFormIsNoGuess(t *testing.T) {
	d := newDesk(t)
	assert.NotContains(t, d.ask(http.MethodGet, page(alice)+"&code="+url.QueryEscape(d.code(alice, 0)), "", "").Body.String(), "data-done", "codes in addresses of pages stay in logs")
}
