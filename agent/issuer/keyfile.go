package issuer

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/go-jose/go-jose/v4"
)

// onUnix: elsewhere files have no mode bits, and directories cannot be synced.
const onUnix = runtime.GOOS != "windows"

const (
	keyFileVersion  = 1
	keyFileMode     = 0o600
	maxKeyFileBytes = 64 << 10
)

// ErrReadableByOthers is wrapped by [LoadKey] for a file that others than its owner may read or write.
var ErrReadableByOthers = errors.New("key file is open to others: chmod 600 it, and change the key if it was so for long")

// keyFile is what a key file holds.
type keyFile struct {
	Version int             `json:"version"`
	Key     jose.JSONWebKey `json:"key"`
}

// LoadKey reads a key file. It refuses one that is open to others.
func LoadKey(path string) (*Key, error) {
	data, err := readPrivate(path)
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

// readPrivate checks the file that it has opened, not the name, which may lead elsewhere a moment later.
func readPrivate(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if onUnix && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s (mode %o): %w", path, info.Mode().Perm(), ErrReadableByOthers)
	}
	return io.ReadAll(io.LimitReader(file, maxKeyFileBytes))
}

// WriteFile writes the key to a new file that only its owner may read, whole or not at all. An existing file is never replaced:
// the error is then [fs.ErrExist].
func (k *Key) WriteFile(path string) error {
	data, err := json.MarshalIndent(keyFile{Version: keyFileVersion, Key: k.private}, "", "  ")
	if err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	if err := createWhole(path, append(data, '\n')); err != nil {
		return fmt.Errorf("write key: %w", err)
	}
	return nil
}

// createWhole writes beside path and then links it there: a link, unlike a rename, does not replace.
func createWhole(path string, data []byte) error {
	draft, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // with mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	if err := writeAndSync(draft, data); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), path); err != nil {
		return err
	}
	return syncDirectory(filepath.Dir(path))
}

func writeAndSync(file *os.File, data []byte) error {
	_, writeErr := file.Write(data)
	modeErr := file.Chmod(fs.FileMode(keyFileMode))
	syncErr := file.Sync()
	return errors.Join(writeErr, modeErr, syncErr, file.Close())
}

// syncDirectory makes the new name survive a power loss.
func syncDirectory(path string) error {
	if !onUnix {
		return nil
	}
	directory, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(directory.Sync(), directory.Close())
}
