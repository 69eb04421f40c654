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

// hostSecret reads the host secret, and says so where it had to be made: loudly,
// where there must have been another.
func (h *host) hostSecret(ctx context.Context) ([]byte, error) {
	file := filepath.Join(h.data.secretsFolder(), keyring.SecretFile)
	_, missing := os.Stat(file)
	secret, err := keyring.HostSecret(h.data.secretsFolder())
	if err != nil || !errors.Is(missing, fs.ErrNotExist) {
		return secret, err
	}
	h.log.Info("made the host secret", "file", file)
	return secret, h.doubt(ctx, "made a new host secret, "+file, lostSecret)
}

// lostSecret is what [idp.Secrets] and the certificates by ACME lose with it.
const lostSecret = "If the old one is elsewhere, as at another replica, end this host at once, put that file here and start again: hosts with different secrets refuse each other's codes. " +
	"If it is lost, codes under way and mails in the queue are void, so people ask for others; limits, and the lists of certificates on account pages, start anew; and certificates by ACME are got again. " +
	"Addresses, passkeys and sessions stay"

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
	return keys, h.doubt(ctx, "made new keys in "+folder, "If the old ones are elsewhere, put them here and start again. "+
		"If they are lost, verifiers find the new one within a moment, and nobody has to do anything")
}

// doubt warns of a secret that was made for a database which must have had one.
func (h *host) doubt(ctx context.Context, made, lost string) error {
	used, err := h.usedBefore(ctx)
	if used {
		h.log.Warn(made + ", although " + h.data.database + " has been used before: is -secrets right? " + lost)
	}
	return err
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
