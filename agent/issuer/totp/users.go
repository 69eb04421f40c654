package totp

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/navid-login/navid/agent/browserid"
	"github.com/navid-login/navid/agent/issuer/internal/private"
)

const (
	usersVersion  = 1
	maxUsersBytes = 16 << 20
	secretBytes   = 20 // as long as the output of HMAC-SHA-1 (RFC 4226)
)

// What a caller may branch on.
var (
	// ErrUserExists: the address has a secret already.
	ErrUserExists = errors.New("the address is in the file already: remove it first, which signs it out everywhere")
	// ErrNoSuchUser: the file has no such address.
	ErrNoSuchUser = errors.New("the file has no such address")
	// ErrReadableByOthers: others than its owner may read a file.
	ErrReadableByOthers = private.ErrReadableByOthers
)

// Users is the users file. It is safe for concurrent use, also by several processes.
type Users struct {
	path   string
	vault  vault
	nobody User // whose codes are compared where there is no user

	mu    sync.Mutex
	stamp private.Stamp
	known map[browserid.Email]User
}

// User is somebody who may sign in.
type User struct {
	Address browserid.Email `json:"address"`
	// ID tells this entry from an earlier one of the same address, whose sessions do not count.
	ID     string    `json:"id"`
	Added  time.Time `json:"added"`
	Secret []byte    `json:"secret"` // encrypted, see vault
}

type usersFile struct {
	Version int    `json:"version"`
	Users   []User `json:"users"`
}

// OpenUsers reads a users file, whose secrets are encrypted with a secret of the provider. No file is one without users.
func OpenUsers(path string, secret []byte) (*Users, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "navid totp users", sha256.Size)
	if err != nil {
		return nil, fmt.Errorf("open users: %w", err)
	}
	u := &Users{path: path}
	if u.vault, err = newVault(key); err != nil {
		return nil, fmt.Errorf("open users: %w", err)
	}
	u.nobody = User{ID: "nobody"}
	u.nobody.Secret = u.vault.seal(u.nobody, base32.StdEncoding.EncodeToString([]byte(rand.Text()[:secretBytes])))
	if err := u.refresh(); err != nil {
		return nil, fmt.Errorf("open users: %w", err)
	}
	for _, user := range u.known {
		if _, err := u.vault.open(user); err != nil {
			return nil, fmt.Errorf("open users: %s: the secret of %s cannot be decrypted: is the folder of keys that which it was added with?", path, user.Address)
		}
	}
	return u, nil
}

// refresh reads the file if it has changed.
func (u *Users) refresh() error {
	info, err := os.Stat(u.path)
	if errors.Is(err, fs.ErrNotExist) {
		u.stamp, u.known = private.Stamp{}, nil
		return nil
	}
	if err != nil {
		return err
	}
	if u.known != nil && u.stamp == private.StampOf(info) {
		return nil
	}
	known, err := readUsers(u.path)
	if err != nil {
		return err
	}
	u.stamp, u.known = private.StampOf(info), known
	return nil
}

func readUsers(path string) (map[browserid.Email]User, error) {
	data, err := private.Read(path, maxUsersBytes)
	if err != nil {
		return nil, err
	}
	var file usersFile
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if file.Version != usersVersion {
		return nil, fmt.Errorf("%s: version %d is not known", path, file.Version)
	}
	known := make(map[browserid.Email]User, len(file.Users))
	for _, user := range file.Users {
		if email, err := browserid.ParseEmail(string(user.Address)); err != nil || email != user.Address || user.ID == "" {
			return nil, fmt.Errorf("%s: %q is not an address", path, user.Address)
		}
		if _, twice := known[user.Address]; twice {
			return nil, fmt.Errorf("%s: %s is there twice", path, user.Address)
		}
		known[user.Address] = user
	}
	return known, nil
}

// find returns the user of an address and the secret of their app. Who is none has one too, which is as much work.
func (u *Users) find(email browserid.Email) (user User, secret string, found bool, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if err := u.refresh(); err != nil {
		return User{}, "", false, err
	}
	if user, found = u.known[email]; !found {
		user = u.nobody
	}
	secret, err = u.vault.open(user)
	return user, secret, found, err
}

// isCurrent tells whether an entry is still in the file.
func (u *Users) isCurrent(email browserid.Email, id string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.refresh() == nil && u.known[email].ID == id && id != ""
}

// List returns the users, by address.
func (u *Users) List() ([]User, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if err := u.refresh(); err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return sorted(u.known), nil
}

func sorted(known map[browserid.Email]User) []User {
	users := make([]User, 0, len(known))
	for _, user := range known {
		users = append(users, user)
	}
	slices.SortFunc(users, func(a, b User) int { return strings.Compare(string(a.Address), string(b.Address)) })
	return users
}

// Add makes a secret for an address and returns it as the otpauth: URI that apps read. This is the only time that it is seen. The error
// wraps [ErrUserExists] where the address has one.
func (u *Users) Add(email browserid.Email, now time.Time) (uri string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{
		Issuer: string(email.Domain()), AccountName: string(email), SecretSize: secretBytes,
		Period: uint(period / time.Second), Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
	if err != nil {
		return "", fmt.Errorf("add user: %w", err)
	}
	user := User{Address: email, ID: rand.Text(), Added: now.UTC().Truncate(time.Second)}
	user.Secret = u.vault.seal(user, key.Secret())
	err = u.change(func(known map[browserid.Email]User) error {
		if _, exists := known[email]; exists {
			return ErrUserExists
		}
		known[email] = user
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("add %s: %w", email, err)
	}
	return key.URL(), nil
}

// Remove removes an address, and so ends its sessions. The error wraps [ErrNoSuchUser] where it is not there.
func (u *Users) Remove(email browserid.Email) error {
	err := u.change(func(known map[browserid.Email]User) error {
		if _, exists := known[email]; !exists {
			return ErrNoSuchUser
		}
		delete(known, email)
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove %s: %w", email, err)
	}
	return nil
}

// change writes the file anew, while no other process does.
func (u *Users) change(do func(map[browserid.Email]User) error) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	unlock, err := lock(u.path + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	known, err := readUsers(u.path)
	if errors.Is(err, fs.ErrNotExist) {
		known, err = map[browserid.Email]User{}, nil
	}
	if err != nil {
		return err
	}
	if err := do(known); err != nil {
		return err
	}
	data, err := json.MarshalIndent(usersFile{Version: usersVersion, Users: sorted(known)}, "", "  ")
	if err != nil {
		return err
	}
	return private.Replace(u.path, append(data, '\n'))
}
