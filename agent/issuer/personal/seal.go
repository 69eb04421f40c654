package personal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/navid-login/navid/agent/browserid"
)

// ErrPassphrase is returned by [Open] for a wrong passphrase.
var ErrPassphrase = errors.New("that is not the passphrase")

// A purpose is authenticated with each ciphertext, so that none can be taken for another.
const purposes = "navid personal 1: "

// seal encrypts a key and its rights under a content key that a passphrase opens.
func seal(key *signingKey, rights Rights, passphrase string, rounds int) (*Encrypted, error) {
	contentKey := random(32)
	defer clear(contentKey)
	private, err := key.marshal()
	if err != nil {
		return nil, err
	}
	defer clear(private)
	list, err := json.Marshal(rights)
	if err != nil {
		return nil, err
	}
	slot := Slot{KDF: kdfPassphrase, Rounds: rounds, Salt: random(16)}
	wrappingKey, err := slot.wrappingKey(passphrase)
	if err != nil {
		return nil, err
	}
	slot.Key = encrypt(wrappingKey, "slot", contentKey)
	encrypted := &Encrypted{
		Version: formatVersion, Cipher: formatCipher, Algorithm: key.algorithm,
		Key: encrypt(contentKey, "key", private), Rights: encrypt(contentKey, "rights", list), Slots: []Slot{slot},
	}
	return encrypted, encrypted.check()
}

// Opened is what a passphrase opens.
type Opened struct {
	PublicKey browserid.PublicKey
	Rights    Rights
}

// Open opens the key in a support document, as the pages do, and makes sure that the document publishes its public half first. The
// error is [ErrPassphrase], or says what is wrong with the document.
func Open(document []byte, passphrase string) (*Opened, error) {
	encrypted, err := ParseEncrypted(document)
	if err != nil {
		return nil, err
	}
	support, err := browserid.ParseSupportDocument(document)
	if err != nil {
		return nil, err
	}
	key, rights, err := encrypted.open(passphrase)
	if err != nil {
		return nil, err
	}
	public, err := key.publicKey()
	if err != nil {
		return nil, err
	}
	if len(support.PublicKeys) == 0 || !support.PublicKeys[0].Equal(public) {
		return nil, errors.New("the document's public key is not that of its private key")
	}
	return &Opened{public, rights}, nil
}

func (e *Encrypted) open(passphrase string) (*signingKey, Rights, error) {
	contentKey, err := e.contentKey(passphrase)
	if err != nil {
		return nil, Rights{}, err
	}
	defer clear(contentKey)
	private, err := decrypt(contentKey, "key", e.Key)
	if err != nil {
		return nil, Rights{}, fmt.Errorf("decrypt key: %w", err)
	}
	defer clear(private)
	key, err := parseSigningKey(e.Algorithm, private)
	if err != nil {
		return nil, Rights{}, fmt.Errorf("parse key: %w", err)
	}
	list, err := decrypt(contentKey, "rights", e.Rights)
	if err != nil {
		return nil, Rights{}, fmt.Errorf("decrypt rights: %w", err)
	}
	var rights Rights
	if err := json.Unmarshal(list, &rights); err != nil {
		return nil, Rights{}, fmt.Errorf("parse rights: %w", err)
	}
	return key, rights, rights.check()
}

func (e *Encrypted) contentKey(passphrase string) ([]byte, error) {
	for _, slot := range e.Slots {
		if slot.KDF != kdfPassphrase {
			continue
		}
		wrappingKey, err := slot.wrappingKey(passphrase)
		if err != nil {
			return nil, err
		}
		contentKey, err := decrypt(wrappingKey, "slot", slot.Key)
		if err != nil {
			return nil, ErrPassphrase // AES-GCM says no more than that it does not fit
		}
		return contentKey, nil
	}
	return nil, ErrPassphrase
}

func (s Slot) wrappingKey(passphrase string) ([]byte, error) {
	return pbkdf2.Key(sha256.New, normalized(passphrase), s.Salt, s.Rounds, 32)
}

func encrypt(key []byte, purpose string, plaintext []byte) Sealed {
	iv := random(ivBytes)
	return Sealed{iv, gcm(key).Seal(nil, iv, plaintext, []byte(purposes+purpose))}
}

func decrypt(key []byte, purpose string, sealed Sealed) ([]byte, error) {
	return gcm(key).Open(nil, sealed.IV, sealed.Ciphertext, []byte(purposes+purpose))
}

func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the key's length is ours
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // of no block cipher but AES
	}
	return aead
}

func random(length int) []byte {
	data := make([]byte, length)
	_, _ = rand.Read(data) // never fails
	return data
}
