package totp

import (
	"crypto/aes"
	"crypto/cipher"
)

// vault encrypts the secrets of the users file, each for the entry that it is in: moved to another address it cannot be read.
type vault struct{ sealed cipher.AEAD }

func newVault(key []byte) (vault, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return vault{}, err
	}
	sealed, err := cipher.NewGCMWithRandomNonce(block)
	return vault{sealed}, err
}

func (v vault) seal(user User, secret string) []byte {
	return v.sealed.Seal(nil, nil, []byte(secret), user.place())
}

func (v vault) open(user User) (secret string, err error) {
	plain, err := v.sealed.Open(nil, nil, user.Secret, user.place())
	return string(plain), err
}

// place is what an encrypted secret belongs to.
func (u User) place() []byte { return []byte(u.ID + " " + string(u.Address)) }
