package agenttest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/agent"
	"github.com/navid-login/navid/agent/browserid"
)

// Limits of a Fallback.
const (
	CodeLife    = 10 * time.Minute
	ResendPause = 30 * time.Second
	TriesOfCode = 5
)

// Fallback is an agent.Fallback: a login host that vouches for every domain
// that a World does not know, and the browser's session there.
type Fallback struct {
	Authority browserid.Domain
	// Err, where set, is what the next call fails with.
	Err error
	// Tamper, where set, changes each certificate before it is signed.
	Tamper func(*browserid.Certificate)

	Proven    map[browserid.Email]bool // by the browser's session
	Mails     []Letter
	Asked     []time.Duration // the lifetime of each certificate asked for
	SignedOut int

	t          *testing.T
	now        func() time.Time
	key        *key
	challenges map[string]*challenge
}

// Letter is a mail that was sent.
type Letter struct {
	To        browserid.Email
	Code      string
	Elsewhere bool
}

type challenge struct {
	agent.Challenge
	email     browserid.Email
	elsewhere bool
	codes     map[string]time.Time // when each ends
	tries     int
}

// NewFallback returns a login host of that name.
func NewFallback(t *testing.T, w *World, name browserid.Domain) *Fallback {
	key, err := newKey(browserid.ES256)
	require.NoError(t, err)
	return &Fallback{
		Authority: name, Proven: map[browserid.Email]bool{}, challenges: map[string]*challenge{},
		t: t, now: func() time.Time { return w.Now() }, key: key,
	}
}

// provider is what the host says of domains without a provider.
func (f *Fallback) provider() *agent.Provider {
	return &agent.Provider{
		Authority: f.Authority, Fallback: true, Keys: []browserid.PublicKey{f.key.PublicKey()},
		Algorithms: []browserid.Algorithm{browserid.EdDSA, browserid.ES256, browserid.RS256},
	}
}

func (f *Fallback) failure() error {
	err := f.Err
	f.Err = nil
	return err
}

// Certify certifies a key for an address that the session has proven.
func (f *Fallback) Certify(ctx context.Context, email browserid.Email, publicKey string, lifetime time.Duration) (string, error) {
	if err := f.failure(); err != nil {
		return "", err
	}
	if !f.Proven[email] {
		return "", fmt.Errorf("certify: %w", agent.ErrNotProven)
	}
	f.Asked = append(f.Asked, lifetime)
	public, err := browserid.ParsePublicKey([]byte(publicKey))
	require.NoError(f.t, err)
	certificate := browserid.Certificate{
		Issuer: string(f.Authority), PublicKey: public, Principal: browserid.Principal{Email: email},
		IssuedAt: browserid.MillisOf(f.now()), Expires: browserid.MillisOf(f.now().Add(lifetime)),
	}
	if f.Tamper != nil {
		f.Tamper(&certificate)
	}
	return browserid.SignCertificate(ctx, f.key, certificate)
}

// Challenge mails a code: 000001, 000002, and so on.
func (f *Fallback) Challenge(_ context.Context, email browserid.Email, elsewhere bool) (agent.Challenge, error) {
	if err := f.failure(); err != nil {
		return agent.Challenge{}, err
	}
	id := fmt.Sprintf("challenge %d", len(f.challenges)+1)
	f.challenges[id] = &challenge{
		Challenge: agent.Challenge{ID: id, Words: "amber falcon"},
		email:     email, elsewhere: elsewhere, codes: map[string]time.Time{},
	}
	return f.mail(id), nil
}

// Resend mails another code.
func (f *Fallback) Resend(_ context.Context, id string) (agent.Challenge, error) {
	if err := f.failure(); err != nil {
		return agent.Challenge{}, err
	}
	c, ok := f.challenges[id]
	if !ok {
		return agent.Challenge{}, &agent.Refusal{Code: agent.CodeCodeExpired}
	}
	if wait := c.ResendAt.Time().Sub(f.now()); wait > 0 {
		return agent.Challenge{}, &agent.Refusal{Code: agent.CodeTooMany, RetryAfter: wait}
	}
	return f.mail(id), nil
}

func (f *Fallback) mail(id string) agent.Challenge {
	c := f.challenges[id]
	code := fmt.Sprintf("%06d", len(f.Mails)+1)
	f.Mails = append(f.Mails, Letter{c.email, code, c.elsewhere})
	c.codes[code] = f.now().Add(CodeLife)
	c.tries = 0
	c.ResendAt = browserid.MillisOf(f.now().Add(ResendPause))
	c.Expires = browserid.MillisOf(c.codes[code])
	return c.Challenge
}

// Confirm proves the address of a challenge.
func (f *Fallback) Confirm(_ context.Context, id, code string) error {
	if err := f.failure(); err != nil {
		return err
	}
	c, ok := f.challenges[id]
	if !ok {
		return &agent.Refusal{Code: agent.CodeCodeExpired}
	}
	ends, mailed := c.codes[code]
	switch {
	case c.tries >= TriesOfCode:
		return &agent.Refusal{Code: agent.CodeCodeSpent}
	case !mailed:
		c.tries++
		return &agent.Refusal{Code: agent.CodeWrongCode, Left: TriesOfCode - c.tries}
	case !ends.After(f.now()):
		return &agent.Refusal{Code: agent.CodeCodeExpired}
	}
	f.Proven[c.email] = true
	return nil
}

// Prove makes the session one that has proven an address.
func (f *Fallback) Prove(email string) { f.Proven[browserid.Email(email)] = true }

// Forget makes the host forget all challenges, as it does long after they are over.
func (f *Fallback) Forget() { clear(f.challenges) }

// SignOut ends the session.
func (f *Fallback) SignOut(context.Context) error {
	f.SignedOut++
	clear(f.Proven)
	return nil
}
