package personal

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/navid-login/navid/agent/browserid"
)

// The format that this version writes, and all that it reads.
const (
	formatVersion = 1
	formatCipher  = "AES-256-GCM"
	// kdfPassphrase makes the key of a slot of a passphrase.
	kdfPassphrase = "PBKDF2-SHA-256"
	// kdfPasskey makes it of what a passkey's PRF extension makes of the slot's salt.
	kdfPasskey = "WebAuthn-PRF-HKDF-SHA-256"
)

// Bounds of PBKDF2's rounds. More than the most would let a document stop a browser.
const (
	MinRounds     = 600_000
	MaxRounds     = 10_000_000
	DefaultRounds = 1_000_000
)

// Limits of the rest.
const (
	ivBytes         = 12
	wrappedKeyBytes = 32 + 16 // an AES key and its tag
	maxSealedBytes  = 16 << 10
	maxSlots        = 8
)

// ErrUnknown is wrapped by errors about documents of a version or with an algorithm that this program does not know.
var ErrUnknown = errors.New("not known to this version")

// Encrypted is the member "encrypted-private-key" of the support document. A content key encrypts the private key and the rights, and
// each slot has the content key, encrypted by what opens it. Bytes are in base64url without padding.
type Encrypted struct {
	Version   int                 `json:"version"`   // 1
	Cipher    string              `json:"cipher"`    // "AES-256-GCM", of everything here
	Algorithm browserid.Algorithm `json:"algorithm"` // of the private key
	Key       Sealed              `json:"key"`       // the private key in PKCS #8
	Rights    Sealed              `json:"rights"`    // a [Rights] as JSON
	Slots     []Slot              `json:"slots"`     // exactly one of them is of a passphrase
}

// Sealed is something encrypted.
type Sealed struct {
	IV         Octets `json:"iv"`
	Ciphertext Octets `json:"ciphertext"` // with its tag at the end
}

// Slot is the content key, encrypted by something that the owner knows or has.
type Slot struct {
	KDF        string `json:"kdf"`              // "PBKDF2-SHA-256" or "WebAuthn-PRF-HKDF-SHA-256"
	Rounds     int    `json:"rounds,omitempty"` // of PBKDF2
	Salt       Octets `json:"salt"`
	Credential Octets `json:"credential,omitempty"` // the passkey's id
	Key        Sealed `json:"key"`
}

// Octets are bytes that JSON has in base64url without padding.
type Octets []byte

// MarshalText implements [encoding.TextMarshaler].
func (o Octets) MarshalText() ([]byte, error) {
	return base64.RawURLEncoding.AppendEncode(nil, o), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (o *Octets) UnmarshalText(text []byte) (err error) {
	*o, err = base64.RawURLEncoding.Strict().DecodeString(string(text))
	return err
}

// ParseEncrypted reads the member out of a support document. The error wraps [ErrUnknown] for what a later version may have written.
func ParseEncrypted(document []byte) (*Encrypted, error) {
	members, err := browserid.StrictObject(document)
	if err != nil {
		return nil, fmt.Errorf("parse encrypted key: %w", err)
	}
	var encrypted Encrypted
	if err := json.Unmarshal(members[encryptedMember], &encrypted); err != nil {
		return nil, fmt.Errorf("parse encrypted key: %w", err)
	}
	if err := encrypted.check(); err != nil {
		return nil, fmt.Errorf("parse encrypted key: %w", err)
	}
	return &encrypted, nil
}

func (e *Encrypted) check() error {
	switch {
	case e.Version != formatVersion:
		return fmt.Errorf("version %d is %w", e.Version, ErrUnknown)
	case e.Cipher != formatCipher:
		return fmt.Errorf("cipher %q is %w", e.Cipher, ErrUnknown)
	case !isAlgorithm(e.Algorithm):
		return fmt.Errorf("algorithm %q is %w", e.Algorithm, ErrUnknown)
	case !e.Key.has(32, maxSealedBytes):
		return errors.New("the key is damaged")
	case !e.Rights.has(16, maxSealedBytes):
		return errors.New("the rights are damaged")
	}
	return e.checkSlots()
}

func (s Sealed) has(least, most int) bool {
	return len(s.IV) == ivBytes && len(s.Ciphertext) >= least && len(s.Ciphertext) <= most
}

// checkSlots wants one passphrase, so that a document cannot ask for the rounds of eight.
func (e *Encrypted) checkSlots() error {
	passphrases := 0
	for _, slot := range e.Slots {
		if err := slot.check(); err != nil {
			return err
		}
		if slot.KDF == kdfPassphrase {
			passphrases++
		}
	}
	if passphrases != 1 || len(e.Slots) > maxSlots {
		return errors.New("it has not exactly one passphrase, or too many slots")
	}
	return nil
}

func (s Slot) check() error {
	if len(s.Salt) < 16 || len(s.Salt) > 64 || !s.Key.has(wrappedKeyBytes, wrappedKeyBytes) {
		return errors.New("a slot is damaged")
	}
	switch s.KDF {
	case kdfPassphrase:
		if s.Rounds < MinRounds || s.Rounds > MaxRounds {
			return fmt.Errorf("%d rounds are not between %d and %d", s.Rounds, MinRounds, MaxRounds)
		}
		if s.Credential != nil {
			return errors.New("a passphrase's slot is damaged")
		}
	case kdfPasskey:
		if len(s.Credential) == 0 || len(s.Credential) > 1024 || s.Rounds != 0 {
			return errors.New("a passkey's slot is damaged")
		}
	default:
		return fmt.Errorf("a slot of kind %q is %w", s.KDF, ErrUnknown)
	}
	return nil
}
