package keyring

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer"
	"github.com/navid-login/navid/agent/issuer/internal/private"
)

// signer is a key of package issuer, or nothing.
type signer = *issuer.Key

const (
	fileVersion  = 1
	maxFileBytes = 64 << 10
)

// keyTimes is what a key file holds beside what [issuer.LoadKey] reads.
type keyTimes struct {
	Created   time.Time `json:"created"`
	SignsFrom time.Time `json:"signsFrom"`
}

// tombstone is what a NUMBER.revoked holds. It outlives the key file, so that
// one which comes back from somewhere stays revoked, and the keys before it
// stay without a right to sign.
type tombstone struct {
	Version    int       `json:"version"`
	Revoked    time.Time `json:"revoked"`
	Created    time.Time `json:"created"`
	SignsFrom  time.Time `json:"signsFrom"`
	Algorithm  string    `json:"algorithm"`
	Thumbprint string    `json:"thumbprint"`
}

func keyPath(folder string, number int) string {
	return filepath.Join(folder, fmt.Sprintf("%04d.json", number))
}

func tombstonePath(folder string, number int) string {
	return filepath.Join(folder, fmt.Sprintf("%04d.revoked", number))
}

// read reads the folder, in order of the numbers. Keys that are known already
// are read only if their files have changed; those that cannot be read are kept
// as they were known, and the error names them.
func read(folder string, known []Key) ([]Key, error) {
	if err := private.CheckFolder(folder); err != nil {
		return known, err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return known, err
	}
	found := map[int]Key{}
	var errs []error
	for _, entry := range entries {
		number, suffix, ours := numberOf(entry.Name())
		if !ours {
			continue
		}
		if suffix == ".json" && !found[number].Revoked.IsZero() {
			continue
		}
		key, err := readOne(folder, number, suffix, known)
		if err != nil {
			errs = append(errs, err)
		}
		if key.Number != 0 {
			found[number] = key
		}
	}
	keys, err := inOrder(found)
	return keys, errors.Join(append(errs, err)...)
}

// readOne reads a key or a tombstone. A tombstone that cannot be read revokes all
// the same.
func readOne(folder string, number int, suffix string, known []Key) (Key, error) {
	i := slices.IndexFunc(known, func(key Key) bool { return key.Number == number })
	if suffix == ".revoked" {
		return readTombstone(tombstonePath(folder, number), number)
	}
	var before Key
	if i >= 0 {
		before = known[i]
	}
	key, err := readKey(keyPath(folder, number), number, before)
	if errors.Is(err, fs.ErrNotExist) { // gone since the folder was listed
		return Key{}, nil
	}
	if err != nil && before.Revoked.IsZero() {
		return before, err
	}
	return key, err
}

func readKey(path string, number int, before Key) (Key, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Key{}, err
	}
	if before.signer != nil && before.stamp == private.StampOf(info) {
		return before, nil
	}
	signer, err := issuer.LoadKey(path)
	if err != nil {
		return Key{}, err
	}
	data, err := private.Read(path, maxFileBytes)
	if err != nil {
		return Key{}, err
	}
	var times keyTimes
	if err := json.Unmarshal(data, &times); err != nil {
		return Key{}, fmt.Errorf("%s: %w", path, err)
	}
	if times.SignsFrom.IsZero() {
		return Key{}, fmt.Errorf("%s: does not say when it begins to sign: `navid keys rotate` makes one that does", path)
	}
	return Key{
		Number: number, Algorithm: string(signer.PublicKey().Algorithm()), Thumbprint: thumbprint(signer.PublicKey()),
		Created: times.Created, SignsFrom: times.SignsFrom, signer: signer, stamp: private.StampOf(info),
	}, nil
}

func readTombstone(path string, number int) (Key, error) {
	revoked := Key{Number: number, Revoked: time.Unix(1, 0)}
	data, err := private.Read(path, maxFileBytes)
	if err != nil {
		return revoked, err
	}
	var file tombstone
	if err := json.Unmarshal(data, &file); err != nil {
		return revoked, fmt.Errorf("%s: %w", path, err)
	}
	if file.Revoked.IsZero() {
		return revoked, fmt.Errorf("%s: does not say when", path)
	}
	return Key{
		Number: number, Algorithm: file.Algorithm, Thumbprint: file.Thumbprint,
		Created: file.Created, SignsFrom: file.SignsFrom, Revoked: file.Revoked,
	}, nil
}

// numberOf takes a file's name apart. Other files are none of ours.
func numberOf(name string) (number int, suffix string, ours bool) {
	suffix = filepath.Ext(name)
	if suffix != ".json" && suffix != ".revoked" {
		return 0, "", false
	}
	number, err := strconv.Atoi(strings.TrimSuffix(name, suffix))
	return number, suffix, err == nil && number > 0
}

// inOrder sorts the keys. One that was revoked does not come back under another
// number.
func inOrder(found map[int]Key) ([]Key, error) {
	revoked := map[string]bool{}
	for _, key := range found {
		if !key.Revoked.IsZero() {
			revoked[key.Thumbprint] = true
		}
	}
	var keys []Key
	var errs []error
	for _, key := range slices.SortedFunc(maps.Values(found), func(a, b Key) int { return a.Number - b.Number }) {
		if key.Revoked.IsZero() && revoked[key.Thumbprint] {
			errs = append(errs, fmt.Errorf("key %d was revoked under another number: remove its file", key.Number))
			continue
		}
		keys = append(keys, key)
	}
	return keys, errors.Join(errs...)
}

func thumbprint(key browserid.PublicKey) string {
	digest := sha256.Sum256(key.JWK())
	return base64.RawURLEncoding.EncodeToString(digest[:])
}
