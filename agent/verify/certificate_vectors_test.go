package verify_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

type certificateFile struct {
	Certificates []certificateVector `json:"certificates"`
}

type certificateVector struct {
	Name      string          `json:"name"`
	Token     string          `json:"token"`
	IssuerKey json.RawMessage `json:"issuer_key"`
	Expect    struct {
		Issuer    string           `json:"iss"`
		IssuedAt  browserid.Millis `json:"iat_ms"`
		Expires   browserid.Millis `json:"exp_ms"`
		Email     browserid.Email  `json:"email"`
		PublicKey json.RawMessage  `json:"contained_public_key"`
	} `json:"expect"`
}

// abandoned are the certificates that are not read. Differs: the format of
// 2012.08.15, with the claim publicKey, never left the laboratory (C4).
var abandoned = map[string]bool{"cert-1": true}

// TestCertificateVectors reads and verifies certificates alone.
func TestCertificateVectors(t *testing.T) {
	t.Parallel()
	for _, file := range readVectors[certificateFile](t, "certificates.json") {
		require.NotEmpty(t, file.Certificates)
		for _, vector := range file.Certificates {
			t.Run(vector.Name, func(t *testing.T) {
				t.Parallel()
				vector.check(t)
			})
		}
	}
}

func (v certificateVector) check(t *testing.T) {
	t.Helper()
	certificate, token, err := browserid.ParseCertificate(v.Token)
	if abandoned[v.Name] {
		require.ErrorIs(t, err, browserid.CodeKey)
		return
	}
	require.NoError(t, err)
	key, err := browserid.ParsePublicKey(v.Expect.PublicKey)
	require.NoError(t, err)
	assert.Equal(t, &browserid.Certificate{
		Issuer: v.Expect.Issuer, IssuedAt: v.Expect.IssuedAt, Expires: v.Expect.Expires,
		PublicKey: key, Principal: browserid.Principal{Email: v.Expect.Email},
	}, certificate)

	issuer, err := browserid.ParsePublicKey(v.IssuerKey)
	require.NoError(t, err)
	require.NoError(t, verify.CheckSignature(token, issuer))
	token.Signature[len(token.Signature)-1] ^= 1
	require.Error(t, verify.CheckSignature(token, issuer))
}
