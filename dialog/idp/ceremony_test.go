package idp_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/idptest"
	"github.com/navid-login/navid/dialog/idp/storetest"
)

// The options tell nothing about anybody (G16).
func TestLoginOptionsNameNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Browser("192.0.2.1").Prove(alice)
	_, options, err := w.BeginLogin(t.Context(), w.Browser("").Visitor, false)
	require.NoError(t, err)
	var parsed map[string]any
	require.NoError(t, json.Unmarshal(options, &parsed))
	assert.NotContains(t, parsed, "allowCredentials")
	assert.Equal(t, "login.test", parsed["rpId"])
	assert.Equal(t, "required", parsed["userVerification"])
}

// Replay: each answer counts once, for what it was asked, where it was asked.
func TestCeremoniesAreNotReplayed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, thief := w.Browser("192.0.2.1"), w.Browser("192.0.2.1")
	home.Prove(alice)
	key := w.Authenticator()
	ceremony, options, err := w.BeginEnrolment(t.Context(), home.Visitor)
	require.NoError(t, err)
	made := key.Create(options)
	_, err = w.FinishEnrolment(t.Context(), home.Visitor, ceremony, "key", made)
	require.NoError(t, err)
	_, err = w.FinishEnrolment(t.Context(), home.Visitor, ceremony, "key", made)
	refused(t, err, idp.CodePasskeyRefused)

	login := func(b *idptest.Browser) (string, json.RawMessage) {
		ceremony, options, err := w.BeginLogin(t.Context(), b.Visitor, false)
		require.NoError(t, err)
		return ceremony, key.Assert(options)
	}
	ceremony, answer := login(home)
	_, err = w.FinishLogin(t.Context(), thief.Visitor, ceremony, answer)
	refused(t, err, idp.CodePasskeyRefused) // another browser: and now it is gone
	_, err = w.FinishLogin(t.Context(), home.Visitor, ceremony, answer)
	refused(t, err, idp.CodePasskeyRefused)

	ceremony, answer = login(home)
	other, _ := login(home)
	_, err = w.FinishLogin(t.Context(), home.Visitor, other, answer)
	refused(t, err, idp.CodePasskeyRefused) // another challenge
	_, err = w.FinishLogin(t.Context(), home.Visitor, ceremony, answer)
	require.NoError(t, err)
	_, err = w.FinishLogin(t.Context(), home.Visitor, ceremony, answer)
	refused(t, err, idp.CodePasskeyRefused) // twice

	ceremony, answer = login(home)
	w.Clock.Advance(idp.CeremonyLife)
	_, err = w.FinishLogin(t.Context(), home.Visitor, ceremony, answer)
	refused(t, err, idp.CodePasskeyRefused) // too late

	home.Prove(alice)
	ceremony, _, err = w.BeginEnrolment(t.Context(), home.Visitor)
	require.NoError(t, err)
	_, err = w.FinishLogin(t.Context(), home.Visitor, ceremony, answer)
	refused(t, err, idp.CodePasskeyRefused) // of another kind
}

func TestPasskeysThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.Browser("192.0.2.1")
	key := enrol(w, home, alice)

	key.Origin("https://evil.test")
	refused(t, home.Login(key), idp.CodePasskeyRefused)
	key.Origin(string(idptest.Origin))
	key.Unlocked(false)
	refused(t, home.Login(key), idp.CodePasskeyRefused)
	key.Unlocked(true)

	forged := w.Authenticator()
	forged.Credential.ID = key.Credential.ID
	refused(t, home.Login(forged), idp.CodePasskeyRefused)
	stranger := w.Authenticator()
	refused(t, home.Login(stranger), idp.CodePasskeyUnknown)

	key.Credential.Counter = 10
	require.NoError(t, home.Login(key))
	key.Credential.Counter = 9
	refused(t, home.Login(key), idp.CodePasskeyRefused) // a copy of it
	key.Credential.Counter = 11
	require.NoError(t, home.Login(key))

	key.Unlocked(false)
	ceremony, options, err := w.BeginEnrolment(t.Context(), home.Visitor)
	require.NoError(t, err)
	_, err = w.FinishEnrolment(t.Context(), home.Visitor, ceremony, "locked", key.Create(options))
	refused(t, err, idp.CodePasskeyRefused)

	for _, name := range []string{"", "  ", "two\nlines", strings.Repeat("x", 65), "\xff", "a\u202eb"} {
		_, err := w.FinishEnrolment(t.Context(), home.Visitor, "x", name, nil)
		refused(t, err, idp.CodeInvalidRequest)
	}
	for _, garbage := range []string{"", "{}", `{"id":"AA"}`, "null"} {
		ceremony, _, err := w.BeginLogin(t.Context(), home.Visitor, false)
		require.NoError(t, err)
		_, err = w.FinishLogin(t.Context(), home.Visitor, ceremony, json.RawMessage(garbage))
		refused(t, err, idp.CodePasskeyRefused)
	}
}

// Nobody adds a passkey without a right of this very session (abuse test 6).
func TestWhoMayEnrol(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	_, _, err := w.BeginEnrolment(t.Context(), b.Visitor)
	refused(t, err, idp.CodeNotProven)
	b.ProveElsewhere(alice)
	_, _, err = w.BeginEnrolment(t.Context(), b.Visitor)
	refused(t, err, idp.CodePasskeyRefused)
	b.Prove(alice)
	w.Browser("198.51.100.7").Prove(alice)
	_, _, err = w.BeginEnrolment(t.Context(), b.Visitor)
	refused(t, err, idp.CodeNotProven)

	// The right ends while the authenticator works.
	b.Prove(alice)
	key := w.Authenticator()
	ceremony, options, err := w.BeginEnrolment(t.Context(), b.Visitor)
	require.NoError(t, err)
	w.Browser("198.51.100.7").Prove(alice)
	_, err = w.FinishEnrolment(t.Context(), b.Visitor, ceremony, "key", key.Create(options))
	refused(t, err, idp.CodeNotProven)

	// And one session's ceremony is no other's.
	b.Prove(alice)
	ceremony, options, err = w.BeginEnrolment(t.Context(), b.Visitor)
	require.NoError(t, err)
	b.Prove(bob)
	_, err = w.FinishEnrolment(t.Context(), b.Visitor, ceremony, "key", key.Create(options))
	refused(t, err, idp.CodePasskeyRefused)
}

// The options of an enrolment name no passkey of an address that the session has
// not proven (abuse test 6).
func TestEnrolmentNamesOnesOwnPasskeysOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home, laptop := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	home.Prove(alice)
	first, second := w.Authenticator(), w.Authenticator()
	home.Enrol(first, "alice's")
	home.Prove(bob)
	passkey := home.Enrol(second, "both")
	require.NoError(t, laptop.Login(first))
	require.NoError(t, w.RemovePasskey(t.Context(), laptop.SessionToken, passkey.ID)) // leaves it bob's
	_, options, err := w.BeginEnrolment(t.Context(), laptop.Visitor)
	require.NoError(t, err)
	assert.Contains(t, string(options), base64.RawURLEncoding.EncodeToString(first.Credential.ID))
	assert.NotContains(t, string(options), base64.RawURLEncoding.EncodeToString(second.Credential.ID))
}

// Abuse test 24, for ceremonies: 100 answers at once over two replicas.
func TestOneLoginWins(t *testing.T) {
	t.Parallel()
	w, replicas := newReplicas(t, func(c *idp.Config) { c.Limits = unlimited })
	home, laptop := w.Browser("192.0.2.1"), w.Browser("198.51.100.7")
	key := enrol(w, home, alice)
	for range storetest.Rounds(t, 3) {
		ceremony, options, err := w.BeginLogin(t.Context(), laptop.Visitor, false)
		require.NoError(t, err)
		answer := key.Assert(options)
		var won atomic.Int64
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				_, err := replicas[i%2].FinishLogin(t.Context(), laptop.Visitor, ceremony, answer)
				if err == nil {
					won.Add(1)
				} else {
					assert.ErrorIs(t, err, idp.CodePasskeyRefused)
				}
			})
		}
		all.Wait()
		assert.EqualValues(t, 1, won.Load())
	}
}
