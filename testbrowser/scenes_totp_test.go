package testbrowser_test

import (
	codes "github.com/navid-login/navid/agent/issuer/totp"
	"github.com/navid-login/navid/testbrowser"
)

// codesOfAnApp: the provider that asks for the codes of an authenticator app.
func codesOfAnApp(v *viewer) {
	const stranger = "a.very.long.local.part.of.an.address%40department.of.a.university.example"
	apps := addTOTP(v.t, v.w)
	v.b.ExpectConsole("403")
	v.look("totp-stranger", v.b.Open(v.w.URL(totpDomain, codes.AuthenticationPath+"?email="+stranger)))

	page := v.b.Open(v.w.URL(totpDomain, codes.AuthenticationPath+"?email="+string(ann)))
	v.look("totp-code", page)
	page.Type("#code", apps.wrong(v.t))
	page.Click("form button")
	page.WaitText("[role=alert]", "is wrong")
	v.look("totp-wrong", page)
	page.Type("#code", apps.code(v.t, ann))
	page.Click("form button")
	page.Wait(`location.host === '` + testbrowser.Host + `'`)
	v.look("totp-home", v.b.Open(v.w.URL(totpDomain, "/")))
}
