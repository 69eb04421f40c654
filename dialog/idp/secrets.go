package idp

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"

	"github.com/navid-login/navid/agent/browserid"
)

// MinSecretBytes is the least that a host's secret has.
const MinSecretBytes = 32

// Secrets are the keys that the store must not know, all made from the one
// secret of the host. Whoever loses it loses the challenges under way, the mails
// in the queue, the log of certificates and the reserves of the limits, and
// nothing else.
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

// codeOf returns the code that goes with a link: whoever has the link may see the
// code, while the store, which has neither, can make neither.
func (s *Secrets) codeOf(linkToken string) string {
	for block := 0; ; block++ {
		sum := macOf(s.linkCode, linkToken, strconv.Itoa(block))
		for ; len(sum) >= 4; sum = sum[4:] {
			if code, ok := fairCode(binary.BigEndian.Uint32(sum)); ok {
				return code
			}
		}
	}
}

// fairCode turns a random number into a code, unless it is one of those at the end
// that would make some codes likelier than others.
func fairCode(n uint32) (code string, ok bool) {
	const codes = 1_000_000
	const fair = (1 << 32) / codes * codes
	return fmt.Sprintf("%06d", n%codes), n < fair
}

// codeMAC is what the store keeps of a code. Without the key a million guesses
// would find the code of any hash.
func (s *Secrets) codeMAC(challenge, code string) []byte { return macOf(s.code, challenge, code) }

// addressMAC names an address where it need not be read back.
func (s *Secrets) addressMAC(email browserid.Email) []byte {
	return macOf(s.emailMAC, "address", AddressKey(email))
}

// nameOf makes a name for the store, or for the log, that tells nothing of what
// it is made from.
func (s *Secrets) nameOf(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString(macOf(s.emailMAC, parts...)[:16])
}

// sessionToken returns the token of the session that a challenge ends in. The
// same comes out whenever the browser that asked comes for it, so that an answer
// that gets lost on its way loses nothing.
func (s *Secrets) sessionToken(challenge, browserToken string) string {
	return base64.RawURLEncoding.EncodeToString(macOf(s.session, challenge, browserToken))
}

// macOf is the HMAC-SHA256 of a list of texts; no two lists run into the same one.
func macOf(key []byte, parts ...string) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		_ = binary.Write(mac, binary.BigEndian, uint64(len(part)))
		_, _ = mac.Write([]byte(part))
	}
	return mac.Sum(nil)
}
