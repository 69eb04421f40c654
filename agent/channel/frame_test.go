package channel_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/channel"
)

// A9.2: the wire format between a relying party's page and the communication
// frame in it.
func TestFrameMessages(t *testing.T) {
	t.Parallel()
	alice := "a@idp.test"
	messages := map[string]channel.FrameMessage{
		"ping":              channel.FrameReady{},
		"pong":              channel.FrameReady{Pong: true},
		"options":           channel.FrameOptions{Nonce: "n1", Algorithms: []string{"RS256", "ES256", "EdDSA"}},
		"signedIn":          channel.FrameOptions{SignedIn: true},
		"loggedInUser":      channel.FrameUser{Email: &alice},
		"nobody":            channel.FrameUser{},
		"loaded":            channel.FrameLoaded{ID: 7},
		"checked":           channel.FrameChecked{ID: 7},
		"login":             channel.FrameLogin{Assertion: "c.e.r~a.s.s"},
		"logout":            channel.FrameLogout{},
		"match":             channel.FrameMatch{},
		"dialogRunning":     channel.FrameDialogRunning{},
		"dialogComplete":    channel.FrameDialogComplete{},
		"dialogChoseNobody": channel.FrameDialogComplete{Check: true},
		"redirectFlow":      channel.FrameRedirectFlow{ID: 8, Options: `{"siteName":"Trees"}`},
		"error":             channel.FrameError{ID: 8, Code: "unsupported", Text: "redirect_flow is not supported here"},
	}
	golden := readGolden[map[string]string](t, "frame_messages.json")
	require.Len(t, golden, len(messages))
	for name, message := range messages {
		assert.Equal(t, golden[name], message.String(), name)
		parsed, err := channel.ParseFrame(golden[name])
		require.NoError(t, err, name)
		assert.Equal(t, message, parsed, name)
	}
}

func TestMalformedFrameMessages(t *testing.T) {
	t.Parallel()
	for name, text := range readGolden[map[string]string](t, "malformed_frame.json") {
		_, err := channel.ParseFrame(text)
		require.ErrorIs(t, err, channel.ErrMalformed, name)
	}
}

// What is read is written and read again as the same message.
func FuzzParseFrame(f *testing.F) {
	for _, name := range []string{"frame_messages.json", "malformed_frame.json"} {
		for _, text := range readGolden[map[string]string](f, name) {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		message, err := channel.ParseFrame(text)
		if err != nil {
			require.ErrorIs(t, err, channel.ErrMalformed)
			require.Nil(t, message)
			return
		}
		again, err := channel.ParseFrame(message.String())
		require.NoError(t, err)
		require.Equal(t, message.String(), again.String())
	})
}
