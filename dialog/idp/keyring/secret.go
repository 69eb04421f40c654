package keyring

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// secretBytes is the length of a host secret.
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
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return nil, fmt.Errorf("host secret: %w", err)
	}
	if err := checkFolder(folder); err != nil {
		return nil, fmt.Errorf("host secret: %w", err)
	}
	path := filepath.Join(folder, SecretFile)
	secret, err := readSecret(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return secret, err
	}
	if err := makeSecret(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("host secret: %w", err)
	}
	return readSecret(path)
}

func makeSecret(path string) error {
	secret := make([]byte, secretBytes)
	_, _ = rand.Read(secret) // it never fails
	return createWhole(path, []byte(base64.RawURLEncoding.EncodeToString(secret)+"\n"))
}

func readSecret(path string) ([]byte, error) {
	text, err := readPrivate(path)
	if err != nil {
		return nil, fmt.Errorf("host secret: %w", err)
	}
	secret, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) != secretBytes {
		return nil, fmt.Errorf("host secret: %s does not hold %d bytes in base64url", path, secretBytes)
	}
	return secret, nil
}
