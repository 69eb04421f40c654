package assembly_test

import (
	"context"
	netmail "net/mail"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/assembly"
	"github.com/navid-login/navid/dialog/idp/idptest"
	"github.com/navid-login/navid/dialog/idp/mail"
)

// terminal is where mails arrive.
type terminal chan string

func (t terminal) Write(text []byte) (int, error) {
	t <- string(text)
	return len(text), nil
}

// What one provider has begun, another of the same folder and store completes:
// secret and keys are the folder's, and the worker sends what the provider queues.
func TestOpen(t *testing.T) {
	t.Parallel()
	folder, store, mails := t.TempDir(), idptest.NewStore(), make(terminal, 10)
	open := func() assembly.Provider {
		made, err := assembly.Open(folder, idp.Config{Origin: idptest.Origin, Store: store, Discovery: &idptest.Domains{}},
			mail.Worker{Queue: store, Sender: &mail.Log{Writer: mails}, Letters: mail.Letters{From: netmail.Address{Address: "login@login.test"}}})
		require.NoError(t, err)
		return made
	}
	first := open()
	working, stop := context.WithCancel(t.Context())
	ended := make(chan bool)
	go func() { first.Worker.Run(working); close(ended) }()
	defer func() { stop(); <-ended }()
	visitor := idp.Visitor{BrowserToken: idp.NewToken()}
	pending, err := first.Begin(t.Context(), visitor, "ann@mail.test", false)
	require.NoError(t, err)
	letter := <-mails
	assert.Contains(t, letter, string(idptest.Origin)+"/")
	code := regexp.MustCompile(`\d{3} ?\d{3}`).FindString(letter)

	second := open()
	grant, err := second.Confirm(t.Context(), visitor, pending.Challenge, code)
	require.NoError(t, err)
	assert.Equal(t, browserid.Email("ann@mail.test"), grant.Email)
	one, err := first.SupportDocument()
	require.NoError(t, err)
	other, err := second.SupportDocument()
	require.NoError(t, err)
	assert.JSONEq(t, string(one), string(other), "the same keys")
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "host.secret"), []byte("short\n"), 0o600))
	_, err := assembly.Open(folder, idp.Config{}, mail.Worker{})
	require.ErrorContains(t, err, "does not hold 32 bytes")
	_, err = assembly.Open(t.TempDir(), idp.Config{}, mail.Worker{})
	require.ErrorContains(t, err, "all needed")
}
