package testbrowser_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/testbrowser"
	"github.com/navid-login/navid/testbrowser/site/idp"
)

// The two libraries that Mozilla's include.js and provisioning_api.js consist of for the most part, as their authors published them: they
// speak to our dialog, our frame and our agent (A9.1 to A9.3, C1.7).
const originalSite = head + `<button id="sign-in">Sign in</button><button id="sign-out">Sign out</button>
<script>%winchan%</script><script>%jschannel%</script>
<script>
const HOST = 'https://login.example', told = []
const frame = document.body.appendChild(document.createElement('iframe'))
frame.style.display = 'none'
frame.src = HOST + '/communication_iframe'
const channel = Channel.build({ window: frame.contentWindow, origin: HOST, scope: 'mozid_ni' })
channel.bind('login', (trans, assertion) => { told.push(['login', assertion]) })
channel.bind('logout', () => { told.push(['logout']) })
channel.bind('match', () => { told.push(['match']) })
channel.call({ method: 'loaded', success: () => told.push(['ready']) })
document.querySelector('#sign-in').onclick = () => {
	channel.notify({ method: 'dialog_running' })
	WinChan.open({
		url: HOST + '/sign_in', relay_url: HOST + '/relay', window_name: '__persona_dialog',
		window_features: 'menubar=0,location=1,resizable=1,scrollbars=1,status=0,width=700,height=375',
		params: { method: 'get', params: { rp_api: 'watch_with_onready', siteName: 'Of 2012' } },
	}, (error, answer) => {
		told.push(error ? ['error', error] : ['answer', answer.assertion])
		if (answer) channel.notify({ method: 'loggedInUser', params: answer.email })
		channel.notify({ method: 'dialog_complete', params: !answer })
	})
}
document.querySelector('#sign-out').onclick = () => channel.notify({ method: 'logout' })
</script>`

const originalProvisioning = head + `<script>%jschannel%</script>
<script>
const channel = Channel.build({ window: window.opener || window.parent, origin: 'https://login.example', scope: 'vep_prov' })
const fail = reason => channel.notify({ method: 'raiseProvisioningFailure', params: String(reason) })
channel.call({ method: 'beginProvisioning', error: fail, success: ({ email, cert_duration_s }) =>
	fetch('/session').then(answer => answer.json()).then(session => {
		if (session.email !== email) return fail('nobody is signed in as ' + email)
		channel.call({ method: 'genKeyPair', error: fail, success: publicKey =>
			fetch('/certificate', {
				method: 'POST', headers: { 'Content-Type': 'application/json' },
				body: JSON.stringify({ email, publicKey, duration: cert_duration_s }),
			}).then(answer => answer.text()).then(certificate => channel.notify({ method: 'registerCertificate', params: certificate }), fail) })
	}) })
</script>`

func TestOriginalLibraries(t *testing.T) {
	testbrowser.ForEachProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		w.HandlePage(testbrowser.RP, withOriginals(t, originalSite))
		provider := http.NewServeMux()
		provider.Handle("/", w.Site(testbrowser.IdP))
		w.HandlePage("provisioning.test", withOriginals(t, originalProvisioning))
		provider.Handle(idp.ProvisioningPath, w.Site("provisioning.test"))
		w.Handle(testbrowser.IdP, provider)
		b.AllowConsole("Unsafe attempt to initiate navigation") // WinChan's close(): the dialog has let go of its opener, and closes itself
		f := newFlow(t, w, b, testbrowser.RP)
		f.site.Wait(`told.some(([what]) => what === 'ready')`)
		f.signInAt(f.enter(testbrowser.Alice))
		f.site.Wait(`told.some(([what]) => what === 'answer')`)
		f.dialog.WaitClosed()
		assertion := testbrowser.Eval[string](f.site, `told.at(-1)[1]`)
		result, err := w.Verifier(testbrowser.RP, time.Now).Verify(t.Context(), assertion)
		require.NoError(t, err)
		assert.Equal(t, testbrowser.Alice, string(result.Email))

		f.site.Reload()
		f.site.Wait(`told.some(([what]) => what === 'login')`) // silently
		f.site.Click("#sign-out")
		f.site.Wait(`told.some(([what]) => what === 'logout')`)
	})
}

// withOriginals puts the libraries into a page.
func withOriginals(t *testing.T, page string) string {
	t.Helper()
	return strings.NewReplacer(
		"%winchan%", original(t, "winchan", "winchan.js"),
		"%jschannel%", original(t, "js-channel", "src", "jschannel.js"),
	).Replace(page)
}

func original(t *testing.T, path ...string) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(append([]string{"..", "shim", "node_modules"}, path...)...))
	require.NoError(t, err, "install it: cd shim && npm ci")
	return string(source)
}
