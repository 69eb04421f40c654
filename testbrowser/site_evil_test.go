package testbrowser_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/evil"
)

// gullibleHost is a dialog that takes requests from anybody and writes down from whom: the attacks must get through to it, else the tests
// that the real one refuses them would prove nothing.
const gullibleHost = head + `<p id="taken">nothing</p><script>
addEventListener('message', event => {
	const from = event.source === opener ? 'opener' : 'bystander'
	const names = event.data.includes('https://rp.test') ? ' naming the victim' : ''
	document.querySelector('#taken').textContent = from + ' ' + event.origin + names
})
opener.postMessage('{"a":"ready"}', '*')
</script>`

func TestEvilPagesReachTheDialog(t *testing.T) {
	for name, c := range map[string]struct{ url, taken string }{
		"lying":       {"https://evil.test" + evil.LyingPath, "opener https://evil.test naming the victim"},
		"without TLS": {"http://evil.test" + evil.LyingPath, "opener http://evil.test naming the victim"},
		"sandboxed":   {"https://evil.test" + evil.SandboxedPath, "opener null naming the victim"},
		"data":        {"https://evil.test" + evil.DataPath, "opener null naming the victim"},
		"bystander":   {"https://evil.test" + evil.BystanderPath, "bystander https://evil.test naming the victim"},
		"moving":      {"https://evil.test" + evil.MovingPath + "?to=https://rp.test/", "opener https://evil.test"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := testbrowser.NewEmptyWorld(t)
			w.Handle("evil.test", evil.New(evil.Config{HostURL: "https://login.example", Victim: "https://rp.test"}))
			w.HandlePage("login.example", gullibleHost)
			w.HandleFunc("rp.test", func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("victim")) })
			b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
			page := b.Open(c.url)
			dialog := page.Popup(func() { page.Click("#attack") })
			dialog.Wait(`document.querySelector('#taken')?.textContent !== 'nothing'`)
			assert.Equal(t, c.taken, dialog.Text("#taken"))
			if name == "moving" {
				page.Wait(`location.href === 'https://rp.test/'`)
			} else {
				page.WaitText("#heard", `https://login.example {"a":"ready"}`)
			}
		})
	}
}
