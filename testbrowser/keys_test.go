package testbrowser_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/testbrowser"
)

// The private key cannot be exported, in any format (design 2.3).
func TestPrivateKeyCannotBeExported(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		newFlow(t, w, b, testbrowser.RP).signIn(testbrowser.Alice)
		page := b.Open(w.URL(testbrowser.Host, "/"))
		assert.Equal(t, []string{"InvalidAccessError", "InvalidAccessError"}, testbrowser.Eval[[]string](page, `(async () => {
			const opened = await new Promise(resolve => {
				const request = indexedDB.open('navid')
				request.onsuccess = () => resolve(request.result)
			})
			const kept = await new Promise(resolve => {
				const request = opened.transaction('keys').objectStore('keys').get('alice@idp.test')
				request.onsuccess = () => resolve(request.result)
			})
			opened.close()
			const exported = format => crypto.subtle.exportKey(format, kept.privateKey).then(() => 'exported', error => error.name)
			return [await exported('jwk'), await exported('pkcs8')]
		})()`))
	})
}

// Each certification has a fresh key.
func TestNewCertificationHasNewKey(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newFlow(t, w, b, testbrowser.RP)
		f.signIn(testbrowser.Alice)
		before := storage(w, b)
		require.Len(t, before.Keys, 1)

		f.signOut()
		spoilCertificate(w, b)
		f.open("pick")
		f.press(".identity")
		f.waitSignedIn(testbrowser.Alice)
		after := storage(w, b)
		require.Len(t, after.Keys, 1)
		assert.NotEqual(t, before.Keys, after.Keys)
		assert.NotEqual(t, before.State, after.State)
	})
}

// spoilCertificate makes the stored certificate unusable, as time does.
func spoilCertificate(w *testbrowser.World, b *testbrowser.Browser) {
	page := b.Open(w.URL(testbrowser.Host, "/"))
	defer page.Close()
	testbrowser.Eval[bool](page, `(() => {
		const state = JSON.parse(localStorage.getItem('navid'))
		for (const identity of state.identities) identity.certificate = 'expired'
		localStorage.setItem('navid', JSON.stringify(state))
		return true
	})()`)
}
