package testbrowser_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/testbrowser"
)

// TestFallbackScreenshots is TestScreenshots where the login host proves addresses itself.
func TestFallbackScreenshots(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile(filepath.Join("..", "shim", "node_modules", "axe-core", "axe.min.js"))
	require.NoError(t, err, "install axe-core: cd shim && npm ci")
	pictures := ""
	if flag.Lookup("test.artifacts").Value.String() == "true" {
		pictures = t.ArtifactDir()
	}
	for name, play := range fallbackScenes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := testbrowser.NewWorld(t, testbrowser.WithFallback(nil))
			b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
			play(&viewer{flow: newFlow(t, w, b, testbrowser.RP), axe: string(source), pictures: pictures})
		})
	}
}

// fallbackScenes bring up what people see of a host that proves addresses, by real flows wherever there is one.
var fallbackScenes = map[string]func(*viewer){
	"code": func(v *viewer) {
		v.b.ExpectConsole("403")
		v.askForMail(testbrowser.Dora)
		v.look("code", v.dialog)
		v.dialog.Type("#code", wrong(v.w.Mail.Wait(testbrowser.Dora, 1).Code()))
		v.dialog.WaitText("#code-problem", "not the code")
		v.look("code-wrong", v.dialog)
		v.turn(v.dialog)
		v.look("code-rtl", v.dialog)
	},
	"passkeys": func(v *viewer) {
		page := v.b.Open(v.w.URL(testbrowser.Host, "/sign_in"))
		page.WaitScreen("standalone")
		v.draw(page, `{ screen: 'passkey', email: '`+testbrowser.Dora+`' }`)
		v.look("passkey", page)
		v.draw(page, `{ screen: 'unlock', email: '`+testbrowser.Dora+`', canGoBack: true }`)
		v.look("unlock", page)
		v.draw(page, `{ screen: 'choose', identities: ['`+testbrowser.Dora+`', 'someone.with.a.long.name@department.university.example'], canGoBack: true }`)
		v.look("choose", page)
		v.draw(page, `{ screen: 'error', code: 'too_many', email: '`+testbrowser.Dora+`', retryAt: Date.now() + 720000, canGoBack: true }`)
		v.look("error-too-many", page)
	},
	"links": func(v *viewer) {
		v.b.ExpectConsole("404")
		v.askForMail(testbrowser.Dora)
		link := v.w.Mail.Wait(testbrowser.Dora, 1).Link()
		other := testbrowser.NewBrowser(v.t, v.w, testbrowser.ThirdPartyBlocked)
		page := other.Open(link)
		page.WaitText("h1", "Is it you")
		v.look("confirm", page)
		page.Click("#go")
		page.WaitText("h1", "Type this code")
		v.look("confirm-code", page)
		here := v.b.Open(link)
		here.Click("#go")
		here.WaitText("h1", "Confirmed")
		v.look("confirm-done", here)
		v.waitSignedIn(testbrowser.Dora)
		undo := v.b.Open(v.w.URL(testbrowser.Host, "/undo#") + "A123456789012345678901234567890123456789012")
		undo.WaitText("h1", "Remove the new")
		v.look("undo", undo)
		undo.Click("#go")
		undo.WaitText("h1", "nothing to remove")
		v.look("undo-unknown", undo)
		half := v.b.Open(v.w.URL(testbrowser.Host, "/confirm"))
		half.WaitText("h1", "not whole")
		v.look("confirm-missing", half)
	},
	"account": func(v *viewer) {
		page := v.b.Open(v.w.URL(testbrowser.Host, "/account"))
		page.WaitScreen("enter")
		v.look("account-signed-out", page)
		page.Type("#email", testbrowser.Dora)
		page.Click("#next")
		page.WaitScreen("code")
		v.look("account-code", page)
		page.Type("#code", v.w.Mail.Wait(testbrowser.Dora, 1).Code())
		page.WaitScreen("account")
		v.look("account", page)
		page.Click("#addresses .ways button")
		page.WaitScreen("sure")
		v.look("account-sure", page)
		v.draw(page, `{ screen: 'rename', name: 'Linux' }`)
		v.look("account-rename", page)
	},
}

// wrong is another code.
func wrong(code string) string {
	return code[:5] + string('0'+(code[5]-'0'+1)%10)
}
