package testbrowser_test

import (
	"github.com/navid-login/navid/agent/issuer/personal"
)

// personalProvider: the pages of a provider that is made of files.
func personalProvider(v *viewer) {
	p := newPersonalFlow(v.flow)
	provider := p.enter(Ann)
	unlock(provider, annsNext)
	provider.WaitText("#unlock [role=alert]", "not the passphrase")
	v.look("personal-unlock", provider)
	unlock(provider, annsPassphrase)
	p.waitSignedIn(Ann)

	byHand := p.b.Open(p.page(personal.AuthenticationPath, ""))
	unlock(byHand, annsPassphrase)
	byHand.WaitText("#unlocked", "Unlocked in this browser until")
	v.look("personal-unlocked", byHand)

	lock := p.b.Open(p.page(personal.LogoutPath, ""))
	lock.WaitText("#lock", "unlocked in this browser")
	v.look("personal-lock", lock)

	page := p.b.Open(p.page(personal.KeyChangePath, ""))
	unlock(page, annsPassphrase)
	page.Wait(`document.querySelector('#changes').checkVisibility()`)
	v.look("personal-change", page)
	page.Type("#new", annsNext)
	page.Type("#again", annsNext)
	page.Click("#new-key")
	page.Click("#change button")
	p.result(page)
	v.look("personal-result", page)
	page.Go(p.page(personal.KeyChangePath, ""))
	page.Wait(`document.querySelector('#finish').checkVisibility()`)
	v.look("personal-finish", page)
}
