package idp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
)

// certify takes {"email", "publicKey", "duration"} (the key as the JSON string that genKeyPair gives, the duration in seconds) and answers
// with a certificate, for the address that the browser is signed in as and no other.
func (p *Provider) certify(w http.ResponseWriter, r *http.Request) {
	var form struct {
		Email     string
		PublicKey string
		Duration  int64
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxFormBytes)).Decode(&form); err != nil {
		http.Error(w, "that was no request for a certificate", http.StatusBadRequest)
		return
	}
	key, err := browserid.ParsePublicKey([]byte(form.PublicKey))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	request := issuer.Request{
		SignedIn: p.signedIn(r), Email: browserid.Email(form.Email), PublicKey: key, Duration: time.Duration(form.Duration) * time.Second,
	}
	certificate, err := p.certificate(r.Context(), request)
	if err != nil {
		http.Error(w, err.Error(), statusOf(err))
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, certificate) // a browser that has gone does not want it
}

// signedIn is who the sender of a request is, none or one.
func (p *Provider) signedIn(r *http.Request) []browserid.Email {
	email := p.sessions.email(r)
	if email == "" || p.does(NeverSignedIn) {
		return nil
	}
	return []browserid.Email{email}
}

func statusOf(err error) int {
	if errors.Is(err, issuer.ErrNotSignedIn) {
		return http.StatusForbidden
	}
	if errors.Is(err, issuer.ErrAddress) || errors.Is(err, issuer.ErrPublicKey) || errors.Is(err, issuer.ErrDuration) {
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// certificate makes an honest certificate, or the wrong one that is wanted.
func (p *Provider) certificate(ctx context.Context, request issuer.Request) (string, error) {
	honest, err := p.issuer.Certificate(ctx, request)
	if err != nil {
		return "", fmt.Errorf("certify: %w", err)
	}
	if p.does(Garbage) {
		return "this is no certificate", nil
	}
	certificate, _, err := browserid.ParseCertificate(honest)
	if err != nil {
		return "", fmt.Errorf("certify: %w", err)
	}
	changed, err := p.distort(certificate)
	if err != nil {
		return "", fmt.Errorf("certify: %w", err)
	}
	if changed {
		if honest, err = browserid.SignCertificate(ctx, p.key, *certificate); err != nil {
			return "", fmt.Errorf("certify: %w", err)
		}
	}
	if p.does(BadSignature) {
		return breakSignature(honest), nil
	}
	return honest, nil
}

// distort changes what a certificate says.
func (p *Provider) distort(certificate *browserid.Certificate) (changed bool, err error) {
	now := p.config.Now()
	if p.does(SomeoneElse) {
		certificate.Principal.Email = browserid.Email("someone.else@" + string(certificate.Principal.Email.Domain()))
		changed = true
	}
	if p.does(AnotherKey) {
		another, err := issuer.GenerateKey(browserid.ES256)
		if err != nil {
			return false, err
		}
		certificate.PublicKey, changed = another.PublicKey(), true
	}
	if p.does(WrongIssuer) {
		certificate.Issuer, changed = WrongIssuerDomain, true
	}
	if p.does(TooLong) {
		certificate.Expires, changed = browserid.MillisOf(now.Add(25*time.Hour)), true
	}
	if p.does(Expired) {
		certificate.IssuedAt, certificate.Expires = browserid.MillisOf(now.Add(-2*time.Hour)), browserid.MillisOf(now.Add(-time.Hour))
		changed = true
	}
	return changed, nil
}

// breakSignature changes the middle of the last part: its last character may hold bits that do not count.
func breakSignature(token string) string {
	broken := []byte(token)
	at := len(broken) - 20
	if broken[at] == 'A' {
		broken[at] = 'B'
	} else {
		broken[at] = 'A'
	}
	return string(broken)
}
