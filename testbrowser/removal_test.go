package testbrowser_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/testbrowser"
)

// Removing an address ends silent sign-in (abuse test 17): at once where the
// frame can read the dialog's storage, and within the hour where it lives on
// what was handed over, which the dialog cannot reach (design 8).
func TestRemovalEndsSilentSignIn(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		f := newObserver(t, w, b)
		f.returnObserving(testbrowser.Alice)
		f.observe("null", "login", "ready")
		f.open("pick")
		f.press(".remove")
		f.dialog.WaitScreen("enter")
		f.press("#cancel")
		f.dialog.WaitClosed()

		if b.Profile() == testbrowser.ThirdPartyAllowed {
			f.observe("null", "match", "ready")
			return
		}
		frame := b.Frame(w.URL(testbrowser.Host, "/communication_iframe"))
		assert.LessOrEqual(t, testbrowser.Eval[float64](frame, endRecord), time.Hour.Seconds())
		f.observe("null", "ready")
		swept := b.Frame(w.URL(testbrowser.Host, "/communication_iframe"))
		assert.Empty(t, testbrowser.Eval[[]string](swept, namesOfKeys))
	})
}

// endRecord makes the frame's record old, as an hour does, and returns for how many seconds it would have counted.
const endRecord = `(() => {
	const record = JSON.parse(localStorage.getItem('navid.bridge'))
	const [site] = Object.values(record.sites)
	const left = (site.until - Date.now()) / 1000
	site.until = Date.now() - 1
	localStorage.setItem('navid.bridge', JSON.stringify(record))
	return left
})()`

// namesOfKeys are those of the frame's partition.
const namesOfKeys = `new Promise((resolve, reject) => {
	const opened = indexedDB.open('navid')
	opened.onerror = () => reject(opened.error)
	opened.onsuccess = () => {
		const names = opened.result.transaction('keys').objectStore('keys').getAllKeys()
		names.onsuccess = () => { opened.result.close(); resolve(names.result) }
	}
})`
