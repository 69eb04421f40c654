package idp_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/idptest"
)

const (
	alice = "alice@mail.test"
	bob   = "bob@post.test"
)

func newWorld(t *testing.T, change ...func(*idp.Config)) *idptest.World {
	t.Helper()
	return idptest.New(t, storesFor(t)(), change...)
}

// newReplicas are two providers that share what they keep.
func newReplicas(t *testing.T, change ...func(*idp.Config)) (*idptest.World, [2]*idp.Provider) {
	t.Helper()
	open := storesFor(t)
	w := idptest.New(t, open(), change...)
	config := w.Config
	config.Store = open()
	other, err := idp.New(config)
	require.NoError(t, err)
	return w, [2]*idp.Provider{w.Provider, other}
}

// refused asserts that err is the refusal of this code, with a message for people.
func refused(t *testing.T, err error, code idp.ErrorCode) *idp.Error {
	t.Helper()
	refusal, ok := errors.AsType[*idp.Error](err)
	require.True(t, ok, "want the refusal %s, got %v", code, err)
	require.Equal(t, code, refusal.Code, "%v", err)
	require.NotEmpty(t, refusal.Message)
	require.NotContains(t, refusal.Message, "@")
	return refusal
}

// wrong returns a code that is not this one.
func wrong(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

// addressOf is the address as the store has it, or none.
func addressOf(t *testing.T, w *idptest.World, email string) (address idp.Address) {
	t.Helper()
	require.NoError(t, w.Store.View(t.Context(), func(r idp.Reader) error {
		found, err := r.Address(browserid.Email(email))
		if err == nil {
			address = found
		}
		return nil
	}))
	return address
}

// withPasskey is a browser that has proven alice's address and added a passkey,
// and another that has signed in with it.
func withPasskey(t *testing.T, w *idptest.World) (home, laptop *idptest.Browser) {
	t.Helper()
	home, laptop = w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	home.Prove(alice)
	key := w.Authenticator()
	home.Enrol(key, "key ring")
	require.NoError(t, laptop.Login(key))
	return home, laptop
}

// enrol proves addresses in a browser and adds a passkey for them.
func enrol(w *idptest.World, b *idptest.Browser, emails ...string) *idptest.Authenticator {
	for _, email := range emails {
		b.Prove(email)
	}
	key := w.Authenticator()
	b.Enrol(key, "key")
	return key
}

// certified asserts that a browser has a right to certificates of an address.
func certified(t *testing.T, b *idptest.Browser, email string) {
	t.Helper()
	_, err := b.Certify(email)
	require.NoError(t, err)
}

// uncertified asserts that a browser is refused a certificate, by this code.
func uncertified(t *testing.T, b *idptest.Browser, email string, code idp.ErrorCode) *idp.Error {
	t.Helper()
	_, err := b.Certify(email)
	return refused(t, err, code)
}
