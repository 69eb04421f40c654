package issuer

import (
	"encoding/json"
	"fmt"

	"github.com/go-jose/go-jose/v4"

	"github.com/navid-login/navid/agent/issuer/internal/private"
)

const (
	keyFileVersion  = 1
	maxKeyFileBytes = 64 << 10
)

// ErrReadableByOthers is wrapped by [LoadKey] for a file that others than its owner may read or write.
var ErrReadableByOthers = private.ErrReadableByOthers

// keyFile is what a key file holds.
type keyFile struct {
	Version int             `json:"version"`
	Key     jose.JSONWebKey `json:"key"`
}

// LoadKey reads a key file. It refuses one that is open to others.
func LoadKey(path string) (*Key, error) {
	data, err := private.Read(path, maxKeyFileBytes)
	if err != nil {
		return nil, fmt.Errorf("load key: %w", err)
	}
	key, err := parseKeyFile(data)
	if err != nil {
		return nil, fmt.Errorf("load key: %s: %w", path, err)
	}
	return key, nil
}

func parseKeyFile(data []byte) (*Key, error) {
	var file keyFile
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	if file.Version != keyFileVersion {
		return nil, fmt.Errorf("version %d is not known", file.Version)
	}
	return newKey(file.Key)
}

// WriteFile writes the key to a new file that only its owner may read, whole or not at all. An existing file is never replaced:
// the error is then [fs.ErrExist].
func (k *Key) WriteFile(path string) error {
	data, err := json.MarshalIndent(keyFile{Version: keyFileVersion, Key: k.private}, "", "  ")
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	if err := private.Create(path, append(data, '\n')); err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	return nil
}
