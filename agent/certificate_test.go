package agent_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/agenttest"
	"github.com/navid-login/navid/agent/browserid"
)

// Each wrong certificate is refused by its own code, and nothing of it is
// kept (design 5.5, C1.3; security.md abuse test 9).
func TestWrongCertificate(t *testing.T) {
	t.Parallel()
	now := time.Now()
	at := func(d time.Duration) browserid.Millis { return browserid.MillisOf(now.Add(d)) }
	for name, c := range map[string]struct {
		tamper func(*fixture, *browserid.Certificate)
		mangle func(string) string
		want   agent.Code
	}{
		"someone else's address": {
			want:   agent.CodeCertificateWrongAddress,
			tamper: func(_ *fixture, c *browserid.Certificate) { c.Principal.Email = "bob@idp.test" },
		},
		"the address in another case": {
			want:   agent.CodeCertificateWrongAddress,
			tamper: func(_ *fixture, c *browserid.Certificate) { c.Principal.Email = "Alice@idp.test" },
		},
		"an unverified address": {
			want:   agent.CodeCertificateWrongAddress,
			tamper: func(_ *fixture, c *browserid.Certificate) { c.Principal.Unverified = true },
		},
		"another key": {
			want:   agent.CodeCertificateWrongKey,
			tamper: func(f *fixture, c *browserid.Certificate) { c.PublicKey = f.anotherKey() },
		},
		"another issuer": {
			want:   agent.CodeCertificateWrongIssuer,
			tamper: func(_ *fixture, c *browserid.Certificate) { c.Issuer = "other.test" },
		},
		"longer than asked": {
			want:   agent.CodeCertificateTooLong,
			tamper: func(_ *fixture, c *browserid.Certificate) { c.Expires = at(7 * time.Hour) },
		},
		"longer than a day": {
			want: agent.CodeCertificateTooLong,
			tamper: func(_ *fixture, c *browserid.Certificate) {
				c.IssuedAt, c.Expires = at(-23*time.Hour), at(5*time.Hour)
			},
		},
		"expired": {
			want:   agent.CodeCertificateWrongTime,
			tamper: func(_ *fixture, c *browserid.Certificate) { c.Expires = at(-time.Minute) },
		},
		"nearly expired": {
			want:   agent.CodeCertificateWrongTime,
			tamper: func(_ *fixture, c *browserid.Certificate) { c.Expires = at(time.Minute) },
		},
		"issued in the future": {
			want:   agent.CodeCertificateWrongTime,
			tamper: func(_ *fixture, c *browserid.Certificate) { c.IssuedAt = at(10 * time.Minute) },
		},
		"without an issue time": {
			want:   agent.CodeCertificateWrongTime,
			tamper: func(_ *fixture, c *browserid.Certificate) { c.IssuedAt = 0 },
		},
		"garbage": {
			want:   agent.CodeCertificateMalformed,
			mangle: func(string) string { return "garbage" },
		},
		"a bundle": {
			want:   agent.CodeCertificateMalformed,
			mangle: func(token string) string { return token + "~" + token },
		},
		"a signature changed": {want: agent.CodeCertificateBadSignature, mangle: flipSignature},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := setUp(t)
			f.world.Now = func() time.Time { return now }
			f.idp.SignedIn, f.idp.Mangle = true, c.mangle
			if c.tamper != nil {
				f.idp.Tamper = func(certificate *browserid.Certificate) { c.tamper(f, certificate) }
			}
			_, err := f.signIn(enter(alice), onError(c.want, agent.ActionCancel))
			require.ErrorIs(t, err, agent.ErrCancelled)
			f.requireNothingStored()
		})
	}
}

func TestCertificateOfAnotherKeyThanPublished(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.idp.SignedIn, f.idp.Signer = true, f.world.Domain("other.test").Signer
	_, err := f.signIn(enter(alice), onError(agent.CodeCertificateBadSignature, agent.ActionCancel))
	require.ErrorIs(t, err, agent.ErrCancelled)
}

// mislabelled is an issuer's key that calls itself one of another kind.
type mislabelled struct {
	browserid.Signer
	as browserid.PublicKey
}

func (m mislabelled) PublicKey() browserid.PublicKey { return m.as }

func TestCertificateLabelledAsAnotherAlgorithm(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	other, err := new(agenttest.KeyStore).Generate(t.Context(), browserid.EdDSA)
	require.NoError(t, err)
	f.idp.SignedIn, f.idp.Signer = true, mislabelled{f.idp.Signer, other.PublicKey()}
	_, err = f.signIn(enter(alice), onError(agent.CodeCertificateBadSignature, agent.ActionCancel))
	require.ErrorIs(t, err, agent.ErrCancelled, "D1.7")
}

func (f *fixture) anotherKey() browserid.PublicKey {
	key, err := new(agenttest.KeyStore).Generate(f.Context(), browserid.ES256)
	require.NoError(f, err)
	return key.PublicKey()
}

// flipSignature changes one bit in the middle of a token's signature.
func flipSignature(token string) string {
	i := strings.LastIndexByte(token, '.') + 20
	flipped := byte('A')
	if token[i] == 'A' {
		flipped = 'B'
	}
	return token[:i] + string(flipped) + token[i+1:]
}

// eager is a provider's page that sends a certificate it happens to have.
type eager struct {
	*agenttest.World
	certificate string
}

func (e eager) Frame(context.Context, agent.Provisioning) (string, error) { return e.certificate, nil }

func TestCertificateWithoutAskingForKey(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.known()
	id, _ := f.state().Identity(alice)
	f.agent.Pages = eager{f.world, id.Certificate}
	_, err := f.signIn(on(agent.ScreenPick, agent.ActionOther), enter("bob@idp.test"), onError(agent.CodeProviderMisspoke, agent.ActionCancel))
	require.ErrorIs(t, err, agent.ErrCancelled)
	assert.Equal(t, []string{alice}, f.state().Known(rp))
}

// unsupported is a browser that cannot check the issuer's kind of key, as none can DSA.
type unsupported struct{}

func (unsupported) VerifySignature(context.Context, browserid.PublicKey, []byte, []byte) error {
	return agent.ErrUnsupportedKey
}

func TestIssuerKeyUnsupported(t *testing.T) {
	t.Parallel()
	f := setUp(t)
	f.idp.SignedIn, f.agent.Signatures = true, unsupported{}
	_, err := f.signIn(enter(alice), onError(agent.CodeIssuerKeyUnsupported, agent.ActionCancel))
	require.ErrorIs(t, err, agent.ErrCancelled)
}
