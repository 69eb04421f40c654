package keyring

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/navid-login/navid/agent/issuer/internal/private"
)

// secretBytes is the length of a secret.
const secretBytes = 32

// SecretFile is the name of the host secret's file in the folder of secrets, and
// KeysFolder that of the keyring beside it.
const (
	SecretFile = "host.secret"
	KeysFolder = "keys"
)

// HostSecret reads the secret that codes, links and mails are protected with. It
// is made where there is none yet: all replicas must share it.
func HostSecret(folder string) ([]byte, error) {
	secret, err := Secret(folder, SecretFile)
	if err != nil {
		return nil, fmt.Errorf("host secret: %w", err)
	}
	return secret, nil
}

// Secret reads a secret of 32 bytes from a file of a folder. It is made where
// there is none yet, once, whoever asks for it first.
func Secret(folder, name string) ([]byte, error) {
	if err := private.MakeFolder(folder); err != nil {
		return nil, err
	}
	path := filepath.Join(folder, name)
	secret, err := readSecret(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return secret, err
	}
	if err := makeSecret(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return readSecret(path)
}

func makeSecret(path string) error {
	secret := make([]byte, secretBytes)
	_, _ = rand.Read(secret) // it never fails
	return private.Create(path, []byte(base64.RawURLEncoding.EncodeToString(secret)+"\n"))
}

func readSecret(path string) ([]byte, error) {
	text, err := private.Read(path, maxFileBytes)
	if err != nil {
		return nil, err
	}
	secret, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) != secretBytes {
		return nil, fmt.Errorf("%s does not hold %d bytes in base64url", path, secretBytes)
	}
	return secret, nil
}
