package peer

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/verify"
)

// signer makes a key a browserid.Signer.
type signer struct{ key }

func (s signer) PublicKey() browserid.PublicKey {
	return must(browserid.ParsePublicKey([]byte(s.public)))
}

func (s signer) Sign(_ context.Context, input []byte) ([]byte, error) {
	return s.sign(string(input)), nil
}

// oursSigned is a bundle made by our own code.
func oursSigned(t *testing.T) string {
	t.Helper()
	certificate, err := browserid.SignCertificate(t.Context(), signer{issuerKey()}, browserid.Certificate{
		Issuer: "idp.example.com", IssuedAt: browserid.MillisOf(now) - minute, Expires: browserid.MillisOf(now) + 60*minute,
		PublicKey: signer{userKey()}.PublicKey(),
		Principal: browserid.Principal{Email: "ann@idp.example.com"},
		Extra:     map[string]json.RawMessage{"level": json.RawMessage(`2`)},
	})
	require.NoError(t, err)
	assertion, err := browserid.SignAssertion(t.Context(), signer{userKey()}, browserid.Assertion{
		Audience: "https://rp.example.com", Expires: browserid.MillisOf(now) + 2*minute, IssuedAt: browserid.MillisOf(now),
	})
	require.NoError(t, err)
	return browserid.Backed{Certificates: []string{certificate}, Assertion: assertion}.String()
}

// theirsSigned is a bundle made by browserid-crypto, the library of the time.
func theirsSigned(t *testing.T, n *node, user key) string {
	t.Helper()
	type object map[string]any
	replies := ask[object, struct{ Bundle string }](t, n, []object{{
		"op": "sign", "issuer": issuerKey().secret, "user": user.secret, "userKey": json.RawMessage(user.public),
		"certificate": object{
			"issuer": "idp.example.com", "email": "ann@idp.example.com", "extra": object{"level": 2},
			"issuedAt": now.UnixMilli() - minute, "expiresAt": now.UnixMilli() + 60*minute,
		},
		"assertion": object{"audience": "https://rp.example.com", "expiresAt": now.UnixMilli() + 2*minute},
	}})
	return replies[0].Bundle
}

// TestOursToTheirs: what our code signs, the old verifier accepts, and refuses
// once somebody has touched it.
func TestOursToTheirs(t *testing.T) {
	t.Parallel()
	n := startNode(t)
	bundle := oursSigned(t)
	reply := ask[verifyRequest, verifyReply](t, n, []verifyRequest{newSetting().request(bundle)})[0]
	require.True(t, reply.Accepted, reply.Reason)
	assert.Equal(t, "ann@idp.example.com", reply.Result.Email)
	assert.Equal(t, "idp.example.com", reply.Result.Issuer)
	assert.Equal(t, now.UnixMilli()+2*minute, reply.Result.Expires)
	assert.JSONEq(t, `2`, string(reply.Result.IdPClaims["level"]))
	assert.Empty(t, reply.Result.UserClaims)
	requireTampersRefused(t, n, newSetting(), bundle)
}

// TestTheirsToOurs: what the old library signs, ours accepts, and refuses once
// somebody has touched it. DSA keys need AllowLegacyKeys (C4.7).
func TestTheirsToOurs(t *testing.T) {
	t.Parallel()
	n := startNode(t)
	for _, user := range []key{userKey(), ds256Key()} {
		bundle, legacy := theirsSigned(t, n, user), user.label == "DS256"
		s := newSetting()
		worlds := newWorlds(t)
		if _, err := s.ours(worlds).Verify(t.Context(), bundle); legacy {
			require.ErrorIs(t, err, verify.CodeLegacyKey)
		} else {
			require.NoError(t, err)
		}
		s.legacy = true
		result, err := s.ours(worlds).Verify(t.Context(), bundle)
		require.NoError(t, err)
		assert.Equal(t, browserid.Email("ann@idp.example.com"), result.Email)
		assert.Equal(t, browserid.Domain("idp.example.com"), result.Issuer)
		assert.Equal(t, now.UnixMilli()+2*minute, int64(result.Expires))
		assert.JSONEq(t, `2`, string(result.IdPClaims["level"]))
		requireTampersRefused(t, n, s, bundle)
	}
}

// requireTampersRefused changes a bundle without its makers' keys: neither
// verifier may accept it any more.
func requireTampersRefused(t *testing.T, n *node, s setting, bundle string) {
	t.Helper()
	require.True(t, ask[verifyRequest, verifyReply](t, n, []verifyRequest{s.request(bundle)})[0].Accepted)
	ours := s.ours(newWorlds(t))
	tampered := tampers(bundle)
	requests := make([]verifyRequest, len(tampered))
	for i, text := range tampered {
		requests[i] = s.request(text)
		_, err := ours.Verify(t.Context(), text)
		require.Error(t, err, text)
	}
	for i, reply := range ask[verifyRequest, verifyReply](t, n, requests) {
		require.False(t, reply.Accepted, tampered[i])
	}
}

// tampers changes a character in the middle of each part, and the parts' places.
func tampers(bundle string) []string {
	var changed []string
	start := 0
	for part := range strings.FieldsFuncSeq(bundle, func(r rune) bool { return r == '.' || r == '~' }) {
		middle := start + len(part)/2
		other := map[bool]string{true: "B", false: "A"}[bundle[middle] == 'A']
		changed = append(changed, bundle[:middle]+other+bundle[middle+1:])
		start += len(part) + 1
	}
	certificate, assertion, _ := strings.Cut(bundle, "~")
	return append(changed,
		"", certificate, assertion, certificate+"~", "~"+assertion,
		assertion+"~"+certificate, certificate+"~"+certificate, assertion+"~"+assertion,
		certificate+"~"+certificate+"~"+assertion,
		bundle[2:], bundle[:len(bundle)-2])
}
