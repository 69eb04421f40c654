package testbrowser_test

import (
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/agent/issuer/personal"
	"github.com/navid-login/navid/shim"
	"github.com/navid-login/navid/testbrowser"
)

// A domain whose provider is a folder on a file server (package personal), and its owner.
const (
	Personal       = "personal.test"
	Ann            = "ann@" + Personal
	annsPassphrase = "lusab-babad-gutih-tugad-mabiv"
	annsNext       = "six words by the roll of dice"
)

// personalFlow is somebody signing in with a provider of their own.
type personalFlow struct {
	*flow
	folder string
}

// newPersonalFlow puts the provider on a file server that is told nothing but the one header line that it needs.
func newPersonalFlow(f *flow) *personalFlow {
	f.t.Helper()
	p := &personalFlow{flow: f, folder: f.t.TempDir()}
	require.NoError(f.t, personal.Write(p.folder, personal.Config{
		Domain:     Personal,
		Host:       browserid.Origin(f.w.URL(testbrowser.Host, "")),
		Rights:     personal.Rights{Addresses: []browserid.Email{Ann}},
		Passphrase: annsPassphrase,
		Rounds:     personal.MinRounds,
		Scripts:    shim.FS(),
	}))
	p.serve(map[string]http.Header{issuer.Path: {"Content-Type": {"application/json"}}})
	return p
}

// serve has a plain file server send headers with some paths. A path that ends with a star is a beginning.
func (p *personalFlow) serve(headers map[string]http.Header) {
	files := http.FileServer(http.Dir(p.folder))
	p.w.HandleFunc(Personal, func(rw http.ResponseWriter, r *http.Request) {
		for path, header := range headers {
			start, isStart := strings.CutSuffix(path, "*")
			if r.URL.Path == path || isStart && strings.HasPrefix(r.URL.Path, start) {
				maps.Copy(rw.Header(), header)
			}
		}
		files.ServeHTTP(rw, r)
	})
}

// heedHeaders serves the folder as hosts of static sites do, which find in the file _headers what to send.
func (p *personalFlow) heedHeaders() {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join(p.folder, "_headers"))
	require.NoError(p.t, err)
	headers, path := map[string]http.Header{}, ""
	for line := range strings.Lines(string(text)) {
		name, value, isHeader := strings.Cut(strings.TrimSpace(line), ": ")
		switch {
		case strings.HasPrefix(line, "/"):
			path = strings.TrimSpace(line)
			headers[path] = http.Header{}
		case isHeader && path != "":
			headers[path].Set(name, value)
		}
	}
	p.serve(headers)
}

// publish puts up another support document, as the owner does with the one that the key-change page has made.
func (p *personalFlow) publish(document string) {
	p.t.Helper()
	require.NoError(p.t, os.WriteFile(filepath.Join(p.folder, ".well-known", "browserid"), []byte(document), 0o644))
}

func (p *personalFlow) document() []byte {
	p.t.Helper()
	document, err := os.ReadFile(filepath.Join(p.folder, ".well-known", "browserid"))
	require.NoError(p.t, err)
	return document
}

// page is one of the provider's.
func (p *personalFlow) page(path, query string) string { return p.w.URL(Personal, path) + query }

// unlock types a passphrase on a page that asks for it.
func unlock(page *testbrowser.Page, passphrase string) {
	page.Wait(`document.querySelector('#unlock')?.checkVisibility() && !document.querySelector('#unlock button').disabled`)
	page.Type("#passphrase", passphrase)
	page.Click("#unlock button")
}

// change opens the key-change page, makes the change and returns the next document, once the page has seen it on the server.
func (p *personalFlow) change(passphrase string, make func(page *testbrowser.Page)) (document string) {
	p.t.Helper()
	page := p.b.Open(p.page(personal.KeyChangePath, ""))
	unlock(page, passphrase)
	page.Wait(`document.querySelector('#changes').checkVisibility()`)
	make(page)
	document = p.result(page)
	page.Close()
	return document
}

// result publishes the document that a page shows.
func (p *personalFlow) result(page *testbrowser.Page) (document string) {
	p.t.Helper()
	page.Wait(`document.querySelector('#result').checkVisibility()`)
	page.Click("#check button")
	page.WaitText("#check [role=alert]", "another document")
	document = testbrowser.Eval[string](page, `document.querySelector('#document').value`)
	assert.True(p.t, testbrowser.Eval[bool](page, `document.querySelector('#download').href.startsWith('blob:https://personal.test/')`))
	p.publish(document)
	page.Click("#check button")
	page.WaitText("#checked", "It is there")
	return document
}

// forget makes the dialog forget the certificate, as time would.
func (p *personalFlow) forget() {
	p.t.Helper()
	page := p.b.Open(p.w.URL(testbrowser.Host, "/"))
	testbrowser.Eval[bool](page, `(() => {
		const kept = JSON.parse(localStorage.navid)
		kept.identities.forEach(identity => (identity.certificate = 'x'))
		localStorage.navid = JSON.stringify(kept)
		return true
	})()`)
	page.Close()
}

// bundle is the last that the site was given.
func (p *personalFlow) bundle() string {
	p.t.Helper()
	bundles := p.w.Assertions(testbrowser.RP)
	require.NotEmpty(p.t, bundles)
	return bundles[len(bundles)-1]
}

// verify verifies a bundle as of a time, by the documents of now.
func (p *personalFlow) verify(bundle string, at time.Time) error {
	p.t.Helper()
	_, err := p.w.Verifier(testbrowser.RP, func() time.Time { return at }).Verify(p.t.Context(), bundle)
	return err
}

// again signs in once more, with the certificate that the browser has or in the window that it opens.
func (p *personalFlow) again() {
	p.t.Helper()
	p.signOut()
	p.open("pick")
	p.press(".identity")
}

// Somebody signs in with their own provider, which is nothing but files; then changes its key.
func TestPersonalProvider(t *testing.T) {
	t.Parallel()
	for _, profile := range testbrowser.Profiles() {
		t.Run(string(profile), func(t *testing.T) {
			var late atomic.Int64
			now := func() time.Time { return time.Now().Add(time.Duration(late.Load())) }
			testbrowser.InProfile(t, profile, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
				p := newPersonalFlow(newFlow(t, w, b, testbrowser.RP))
				p.heedHeaders()
				p.firstSignIn()
				p.renewWithoutPassphrase()
				p.changeKey(now, func() { late.Add(int64(6 * time.Minute)) })
			}, testbrowser.WithNow(now), testbrowser.WithClassicSites())
		})
	}
}

// firstSignIn tries a wrong passphrase, then the right one, and looks at what the browser keeps of it.
func (p *personalFlow) firstSignIn() {
	p.t.Helper()
	provider := p.enter(Ann)
	unlock(provider, annsNext)
	provider.WaitText("#unlock [role=alert]", "not the passphrase")
	unlock(provider, annsPassphrase)
	p.waitSignedIn(Ann)

	page := p.b.Open(p.page(personal.LogoutPath, ""))
	page.WaitText("#lock", "unlocked in this browser")
	assert.Equal(p.t, "", testbrowser.Eval[string](page, lookForSecrets(annsPassphrase)))
	page.Close()
}

// lookForSecrets says what there is in a page's storage that should not be: a key that can be read, or anything beside it.
func lookForSecrets(passphrase string) string {
	return `(async () => {
		const databases = await indexedDB.databases()
		const [{ name }] = databases
		const opened = await new Promise(resolve => (indexedDB.open(name).onsuccess = event => resolve(event.target.result)))
		const read = opened.transaction('session').objectStore('session').getAll()
		const records = await new Promise(resolve => (read.onsuccess = () => resolve(read.result)))
		opened.close()
		const [{ privateKey, until, ...plain }] = records
		const found = []
		if (databases.length !== 1 || records.length !== 1) found.push('more than one record')
		if (!(privateKey instanceof CryptoKey) || privateKey.extractable || privateKey.usages.join() !== 'sign') found.push('the key')
		for (const format of ['jwk', 'pkcs8', 'raw']) {
			await crypto.subtle.exportKey(format, privateKey).then(() => found.push('exported as ' + format), () => {})
		}
		if (until > Date.now() + 12 * 3600e3) found.push('too long')
		if (Object.keys(plain).sort().join() !== 'algorithm,publicKey,rights') found.push(JSON.stringify(plain))
		const text = JSON.stringify([plain, { ...localStorage }, { ...sessionStorage }, document.cookie, name])
		if (text.includes('` + passphrase + `') || localStorage.length || sessionStorage.length || document.cookie) found.push(text)
		return found.join('; ')
	})()`
}

// renewWithoutPassphrase: while the key is unlocked, the window that the dialog opens asks for nothing.
func (p *personalFlow) renewWithoutPassphrase() {
	p.t.Helper()
	before := p.bundle()
	p.forget()
	p.again()
	p.waitSignedIn(Ann)
	assert.NotEqual(p.t, certificateIn(p.t, before), certificateIn(p.t, p.bundle()))
}

// changeKey: old certificates go on being believed until the change is finished, but are no longer renewed, and nobody opens the new key
// by the old passphrase.
func (p *personalFlow) changeKey(now func() time.Time, pass func()) {
	p.t.Helper()
	old := p.bundle()
	signed := now()
	overlap := p.change(annsPassphrase, func(page *testbrowser.Page) {
		page.Type("#new", annsNext)
		page.Type("#again", annsNext)
		page.Click("#new-key")
		page.Click("#change button")
	})
	p.w.MustPleaseOthers(testbrowser.RP, Ann, Ann) // by the old key, which is one of two now
	pass()                                         // so that everybody asks for the document again
	require.NoError(p.t, p.verify(old, signed))
	p.again() // with the old certificate, which has not ended
	p.waitSignedIn(Ann)

	p.forget()
	p.signOut()
	p.open("pick")
	provider := p.dialog.Popup(func() { p.press(".identity") })
	unlock(provider, annsPassphrase)
	provider.WaitText("#unlock [role=alert]", "not the passphrase")
	unlock(provider, annsNext)
	p.waitSignedIn(Ann)
	current, signedAnew := p.bundle(), now()
	p.finishChange(overlap)
	pass()
	require.NoError(p.t, p.verify(current, signedAnew))
	require.ErrorContains(p.t, p.verify(old, signed), "signature")
}

// finishChange takes the old key out of the document.
func (p *personalFlow) finishChange(overlap string) {
	p.t.Helper()
	page := p.b.Open(p.page(personal.KeyChangePath, ""))
	page.WaitText("#finish", "It may go from")
	page.Click("#finish button")
	p.result(page)
	page.Close()
	both, err := browserid.ParseSupportDocument([]byte(overlap))
	require.NoError(p.t, err)
	one, err := browserid.ParseSupportDocument(p.document())
	require.NoError(p.t, err)
	assert.Len(p.t, both.PublicKeys, 2)
	assert.Equal(p.t, both.PublicKeys[:1], one.PublicKeys)
}

func certificateIn(t *testing.T, bundle string) string {
	t.Helper()
	backed, err := browserid.ParseBacked(bundle)
	require.NoError(t, err)
	return backed.Certificates[0]
}

// A passkey opens the key in place of the passphrase, where it can keep a secret for the page; other addresses are allowed; and the key is
// locked again.
func TestPersonalProviderPasskey(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		p := newPersonalFlow(newFlow(t, w, b, testbrowser.RP))
		page := b.Open(p.page(personal.KeyChangePath, ""))
		page.AddAuthenticator()
		unlock(page, annsPassphrase)
		page.Wait(`document.querySelector('#passkeys').checkVisibility()`)
		page.Click("#passkeys button")
		page.Wait(`document.querySelector('#result').checkVisibility()`)
		page.Type("#list", "*@"+Personal)
		page.Click("#addresses button") // goes on from the document with the passkey
		page.Wait(`document.querySelector('#note-addresses').checkVisibility()`)
		p.result(page)

		page.Go(p.page(personal.AuthenticationPath, "?email="+url.QueryEscape(Ann)))
		page.Wait(`document.querySelector('#use-passkey').checkVisibility()`)
		page.Click("#use-passkey")
		page.Wait(`location.host === 'login.example'`)
		page.Close()
		p.open("enter")
		p.typeAddress("eve@" + Personal)
		p.press("#next")
		p.waitSignedIn("eve@" + Personal)

		p.lock()
		p.forget()
		p.signOut()
		p.open("pick")
		provider := p.dialog.Popup(func() { p.press(".identity") })
		unlock(provider, annsPassphrase)
		p.waitSignedIn("eve@" + Personal)
	})
}

// Where there are no windows, the question comes in the fragment, and the certificate goes back in one.
func TestPersonalProviderByRedirect(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		p := newPersonalFlow(newSeveredFlow(t, w, b))
		p.startByRedirect("enter")
		p.site.Type("#email", Ann)
		p.site.Click("#next")
		unlock(p.site, annsPassphrase)
		p.site.WaitText("#address", Ann)
	})
}

// lock locks the key in this browser.
func (p *personalFlow) lock() {
	p.t.Helper()
	page := p.b.Open(p.page(personal.LogoutPath, ""))
	page.WaitText("#lock", "unlocked in this browser")
	page.Click("#lock button")
	page.WaitText("#locked", "is locked")
	page.Close()
}
