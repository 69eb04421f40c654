package testbrowser_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/testbrowser"
)

// After "This is not my own device" nothing of the sign-in is left in the
// browser, but for what the site and the provider keep of their own, of which
// the last screen warns (security.md G6; abuse test 16).
func TestNotMyDevice(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newPlainFlow(t, w, b)
		f.open("enter")
		f.typeAddress(testbrowser.Alice)
		f.press("#not-my-device")
		f.signInAt(f.dialog.Popup(func() { f.press("#next") }))

		f.dialog.WaitScreen("done")
		assert.Contains(t, f.dialog.Text("main"), "idp.test", "whose session may still be there")
		told := f.told(3)
		require.Equal(t, "login", told[1][0])
		assert.LessOrEqual(t, certificateLifetime(t, told[1][1]).Hours(), 1.1)
		f.press("#close")
		f.dialog.WaitClosed()

		assert.Equal(t, kept{Keys: []string{}, Other: []string{}}, storage(w, b))
		host := b.Open(w.URL(testbrowser.Host, "/"))
		assert.Empty(t, testbrowser.Eval[string](host, `document.cookie`))
		assert.Empty(t, testbrowser.Eval[[]string](host, `caches.keys()`))
		for _, request := range w.Requests().To(testbrowser.Host) {
			assert.Empty(t, request.Header.Get("Cookie"))
		}
		f.open("enter")
		assert.Empty(t, testbrowser.Eval[string](f.dialog, `document.querySelector('#email').value`))
		f.press("#cancel")
		f.dialog.WaitClosed()
	})
}

// certificateLifetime reads how long the certificate of an assertion lives.
func certificateLifetime(t *testing.T, assertion string) interface{ Hours() float64 } {
	backed, err := browserid.ParseBacked(assertion)
	require.NoError(t, err)
	certificate, _, err := browserid.ParseCertificate(backed.Certificates[0])
	require.NoError(t, err)
	return certificate.Expires.Time().Sub(certificate.IssuedAt.Time())
}
