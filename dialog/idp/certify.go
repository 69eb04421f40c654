package idp

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

// ProvenClaim is the claim of a certificate that says when the mailbox was last
// proven, in milliseconds, for sites that want to know (G7b).
const ProvenClaim = "proven"

// seenInterval is how exactly a session's last use is kept.
const seenInterval = 10 * time.Minute

// Certify issues a certificate for an address that this session has proven. It
// asks each time whether the domain has a provider of its own (D1.12), and lives
// no longer than asked for, than the host allows, and than the session.
func (p *Provider) Certify(ctx context.Context, sessionToken, address string, key browserid.PublicKey, lifetime time.Duration) (string, error) {
	email, err := parseMailable(address)
	if err != nil {
		return "", err
	}
	now := p.now()
	session, proven, err := p.readRight(ctx, sessionToken, email, now)
	if err != nil {
		return "", err
	}
	if err := p.mayVouchFor(ctx, email.Domain()); err != nil {
		return "", errors.Join(err, p.tellOfProvider(ctx, session, email, err, now))
	}
	signer, err := p.keys.Signer(now)
	if err != nil {
		return "", fmt.Errorf("signing key: %w", err)
	}
	lifetime = min(lifetime, p.maxCertificate, max(session.Expires.Sub(now), issuer.MinDuration))
	certificate, err := p.sign(ctx, signer, email, proven, key, lifetime, now)
	if err != nil {
		return "", err
	}
	err = p.recordIssuance(ctx, sessionToken, email, Issuance{
		At: now, Expires: now.Add(lifetime), EmailMAC: p.secrets.addressMAC(email), Hash: hashOf(certificate), Key: thumbprint(signer.PublicKey()),
	})
	if err != nil {
		return "", err
	}
	return certificate, nil
}

// readRight reads the right to a certificate.
func (p *Provider) readRight(ctx context.Context, token string, email browserid.Email, now time.Time) (session *Session, address Address, err error) {
	err = p.store.View(ctx, func(r Reader) error {
		session, address, err = entitled(r, token, email, now)
		return err
	})
	return session, address, err
}

// sign makes the certificate.
func (p *Provider) sign(ctx context.Context, signer browserid.Signer, email browserid.Email, proven Address, key browserid.PublicKey, lifetime time.Duration, now time.Time) (string, error) {
	claim, err := json.Marshal(browserid.MillisOf(proven.Proven))
	if err != nil {
		return "", err
	}
	signing := issuer.Issuer{
		Domain: p.issuer, AllowAnyDomain: true, Keys: []browserid.Signer{signer},
		Authentication: "/sign_in", Provisioning: "/communication_iframe", Now: func() time.Time { return now },
	}
	certificate, err := signing.Certificate(ctx, issuer.Request{
		SignedIn: []browserid.Email{email}, // by what entitled has found
		Email:    email, PublicKey: key, Duration: lifetime, Extra: map[string]json.RawMessage{ProvenClaim: claim},
	})
	switch {
	case errors.Is(err, issuer.ErrPublicKey):
		return "", &Error{Code: CodeInvalidRequest, Message: "This key cannot be certified.", Err: err}
	case errors.Is(err, issuer.ErrDuration):
		return "", &Error{Code: CodeInvalidRequest, Message: "A certificate lives for a minute at least.", Err: err}
	}
	return certificate, err
}

// recordIssuance appends to the log of certificates (G13). A certificate leaves
// the host only if it is in there, and if the right to it has lasted until then.
// It is counted there too: a transaction of its own would cost as much again.
func (p *Provider) recordIssuance(ctx context.Context, token string, email browserid.Email, issuance Issuance) error {
	now := issuance.At
	err := p.store.Update(ctx, func(tx Tx) error {
		session, _, err := entitled(tx, token, email, now)
		if err != nil {
			return err
		}
		if err := p.spendIn(tx, now, budget{
			what: []string{"certificates", session.ID}, limit: p.limits.CertificatesPerSession, window: hour,
		}); err != nil {
			return err
		}
		issuance.Session, issuance.Browser = session.ID, session.Browser
		if now.Sub(session.Seen) >= seenInterval {
			session.Seen = now
			if err := tx.PutSession(*session); err != nil {
				return err
			}
		}
		return tx.AppendIssuance(issuance)
	})
	if err == nil {
		p.log.LogAttrs(ctx, slog.LevelInfo, "certificate issued", p.logAddress(email), slog.Time("expires", issuance.Expires))
	}
	return err
}

// providerNoticeInterval is the least time between two notices that an address has
// a provider of its own now.
const providerNoticeInterval = 30 * day

// tellOfProvider mails, once, that the domain vouches for the address itself now
// (G12): if it was not its owner who set that up, the owner wants to know.
func (p *Provider) tellOfProvider(ctx context.Context, session *Session, email browserid.Email, refusal error, now time.Time) error {
	if !errors.Is(refusal, CodeProviderExists) {
		return nil
	}
	err := p.spend(ctx, now, budget{what: []string{"provider notice", AddressKey(email)}, limit: 1, window: providerNoticeInterval})
	if errors.Is(err, CodeTooMany) {
		return nil
	}
	if err != nil {
		return err
	}
	return p.store.Update(ctx, func(tx Tx) error {
		return p.tell(tx, Visitor{Browser: session.Browser}, Letter{Kind: LetterProviderAppeared, To: email}, now)
	})
}

// thumbprint names a key (RFC 7638).
func thumbprint(key browserid.PublicKey) string {
	sum := sha256.Sum256(key.JWK())
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
