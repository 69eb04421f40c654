package testbrowser_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/shim"
	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

// plainHost is a login host with the least that a provider's pages need: it opens the provisioning page in a window, speaks jschannel
// with it (protocol.md C1.7), and goes by way of the authentication page when it is told to (C2). It lets the provider be tested before,
// and apart from, the real one.
const plainHost = head + `<button id="go">go</button><p id="state">idle</p><script>
const state = document.querySelector('#state')
let idp
document.querySelector('#go').onclick = () => { idp = open('https://idp.test/provision', 'idp') }
addEventListener('message', async event => {
	if (event.data === 'returned') return idp.location = 'https://idp.test/provision'
	if (event.source !== idp || event.origin !== 'https://idp.test' || event.data === 'die') return
	const { id, method = '', params } = JSON.parse(event.data)
	const say = message => idp.postMessage(JSON.stringify(message), 'https://idp.test')
	switch (method) {
	case 'vep_prov::__ready':
		return params === 'ping' && say({ method, params: 'pong' })
	case 'vep_prov::beginProvisioning':
		return say({ id, result: { email: 'alice@idp.test', cert_duration_s: 3600 } })
	case 'vep_prov::genKeyPair': {
		const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
		const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
		return say({ id, result: JSON.stringify({ kty, crv, x, y }) })
	}
	case 'vep_prov::registerCertificate':
		state.textContent = params
		return idp.close()
	case 'vep_prov::raiseProvisioningFailure':
		state.textContent = 'failed'
		idp.location = 'https://idp.test/sign_in?email=alice%40idp.test'
	}
})
</script>`

func servePlainHost(rw http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/":
		rw.Header().Set("Content-Type", "text/html")
		_, _ = rw.Write([]byte(plainHost))
	case "/sign_in":
		rw.Header().Set("Content-Type", "text/html")
		_, _ = rw.Write([]byte(head + `<script>opener.postMessage('returned', location.origin)</script>`))
	default:
		http.FileServerFS(shim.FS()).ServeHTTP(rw, r)
	}
}

func providerWorld(t *testing.T, session idp.Session) (*testbrowser.World, *idp.Provider) {
	t.Helper()
	provider, err := idp.New(idp.Config{
		Domain: "idp.test", Origin: "https://idp.test", HostURL: "https://login.example", Session: session,
		Accounts: map[string]string{"alice": "correct horse"},
	})
	require.NoError(t, err)
	w := testbrowser.NewEmptyWorld(t)
	w.HandleFunc("login.example", servePlainHost)
	w.Handle("idp.test", provider)
	return w, provider
}

func TestProviderPages(t *testing.T) {
	for _, session := range []idp.Session{idp.LaxCookie, idp.NoneCookie, idp.LocalStorage} {
		t.Run(string(session), func(t *testing.T) {
			t.Parallel()
			w, _ := providerWorld(t, session)
			b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
			b.ExpectConsole("403") // of the first, wrong password
			host := b.Open(w.URL("login.example", "/"))
			window := host.Popup(func() { host.Click("#go") })
			window.Wait(`document.querySelector('#email')?.value === 'alice@idp.test'`)
			window.Type("#password", "wrong")
			window.Press("Enter", 0)
			window.WaitText("#message", "not the password")
			window.Type("#password", "correct horse")
			window.Click("#sign-in button")
			window.WaitClosed()

			certificate, _, err := browserid.ParseCertificate(host.Text("#state"))
			require.NoError(t, err)
			assert.Equal(t, browserid.Email("alice@idp.test"), certificate.Principal.Email)

			home := b.Open(w.URL("idp.test", "/"))
			home.WaitText("#address", "alice@idp.test")
			home.Click("#leave button")
			home.WaitText("#out", "not signed in")
		})
	}
}

// The hostile page reaches its opener, and the opener's opener, where nothing keeps it from that (security.md E1): else the test that it
// cannot would prove nothing.
func TestHostileProviderReaches(t *testing.T) {
	w, provider := providerWorld(t, idp.LaxCookie)
	provider.Misbehave(idp.Hostile)
	w.HandlePage("rp.test", head+`<button id="go">go</button><p id="heard"></p><iframe name="__persona_comm" src="https://login.example/agent.js"></iframe>
	<script>
	document.querySelector('#go').onclick = () => open('https://login.example/', 'dialog')
	addEventListener('message', e => { document.querySelector('#heard').textContent = e.origin + ' ' + e.data })
	</script>`)
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	b.AllowConsole("SyntaxError|not valid JSON") // the plain host parses whatever it hears
	site := b.Open(w.URL("rp.test", "/"))
	dialog := site.Popup(func() { site.Click("#go") })
	window := dialog.Popup(func() { dialog.Click("#go") })
	window.Wait(`document.querySelector('#email')?.value === 'alice@idp.test'`) // by way of the provisioning page
	site.WaitText("#heard", "https://idp.test")

	want := []idp.Reached{{Path: "opener"}, {Path: "opener.opener", Frames: 1, Communication: true}}
	assert.Equal(t, want, testbrowser.Eval[[]idp.Reached](window, "hostileReport.reached"))
	reports := provider.Reports()
	require.Len(t, reports, 2)
	assert.Equal(t, idp.ProvisioningPath, reports[0].Page)
	assert.Equal(t, want, reports[0].Reached)
	assert.Contains(t, reports[0].Heard, `https://login.example {"method":"vep_prov::__ready","params":"pong"}`)
	assert.Equal(t, idp.AuthenticationPath, reports[1].Page)
}
