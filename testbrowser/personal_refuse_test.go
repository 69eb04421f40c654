package testbrowser_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer/personal"
	"github.com/navid-login/navid/dialog/check"
	"github.com/navid-login/navid/testbrowser"
)

// What people may not do with somebody's provider.
func TestPersonalProviderRefuses(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		p := newPersonalFlow(newFlow(t, w, b, testbrowser.RP))
		p.refuseFrames()
		p.refuseAddress()
		p.refuseRounds()
		p.refuseOtherScripts()
	})
}

// refuseFrames: no page of somebody else gets a passphrase out of its visitors, or a click.
func (p *personalFlow) refuseFrames() {
	p.t.Helper()
	for _, path := range []string{personal.AuthenticationPath, personal.KeyChangePath, personal.LogoutPath} {
		host := "framing.test"
		p.w.HandlePage(host, head+`<iframe src="`+p.page(path, "?email="+url.QueryEscape(Ann))+`" width="700" height="500"></iframe>`)
		page := p.b.Open(p.w.URL(host, "/"))
		frame := p.b.Frame(p.page(path, ""))
		frame.WaitText("#framed", "asks for nothing inside another page")
		assert.Empty(p.t, testbrowser.Eval[[]string](frame, `[...document.querySelectorAll('form, input, button')]
			.filter(element => element.checkVisibility()).map(element => element.outerHTML)`), path)
		page.Close()
	}
}

// refuseAddress: whoever has the passphrase is still nobody else, and nothing is unlocked.
func (p *personalFlow) refuseAddress() {
	p.t.Helper()
	provider := p.enter("eve@" + Personal)
	unlock(provider, annsPassphrase)
	provider.WaitText("#unlock [role=alert]", "does not speak for eve@"+Personal)
	provider.Click("#cancel")
	p.dialog.WaitScreen("enter")
	p.dialog.Close()
	page := p.b.Open(p.page(personal.LogoutPath, ""))
	page.WaitText("#locked", "is locked")
	page.Close()
}

// refuseRounds: a document cannot make the browser count for an hour.
func (p *personalFlow) refuseRounds() {
	p.t.Helper()
	good := string(p.document())
	p.publish(replaceOnce(p.t, good, `"rounds": 600000`, `"rounds": 1000000000`))
	page := p.b.Open(p.page(personal.AuthenticationPath, "?email="+url.QueryEscape(Ann)))
	page.WaitText("#unlock [role=alert]", "rounds are not between")
	unlock(page, annsPassphrase)
	page.WaitText("#unlock [role=alert]", "rounds are not between")
	p.publish(replaceOnce(p.t, good, `"version": 1`, `"version": 2`))
	unlock(page, annsPassphrase)
	page.WaitText("#unlock [role=alert]", "which these pages do not know")
	page.Close()
	p.publish(good)
}

// refuseOtherScripts: a module that is not the one that belongs to the page does not run, and so the page asks for nothing.
func (p *personalFlow) refuseOtherScripts() {
	p.t.Helper()
	file := filepath.Join(p.folder, "browserid", "slots.js")
	source, err := os.ReadFile(file)
	require.NoError(p.t, err)
	require.NoError(p.t, os.WriteFile(file, append(source, "\nwindow.isOther = true\n"...), 0o644))
	p.b.ExpectConsole("integrity")
	page := p.b.Open(p.page(personal.AuthenticationPath, "?email="+url.QueryEscape(Ann)))
	assert.True(p.t, testbrowser.Eval[bool](page, `new Promise(done => setTimeout(done)).then(() =>
		!window.isOther && document.querySelector('#unlock').hidden)`))
	page.Close()
}

// replaceOnce replaces what must be there.
func replaceOnce(t *testing.T, text, old, new string) string {
	t.Helper()
	require.Contains(t, text, old)
	return strings.Replace(text, old, new, 1)
}

// Who checks the domain is told of nothing, if the server sends what the folder says it should; without that, of the frames alone.
func TestPersonalProviderChecked(t *testing.T) {
	testbrowser.InDefaultProfile(t, func(t *testing.T, w *testbrowser.World, b *testbrowser.Browser) {
		p := newPersonalFlow(newFlow(t, w, b, testbrowser.RP))
		assert.Subset(t, []string{"frame_open", "caching_unsaid", "cors_missing"}, p.findings())
		p.heedHeaders()
		assert.Empty(t, p.findings())
	})
}

// findings are what `navid check` has to say against the provider.
func (p *personalFlow) findings() (codes []string) {
	p.t.Helper()
	checker := check.Checker{Discovery: p.w.Discovery(nil), Hosts: []browserid.Origin{browserid.Origin(p.w.URL(testbrowser.Host, ""))}}
	for _, finding := range checker.Domain(p.t.Context(), Personal).Findings {
		if finding.Severity != check.OK {
			codes = append(codes, finding.Code)
		}
	}
	return codes
}
