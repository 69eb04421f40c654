package channel_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/channel"
)

// readGolden reads a file that the tests of the scripts in shim/ read too, so
// that both ends of a conversation are held to the same bytes.
func readGolden[T any](t testing.TB, name string) T {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	var golden T
	require.NoError(t, json.Unmarshal(data, &golden))
	return golden
}

// A9.1, C1.7: the wire format of the provisioning channel.
func TestMessages(t *testing.T) {
	t.Parallel()
	messages := map[string]channel.Message{
		"ping":                     channel.Ready{},
		"pong":                     channel.Ready{Pong: true},
		"beginProvisioning":        channel.BeginProvisioning{ID: 7},
		"begun":                    channel.Begun{ID: 7, Email: "a&b@idp.test", Seconds: 21600},
		"genKeyPair":               channel.GenKeyPair{ID: 8},
		"keyPair":                  channel.KeyPair{ID: 8, PublicKey: `{"algorithm":"RS","n":"15","e":"3"}`},
		"registerCertificate":      channel.RegisterCertificate{Certificate: "eyJ.eyJ.c2ln"},
		"raiseProvisioningFailure": channel.RaiseProvisioningFailure{Reason: "user is not authenticated as target user"},
		"callError":                channel.CallError{ID: 8, Code: "out_of_order", Text: "call beginProvisioning() first"},
	}
	golden := readGolden[map[string]string](t, "provisioning_messages.json")
	require.Len(t, golden, len(messages))
	for name, message := range messages {
		assert.Equal(t, golden[name], message.String(), name)
		parsed, err := channel.Parse(golden[name])
		require.NoError(t, err, name)
		assert.Equal(t, message, parsed, name)
	}
}

// C1.4: old pages give no reason, or one that JSON.stringify left out.
func TestReasonIsOptional(t *testing.T) {
	t.Parallel()
	message, err := channel.Parse(`{"method":"vep_prov::raiseProvisioningFailure"}`)
	require.NoError(t, err)
	assert.Equal(t, channel.RaiseProvisioningFailure{}, message)
}

func TestMalformedMessages(t *testing.T) {
	t.Parallel()
	for name, text := range readGolden[map[string]string](t, "malformed_provisioning.json") {
		_, err := channel.Parse(text)
		require.ErrorIs(t, err, channel.ErrMalformed, name)
	}
}

func TestMessageSize(t *testing.T) {
	t.Parallel()
	frame := len(channel.RegisterCertificate{}.String())
	largest := channel.RegisterCertificate{Certificate: strings.Repeat("c", channel.MaxMessage-frame)}
	_, err := channel.Parse(largest.String())
	require.NoError(t, err)

	largest.Certificate += "c"
	_, err = channel.Parse(largest.String())
	require.ErrorIs(t, err, channel.ErrMalformed)
}

// What is read is written and read again as the same message.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"provisioning_messages.json", "malformed_provisioning.json"} {
		for _, text := range readGolden[map[string]string](f, name) {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		message, err := channel.Parse(text)
		if err != nil {
			require.ErrorIs(t, err, channel.ErrMalformed)
			require.Nil(t, message)
			return
		}
		again, err := channel.Parse(message.String())
		require.NoError(t, err)
		require.Equal(t, message, again)
	})
}
