package idp

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
)

// MinSecretBytes is the least that a host's secret has.
const MinSecretBytes = 32

// Secrets are the keys that the store must not know, all made from the one
// secret of the host. Whoever loses it loses the challenges under way, the mails
// in the queue and the log of certificates, and nothing else.
type Secrets struct {
	code, linkCode, mail, emailMAC, session []byte
}

// NewSecrets derives the keys from the secret of the host.
func NewSecrets(secret []byte) (*Secrets, error) {
	if len(secret) < MinSecretBytes {
		return nil, fmt.Errorf("the secret of the host has %d bytes, fewer than %d", len(secret), MinSecretBytes)
	}
	s := &Secrets{}
	for label, key := range map[string]*[]byte{
		"code": &s.code, "link-code": &s.linkCode, "mail": &s.mail, "email-mac": &s.emailMAC, "session": &s.session,
	} {
		derived, err := hkdf.Key(sha256.New, secret, nil, "navid idp "+label, sha256.Size)
		if err != nil {
			return nil, fmt.Errorf("derive key %q: %w", label, err)
		}
		*key = derived
	}
	return s, nil
}

// MailKey is what the letters in the outbox are sealed with, 32 bytes.
func (s *Secrets) MailKey() []byte { return s.mail }
