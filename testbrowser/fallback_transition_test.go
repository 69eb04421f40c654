package testbrowser_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

// aging is a world in which time can be made to pass.
func aging(t *testing.T, run func(t *testing.T, f *flow, pass func(time.Duration))) {
	t.Helper()
	var late atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(late.Load())) }
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		run(t, newFlow(t, w, b, testbrowser.RP), func(d time.Duration) { late.Add(int64(d)) })
	}, testbrowser.WithFallback(nil), testbrowser.WithNow(now))
}

// issuers are those of the certificates that the site has been given.
func (f *flow) issuers() (names []string) {
	f.t.Helper()
	for _, login := range f.w.Requests().To(testbrowser.RP).Method("POST").Path("/login") {
		certificate, _, err := browserid.ParseCertificate(certificateOf(f.t, login))
		require.NoError(f.t, err)
		names = append(names, certificate.Issuer)
	}
	return names
}

// When a domain gets a provider of its own, the host's certificates for it count no more, and the person is sent there (B8.1).
func TestProviderAppears(t *testing.T) {
	aging(t, func(t *testing.T, f *flow, pass func(time.Duration)) {
		f.signInByCode(testbrowser.Dora, 1)
		f.signOut()
		provider, err := idp.New(idp.Config{
			Domain: testbrowser.Mailbox, Origin: "https://" + testbrowser.Mailbox, HostURL: f.w.URL(testbrowser.Host, ""),
			Accounts: map[string]string{"dora": testbrowser.Password},
		})
		require.NoError(t, err)
		f.w.Handle(testbrowser.Mailbox, provider)
		pass(2 * time.Hour) // until the certificate has ended, and that there was none is forgotten

		f.open("pick")
		f.signInAt(f.dialog.Popup(func() { f.press(".identity") }))
		f.waitSignedIn(testbrowser.Dora)
		assert.Equal(t, []string{testbrowser.Host, testbrowser.Mailbox}, f.issuers())
		assert.Len(t, f.w.Mail.All(), 1)
	})
}

// When a provider says that it has ceased, the host speaks for its domain at once (B8.2, C3).
func TestProviderCeases(t *testing.T) {
	aging(t, func(t *testing.T, f *flow, pass func(time.Duration)) {
		f.signIn(testbrowser.Alice)
		f.signOut()
		f.w.HandleFunc(testbrowser.IdP, func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Content-Type", "application/json")
			_, _ = rw.Write([]byte(`{"disabled":true}`))
		})
		pass(8 * time.Hour)

		f.open("pick")
		f.press(".identity")
		f.dialog.WaitScreen("code")
		f.dialog.Type("#code", f.w.Mail.Wait(testbrowser.Alice, 1).Code())
		f.waitSignedIn(testbrowser.Alice)
		assert.Equal(t, []string{testbrowser.IdP, testbrowser.Host}, f.issuers())
	})
}

// One that has only fallen silent is not spoken for: the dialog says so (G12).
func TestProviderFallsSilent(t *testing.T) {
	aging(t, func(t *testing.T, f *flow, pass func(time.Duration)) {
		f.signIn(testbrowser.Alice)
		f.signOut()
		f.w.HandleFunc(testbrowser.IdP, func(rw http.ResponseWriter, _ *http.Request) { http.Error(rw, "down", http.StatusServiceUnavailable) })
		pass(8 * time.Hour) // until the certificate has ended, too

		f.open("pick")
		f.press(".identity")
		f.dialog.WaitScreen("error")
		f.dialog.WaitText("main", "does not answer")
		assert.Empty(t, f.w.Mail.All())
	})
}
