package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/navid-login/navid/agent/issuer/keyring"
	"github.com/navid-login/navid/dialog/idp"
)

// hostSecret reads the host secret, and says so where it had to be made.
func (h *host) hostSecret() ([]byte, error) {
	folder := h.data.secretsFolder()
	_, missing := os.Stat(filepath.Join(folder, keyring.SecretFile))
	secret, err := keyring.HostSecret(folder)
	if err == nil && errors.Is(missing, fs.ErrNotExist) {
		h.log.Info("made the host secret", "file", filepath.Join(folder, keyring.SecretFile))
	}
	return secret, err
}

// openKeys opens the signing keys, and says so where the first had to be made:
// loudly, where there must have been others.
func (h *host) openKeys(ctx context.Context) (*keyring.Keyring, error) {
	folder := h.data.keysFolder()
	before, _ := keyring.List(folder, time.Now())
	keys, err := keyring.Open(folder, time.Now())
	if err != nil || len(before) > 0 {
		return keys, err
	}
	h.log.Info("made the first signing key", "folder", folder)
	used, err := h.usedBefore(ctx)
	if used {
		h.log.Warn("made new keys in " + folder + ", although " + h.data.database + " has been used before: is -secrets right?")
	}
	return keys, err
}

// usedBefore tells whether the database has accounts.
func (h *host) usedBefore(ctx context.Context) (used bool, err error) {
	err = h.store.View(ctx, func(r idp.Reader) error {
		accounts, err := r.Accounts("", 1)
		used = len(accounts) > 0
		return err
	})
	return used, err
}
