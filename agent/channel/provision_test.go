package channel_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/channel"
)

var errGone = errors.New("the page is gone")

// scriptedPort is a page that says its lines whatever it hears.
type scriptedPort struct {
	lines []string
	heard []string
}

func (p *scriptedPort) Post(_ context.Context, message string) error {
	p.heard = append(p.heard, message)
	return nil
}

func (p *scriptedPort) Receive(context.Context) (string, error) {
	if len(p.lines) == 0 {
		return "", errGone
	}
	line := p.lines[0]
	p.lines = p.lines[1:]
	return line, nil
}

// says makes a page of its messages.
func says(messages ...channel.Message) *scriptedPort {
	page := &scriptedPort{}
	for _, message := range messages {
		page.lines = append(page.lines, message.String())
	}
	return page
}

const publicKey = `{"algorithm":"RS","n":"15","e":"3"}`

// provision talks with the page and counts the keys that were made.
func provision(t *testing.T, page *scriptedPort) (certificate string, keys int, err error) {
	t.Helper()
	genKey := func(context.Context) (string, error) {
		keys++
		return publicKey, nil
	}
	certificate, err = channel.Provision(t.Context(), page, "a@idp.test", 3600, genKey)
	return certificate, keys, err
}

type conversation struct {
	Name      string
	Email     string
	Seconds   int
	PublicKey string
	Lines     []struct{ From, Message string }

	Certificate string
	Failure     string
}

// C1.1-C1.4, line by line; the tests of shim/provisioning_api.js play the page.
func TestConversations(t *testing.T) {
	t.Parallel()
	for _, golden := range readGolden[[]conversation](t, "conversations.json") {
		t.Run(golden.Name, func(t *testing.T) {
			t.Parallel()
			page := &scriptedPort{}
			var want []string
			for _, line := range golden.Lines {
				if line.From == "page" {
					page.lines = append(page.lines, line.Message)
				} else {
					want = append(want, line.Message)
				}
			}
			certificate, err := channel.Provision(t.Context(), page, golden.Email, golden.Seconds,
				func(context.Context) (string, error) { return golden.PublicKey, nil })
			assert.Equal(t, want, page.heard)
			assert.Equal(t, golden.Certificate, certificate)
			if golden.Failure == "" {
				require.NoError(t, err)
				return
			}
			failure, ok := errors.AsType[*channel.ProvisioningFailure](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, golden.Failure, failure.Reason)
		})
	}
}

func TestCallsOutOfOrder(t *testing.T) {
	t.Parallel()
	tests := map[string]*scriptedPort{
		"key before address (C1.2)": says(channel.Ready{}, channel.GenKeyPair{ID: 1}),
		"certificate before key (C1.3)": says(
			channel.Ready{}, channel.BeginProvisioning{ID: 1}, channel.RegisterCertificate{Certificate: "c"},
		),
		"key before address after a reload": says(
			channel.Ready{}, channel.BeginProvisioning{ID: 1}, channel.Ready{}, channel.GenKeyPair{ID: 1},
		),
		"certificate before key after a reload": says(
			channel.Ready{}, channel.BeginProvisioning{ID: 1}, channel.GenKeyPair{ID: 2},
			channel.Ready{}, channel.BeginProvisioning{ID: 1}, channel.RegisterCertificate{Certificate: "c"},
		),
	}
	for name, page := range tests {
		certificate, _, err := provision(t, page)
		require.ErrorIs(t, err, channel.ErrOrder, name)
		assert.Empty(t, certificate, name)
	}
}

func TestKeyBeforeAddressIsExplained(t *testing.T) {
	t.Parallel()
	page := says(channel.GenKeyPair{ID: 8})
	_, keys, err := provision(t, page)
	require.ErrorIs(t, err, channel.ErrOrder)
	assert.Zero(t, keys)
	golden := readGolden[map[string]string](t, "provisioning_messages.json")
	assert.Equal(t, []string{golden["callError"]}, page.heard)
}

// A page may be reloaded, by itself or after a log-in: it greets and asks anew
// and gets the key that was made for this attempt.
func TestReloadedPage(t *testing.T) {
	t.Parallel()
	page := says(
		channel.Ready{}, channel.BeginProvisioning{ID: 1}, channel.GenKeyPair{ID: 2},
		channel.Ready{}, channel.BeginProvisioning{ID: 5}, channel.GenKeyPair{ID: 6},
		channel.RegisterCertificate{Certificate: "c"},
	)
	certificate, keys, err := provision(t, page)
	require.NoError(t, err)
	assert.Equal(t, "c", certificate)
	assert.Equal(t, 1, keys)
	assert.Equal(t, channel.KeyPair{ID: 6, PublicKey: publicKey}.String(), page.heard[len(page.heard)-1])
}

func TestOtherMessagesOfThePageAreIgnored(t *testing.T) {
	t.Parallel()
	page := says(
		channel.Ready{}, channel.Ready{Pong: true}, channel.BeginProvisioning{ID: 1},
		channel.GenKeyPair{ID: 2}, channel.RegisterCertificate{Certificate: "c"},
	)
	page.lines = append([]string{"analytics", `{"id":3,"result":"x"}`}, page.lines...)
	certificate, _, err := provision(t, page)
	require.NoError(t, err)
	assert.Equal(t, "c", certificate)
	assert.Len(t, page.heard, 3)
}

func TestFlood(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"greetings":      channel.Ready{}.String(),
		"questions":      channel.BeginProvisioning{ID: 1}.String(),
		"other messages": "analytics",
	} {
		page := &scriptedPort{}
		for range 200 {
			page.lines = append(page.lines, line)
		}
		_, _, err := provision(t, page)
		require.ErrorIs(t, err, channel.ErrFlood, name)
		assert.Len(t, page.lines, 100, name)
	}
}

func TestMalformedMessageEndsTheConversation(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"unknown method":    `{"method":"vep_prov::signOut","params":"x"}`,
		"too large":         channel.RegisterCertificate{Certificate: strings.Repeat("c", channel.MaxMessage)}.String(),
		"empty certificate": channel.RegisterCertificate{}.String(),
		"answer":            `{"id":1,"result":"vep_prov::"}`,
	}
	for name, line := range tests {
		page := says(channel.Ready{}, channel.BeginProvisioning{ID: 1}, channel.GenKeyPair{ID: 2})
		page.lines = append(page.lines, line)
		_, _, err := provision(t, page)
		require.ErrorIs(t, err, channel.ErrMalformed, name)
	}
}

func TestLongReasonIsCut(t *testing.T) {
	t.Parallel()
	_, _, err := provision(t, says(channel.RaiseProvisioningFailure{Reason: "x" + strings.Repeat("é", 200)}))
	failure, ok := errors.AsType[*channel.ProvisioningFailure](err)
	require.True(t, ok)
	assert.Equal(t, "x"+strings.Repeat("é", 127), failure.Reason)
	assert.Contains(t, failure.Error(), "provisioning failed")
}

func TestErrorsOfPortAndKeyArePassedOn(t *testing.T) {
	t.Parallel()
	_, _, err := provision(t, says(channel.Ready{}))
	require.ErrorIs(t, err, errGone)

	errNoKey := errors.New("no key")
	_, err = channel.Provision(t.Context(), says(channel.BeginProvisioning{ID: 1}, channel.GenKeyPair{ID: 2}),
		"a@idp.test", 3600, func(context.Context) (string, error) { return "", errNoKey })
	require.ErrorIs(t, err, errNoKey)

	_, err = channel.Provision(t.Context(), deafPort{says(channel.Ready{})}, "a@idp.test", 3600, nil)
	require.ErrorIs(t, err, errGone)
}

// deafPort is a page that has gone when it is answered.
type deafPort struct{ *scriptedPort }

func (deafPort) Post(context.Context, string) error { return errGone }
