package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/testbrowser"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := testbrowser.CloseShared(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// What the welcome promises, in a browser: the login host finds the provider on the demo's own port, over http.
func TestSignIn(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	demo, err := newSites(listener.Addr().(*net.TCPAddr).Port)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, demo.close()) })
	server := &http.Server{Handler: demo}
	go func() { _ = server.Serve(listener) }() // ends with http.ErrServerClosed
	t.Cleanup(func() { _ = server.Close() })

	w := testbrowser.NewEmptyWorld(t)
	for _, name := range []string{rpName, loginName, idpName, mailName} {
		w.Handle(name, demo)
	}
	b := testbrowser.NewBrowser(t, w, testbrowser.ThirdPartyBlocked)
	site := b.Open(demo.url(rpName))
	dialog := site.Popup(func() { site.Click("#sign-in") })
	dialog.WaitScreen("enter")
	dialog.Type("#email", user+"@"+idpName)
	provider := dialog.Popup(func() { dialog.Click("#next") })
	provider.Type("#password", password)
	provider.Click("#sign-in button")
	site.WaitText("#address", user+"@"+idpName)

	site.Click("#sign-out")
	dialog = site.Popup(func() { site.Click("#sign-in") })
	dialog.Click("#other")
	dialog.WaitScreen("enter")
	dialog.Type("#email", "anybody@"+mailName)
	dialog.Click("#next")
	dialog.WaitScreen("code")
	mails := b.Open(demo.url(mailName))
	mails.WaitText("pre", "THIS CODE")
	code := regexp.MustCompile(`(?m)^\s+\d{6}$`).FindString(mails.Text("pre"))
	dialog.Type("#code", code)
	site.WaitText("#address", "anybody@"+mailName)
}
