package idp

import (
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
)

// The cost of a password check. It is low, since the passwords of this provider are printed by the demo.
const (
	passwordRounds = 10_000
	passwordBytes  = 32
	saltBytes      = 16
)

// accounts are the users by the local part of their address.
type accounts map[string]account

type account struct {
	salt, hash []byte
}

func newAccounts(passwords map[string]string) (accounts, error) {
	all := accounts{}
	for local, password := range passwords {
		salt := make([]byte, saltBytes)
		_, _ = rand.Read(salt) // never fails
		hash, err := hashPassword(password, salt)
		if err != nil {
			return nil, err
		}
		all[local] = account{salt: salt, hash: hash}
	}
	return all, nil
}

// check tells whether a password is that of an account. It takes as long for accounts that do not exist.
func (a accounts) check(local, password string) (bool, error) {
	known, exists := a[local]
	if !exists {
		known = account{salt: make([]byte, saltBytes), hash: make([]byte, passwordBytes)}
	}
	hash, err := hashPassword(password, known.salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(hash, known.hash) == 1 && exists, nil
}

func hashPassword(password string, salt []byte) ([]byte, error) {
	hash, err := pbkdf2.Key(sha256.New, password, salt, passwordRounds, passwordBytes)
	if err != nil {
		return nil, fmt.Errorf("hash password: %w", err)
	}
	return hash, nil
}
