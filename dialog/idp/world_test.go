package idp_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

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
