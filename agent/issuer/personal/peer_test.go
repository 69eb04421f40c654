package personal_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/agent/issuer/personal"
	"github.com/navid-login/navid/agent/verify"
)

// peerAnswer is what the pages' modules made of a document, in Node (pages/test/peer.mjs).
type peerAnswer struct {
	IsWrongRefused, IsExtractable                bool
	Rights                                       personal.Rights
	Certificate, ByPasskey                       string
	NewPassphrase, NewKey, Finished, WithPasskey string
}

func askPeer(t *testing.T, document []byte, user browserid.PublicKey, now time.Time) (answer peerAnswer) {
	t.Helper()
	key, err := json.Marshal(user)
	require.NoError(t, err)
	question, err := json.Marshal(map[string]any{
		"document": string(document), "passphrase": passphrase, "next": next,
		"question": map[string]any{"email": "shop+seeds@example.com", "publicKey": string(key), "seconds": 3600, "now": now.UnixMilli()},
	})
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), "node", filepath.Join("pages", "test", "peer.mjs"))
	command.Stdin = bytes.NewReader(question)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	require.NoError(t, err, stderr.String())
	require.NoError(t, json.Unmarshal(output, &answer))
	return answer
}

// What Go has written the pages open, and what they have written Go opens; and what they sign passes the one verification.
func TestPagesAgree(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []browserid.Algorithm{browserid.RS256, browserid.ES256, browserid.EdDSA} {
		t.Run(string(algorithm), func(t *testing.T) {
			t.Parallel()
			config := config()
			config.Algorithm = algorithm
			_, document := written(t, config)
			user, err := issuer.GenerateKey(algorithm)
			require.NoError(t, err)
			now := time.Now()
			answer := askPeer(t, document, user.PublicKey(), now)

			assert.True(t, answer.IsWrongRefused)
			assert.False(t, answer.IsExtractable)
			assert.Equal(t, config.Rights, answer.Rights)
			first, err := personal.Open(document, passphrase)
			require.NoError(t, err)
			for _, certificate := range []string{answer.Certificate, answer.ByPasskey} {
				checkCertificate(t, certificate, user, first.PublicKey, now)
			}

			changed, err := personal.Open([]byte(answer.NewPassphrase), next)
			require.NoError(t, err)
			assert.Equal(t, first, changed)
			_, err = personal.Open([]byte(answer.NewPassphrase), passphrase)
			require.ErrorIs(t, err, personal.ErrPassphrase)
			_, err = personal.Open([]byte(answer.WithPasskey), passphrase)
			require.NoError(t, err)
			checkNewKey(t, answer, first.PublicKey)
		})
	}
}

// checkNewKey: both keys are published, the new one first; then the new one alone.
func checkNewKey(t *testing.T, answer peerAnswer, old browserid.PublicKey) {
	t.Helper()
	opened, err := personal.Open([]byte(answer.NewKey), next)
	require.NoError(t, err)
	assert.False(t, opened.PublicKey.Equal(old))
	overlap, err := browserid.ParseSupportDocument([]byte(answer.NewKey))
	require.NoError(t, err)
	assert.Equal(t, []browserid.PublicKey{opened.PublicKey, old}, overlap.PublicKeys)
	finished, err := browserid.ParseSupportDocument([]byte(answer.Finished))
	require.NoError(t, err)
	assert.Equal(t, []browserid.PublicKey{opened.PublicKey}, finished.PublicKeys)
}

// checkCertificate verifies a certificate as a site does, with an assertion by the user's key.
func checkCertificate(t *testing.T, certificate string, user browserid.Signer, signer browserid.PublicKey, now time.Time) {
	t.Helper()
	assertion, err := browserid.SignAssertion(t.Context(), user, browserid.Assertion{
		Audience: "https://shop.example", Expires: browserid.MillisOf(now.Add(time.Minute)),
	})
	require.NoError(t, err)
	verifier, err := verify.New(verify.Config{Audience: "https://shop.example", Discovery: published{signer}})
	require.NoError(t, err)
	result, err := verifier.Verify(t.Context(), certificate+"~"+assertion)
	require.NoError(t, err)
	assert.Equal(t, "shop+seeds@example.com", string(result.Email))
	parsed, _, err := browserid.ParseCertificate(certificate)
	require.NoError(t, err)
	assert.Equal(t, now.Add(-issuer.Backdating).UnixMilli(), int64(parsed.IssuedAt))
	assert.Equal(t, now.Add(time.Hour).UnixMilli(), int64(parsed.Expires))
}

// published is a discovery that knows one key.
type published struct{ key browserid.PublicKey }

func (p published) Discover(_ context.Context, domain browserid.Domain) (*discovery.Provider, error) {
	return &discovery.Provider{Domain: domain, Authority: domain, Keys: []browserid.PublicKey{p.key}}, nil
}
