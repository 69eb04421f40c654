package idp_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/discovery"
	"github.com/navid-login/navid/dialog/idp"
	"github.com/navid-login/navid/dialog/idp/idptest"
)

func principalOf(t *testing.T, w *idptest.World, certificate string) string {
	t.Helper()
	parsed, _, err := browserid.ParseCertificate(certificate)
	require.NoError(t, err)
	assert.Equal(t, "login.test", parsed.Issuer)
	assert.False(t, parsed.Principal.Unverified)
	return string(parsed.Principal.Email)
}

func TestCertify(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	b.Prove(alice)
	proven := w.Clock.Now()
	w.Clock.Advance(time.Minute)

	key := idptest.NewUserKey()
	certificate, err := w.Certify(t.Context(), b.SessionToken, alice, key, 30*time.Minute)
	require.NoError(t, err)
	parsed, _, err := browserid.ParseCertificate(certificate)
	require.NoError(t, err)
	assert.Equal(t, alice, principalOf(t, w, certificate))
	assert.True(t, parsed.PublicKey.Equal(key))
	assert.WithinDuration(t, w.Clock.Now().Add(30*time.Minute), parsed.Expires.Time(), time.Second)
	var claim browserid.Millis
	require.NoError(t, json.Unmarshal(parsed.Extra[idp.ProvenClaim], &claim))
	assert.Equal(t, browserid.MillisOf(proven), claim)

	account, err := w.Account(t.Context(), b.SessionToken)
	require.NoError(t, err)
	assert.Equal(t, []idp.Issued{{
		Email: alice, At: w.Clock.Now(), Expires: w.Clock.Now().Add(30 * time.Minute), Browser: "Firefox on Linux",
	}}, account.Certificates)
	issuances := issuancesOf(t, w, alice)
	require.Len(t, issuances, 1)
	hash := sha256.Sum256([]byte(certificate))
	assert.Equal(t, hash[:], issuances[0].Hash)
}

// issuancesOf reads the log as the store has it.
func issuancesOf(t *testing.T, w *idptest.World, email browserid.Email) (found []idp.Issuance) {
	t.Helper()
	require.NoError(t, w.Store.View(t.Context(), func(r idp.Reader) (err error) {
		found, err = r.IssuancesOf(idp.AddressMAC(w.Secrets, email), 10)
		return err
	}))
	return found
}

func TestLifeOfCertificates(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		asked, max, sessionAge, want time.Duration
		elsewhere                    bool
	}{
		"as asked":                 {asked: 10 * time.Minute, want: 10 * time.Minute},
		"an hour at most":          {asked: 24 * time.Hour, want: time.Hour},
		"as configured":            {asked: 24 * time.Hour, max: 6 * time.Hour, want: 6 * time.Hour},
		"never above a day":        {asked: 48 * time.Hour, max: 48 * time.Hour, want: 24 * time.Hour},
		"no longer than a session": {asked: time.Hour, sessionAge: 50 * time.Minute, elsewhere: true, want: 10 * time.Minute},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(config *idp.Config) { config.MaxCertificate = c.max })
			b := w.Browser("192.0.2.1")
			if c.elsewhere {
				b.ProveElsewhere(alice)
			} else {
				b.Prove(alice)
			}
			w.Clock.Advance(c.sessionAge)
			certificate, err := w.Certify(t.Context(), b.SessionToken, alice, idptest.NewUserKey(), c.asked)
			require.NoError(t, err)
			parsed, _, err := browserid.ParseCertificate(certificate)
			require.NoError(t, err)
			assert.LessOrEqual(t, parsed.Expires.Time().Sub(parsed.IssuedAt.Time()), 24*time.Hour)
			assert.WithinDuration(t, w.Clock.Now().Add(c.want), parsed.Expires.Time(), 15*time.Second)
		})
	}
}

func TestRefusedCertificates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	_, err := b.Certify(alice)
	refused(t, err, idp.CodeNotProven) // no session
	b.Prove(alice)
	_, err = b.Certify(bob)
	refused(t, err, idp.CodeNotProven) // someone else's address
	_, err = b.Certify("ALICE@mail.test")
	refused(t, err, idp.CodeNotProven) // a spelling that no mail has gone to
	_, err = b.Certify("alice@mail.test\n")
	refused(t, err, idp.CodeInvalidEmail)
	_, err = w.Certify(t.Context(), "x"+b.SessionToken, alice, idptest.NewUserKey(), time.Hour)
	refused(t, err, idp.CodeNotProven)
	for _, lifetime := range []time.Duration{-time.Hour, 0, time.Second} {
		_, err = w.Certify(t.Context(), b.SessionToken, alice, idptest.NewUserKey(), lifetime)
		refused(t, err, idp.CodeInvalidRequest)
	}
	_, err = w.Certify(t.Context(), b.SessionToken, alice, browserid.PublicKey{}, time.Hour)
	refused(t, err, idp.CodeInvalidRequest)
	dsa, parseErr := browserid.ParsePublicKey([]byte(legacyKey))
	require.NoError(t, parseErr)
	_, err = w.Certify(t.Context(), b.SessionToken, alice, dsa, time.Hour)
	refused(t, err, idp.CodeInvalidRequest)

	w.Domains.Set("mail.test", errors.New("the network is down"))
	_, err = b.Certify(alice)
	require.ErrorContains(t, err, "the network is down")
	assert.Empty(t, issuancesOf(t, w, alice))
}

// legacyKey is RSA of 512 bits, the label RS64 (C4.2).
const legacyKey = `{"algorithm":"RS","n":"12029429389139243963498723463983274982734982734987234987239847239847239847239847239847239847239847239847239847239847239847239847239847239847239847293847293","e":"65537"}`

// When the log cannot be written, no certificate leaves the host (G13).
func TestNoCertificateWithoutItsLogLine(t *testing.T) {
	t.Parallel()
	store := &failing{FullStore: idptest.NewStore()}
	w := idptest.New(t, store)
	b := w.Browser("192.0.2.1")
	b.Prove(alice)
	store.updates = errors.New("disk full")
	certificate, err := b.Certify(alice)
	require.ErrorContains(t, err, "disk full")
	assert.Empty(t, certificate)
}

type failing struct {
	idptest.FullStore
	updates error
}

func (f *failing) Update(ctx context.Context, change func(idp.Tx) error) error {
	if f.updates != nil {
		return f.updates
	}
	return f.FullStore.Update(ctx, change)
}

// The owner is told, once, that the domain speaks for the address now (G12).
func TestTheOwnerIsToldOfANewProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.Browser("192.0.2.1")
	b.Prove(alice)
	w.Domains.Set("mail.test", &discovery.Provider{Authority: "mail.test"})
	for range 3 {
		_, err := b.Certify(alice)
		refused(t, err, idp.CodeProviderExists)
		require.NotErrorIs(t, err, idp.CodeTooMany)
	}
	letters := w.Letters()
	require.Len(t, letters, 1)
	assert.Equal(t, idp.LetterProviderAppeared, letters[0].Kind)
	assert.EqualValues(t, alice, letters[0].To)

	// B8.2: and when it is gone again, what was proven before still counts.
	w.Domains.Set("mail.test", discovery.Absent)
	_, err := b.Certify(alice)
	require.NoError(t, err)
}

func TestSupportDocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	document, err := w.SupportDocument()
	require.NoError(t, err)
	parsed, err := browserid.ParseSupportDocument(document)
	require.NoError(t, err)
	require.Len(t, parsed.PublicKeys, 1)
	assert.True(t, parsed.PublicKeys[0].Equal(w.Key.PublicKey()))
	assert.Equal(t, browserid.Domain("login.test"), w.Issuer())
}
