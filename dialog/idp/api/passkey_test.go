package api_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp"
)

// options are those of a ceremony that was begun.
func options(t *testing.T, begun map[string]any) json.RawMessage {
	t.Helper()
	encoded, err := json.Marshal(begun["options"])
	require.NoError(t, err)
	return encoded
}

func TestPasskeysOverHTTP(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	home := h.tab(t)
	home.prove(alice)
	h.Letters()
	key := h.Authenticator()
	begun := home.must("passkey/enrol", "{}")
	made := home.must("passkey/enrolled", text(map[string]any{
		"ceremony": begun["ceremony"], "name": "key ring", "credential": key.Create(options(t, begun)),
	}))["passkey"].(map[string]any)
	assert.Equal(t, "key ring", made["name"])
	notices := h.Letters()
	require.Len(t, notices, 1)
	assert.Equal(t, idp.LetterPasskeyAdded, notices[0].Kind)

	login := func(b *tab) (int, map[string]any) {
		begun := b.must("passkey/login", "{}")
		return b.ask("passkey/loggedin", text(map[string]any{"ceremony": begun["ceremony"], "credential": key.Assert(options(t, begun))}))
	}
	laptop := h.tab(t)
	status, answer := login(laptop)
	require.Equal(t, 200, status, answer)
	assert.Equal(t, alice, answer["addresses"].([]any)[0].(map[string]any)["email"])
	assert.NotEmpty(t, laptop.must("certificate", certificateFor(alice))["certificate"])
	assert.Len(t, laptop.must("account", "{}")["passkeys"], 1)

	laptop.must("passkey/rename", text(map[string]any{"id": made["id"], "name": "blue"}))
	laptop.must("passkey/remove", text(map[string]any{"id": made["id"]}))
	status, answer = login(h.tab(t))
	assert.Equal(t, 404, status)
	assert.Equal(t, "passkey_unknown", answer["code"])
}

// On a shared device the session of a passkey ends with the browser, too.
func TestPasskeysElsewhere(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	home, shared := h.tab(t), h.tab(t)
	home.prove(alice)
	key := h.Authenticator()
	begun := home.must("passkey/enrol", "{}")
	home.must("passkey/enrolled", text(map[string]any{"ceremony": begun["ceremony"], "name": "key", "credential": key.Create(options(t, begun))}))
	begun = shared.must("passkey/login", `{"elsewhere":true}`)
	answer := shared.must("passkey/loggedin", text(map[string]any{"ceremony": begun["ceremony"], "credential": key.Assert(options(t, begun))}))
	assert.Equal(t, true, answer["elsewhere"])
	assert.Zero(t, shared.cookies["__Host-navid"].MaxAge)
}
