package channel_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/channel"
)

// A9.3: the wire format between a relying party's page and the dialog.
func TestDialogMessages(t *testing.T) {
	t.Parallel()
	params := `{"siteName":"Trees & co","nonce":"n1","returnTo":"/account",` +
		`"algorithms":["RS256","ES256","EdDSA"],"rp_api":"stateless"}`
	messages := map[string]channel.DialogMessage{
		"ready":    channel.DialogReady{},
		"request":  channel.DialogRequest{Params: json.RawMessage(params)},
		"response": channel.DialogResponse{Assertion: "c.e.r~a.s.s", Email: "a@idp.test"},
		"none":     channel.DialogResponse{},
		"error":    channel.DialogError{Reason: "client closed window"},
		"die":      channel.DialogDie{},
	}
	golden := readGolden[map[string]string](t, "dialog_messages.json")
	require.Len(t, golden, len(messages))
	for name, message := range messages {
		assert.Equal(t, golden[name], message.String(), name)
		parsed, err := channel.ParseDialog(golden[name])
		require.NoError(t, err, name)
		assert.Equal(t, message, parsed, name)
	}
}

func TestMalformedDialogMessages(t *testing.T) {
	t.Parallel()
	for name, text := range readGolden[map[string]string](t, "malformed_dialog.json") {
		_, err := channel.ParseDialog(text)
		require.ErrorIs(t, err, channel.ErrMalformed, name)
	}
}

// What is read is written and read again as the same message.
func FuzzParseDialog(f *testing.F) {
	for _, name := range []string{"dialog_messages.json", "malformed_dialog.json"} {
		for _, text := range readGolden[map[string]string](f, name) {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		message, err := channel.ParseDialog(text)
		if err != nil {
			require.ErrorIs(t, err, channel.ErrMalformed)
			require.Nil(t, message)
			return
		}
		again, err := channel.ParseDialog(message.String())
		require.NoError(t, err)
		require.Equal(t, message.String(), again.String())
	})
}
