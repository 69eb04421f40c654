package store

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/navid-login/navid/dialog/idp"
)

// SweepBatch is how many rows of a table one call of Sweep removes, or looks at, at most.
const SweepBatch = 500

// IssuanceLife is how long a line of the issuance log is kept.
const IssuanceLife = 365 * 24 * time.Hour

// expiring are the tables of what expires, with their keys, and when.
var expiring = []struct {
	table, key, expires string
	after               time.Duration
}{
	{"challenges", "id", "expires", 0},
	{"sessions", "token_hash", "expires", 0},
	{"ceremonies", "id", "expires", 0},
	{"mails", "id", "expires", 0},
	{"counters", "name", "ends", 0},
	{"familiars", "familiar", "until", 0},
	{"replays", "assertion", "expires", 0},
	{"issuances", "hash", "at", IssuanceLife},
}

// Sweep implements idp.Store, table by table, so that no lock is held for long.
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	var errs []error
	for _, sweep := range expiring {
		errs = append(errs, s.Update(ctx, func(tx idp.Tx) error {
			return tx.(*transaction).do("DELETE FROM "+sweep.table+" WHERE "+sweep.key+" IN (SELECT "+sweep.key+
				" FROM "+sweep.table+" WHERE "+sweep.expires+" < ? ORDER BY "+sweep.expires+" LIMIT ?)",
				now.Add(-sweep.after), SweepBatch)
		}))
	}
	return errors.Join(append(errs, s.sweeper.deserted(ctx, s), s.forgetSightings(ctx))...)
}

// sweeper goes round the accounts, a batch at a time: to look for the deserted
// ones among a million would cost more than they do.
type sweeper struct {
	mutex sync.Mutex
	after string
}

const isDeserted = `NOT EXISTS (SELECT 1 FROM addresses WHERE addresses.account = accounts.id)
	AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.account = accounts.id)`

// deserted removes accounts that have neither addresses nor sessions any more.
func (w *sweeper) deserted(ctx context.Context, s *Store) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	next := ""
	err := s.Update(ctx, func(tx idp.Tx) error {
		batch, err := tx.Accounts(w.after, SweepBatch)
		if err != nil || len(batch) == 0 {
			next = ""
			return err
		}
		last := batch[len(batch)-1].ID
		if next = last; len(batch) < SweepBatch {
			next = ""
		}
		return tx.(*transaction).deleteDeserted(w.after, last)
	})
	if err == nil {
		w.after = next
	}
	return err
}

func (t *transaction) deleteDeserted(after, last string) error {
	found, err := accounts.all(&t.reader, "WHERE id > ? AND id <= ? AND "+isDeserted, after, last)
	for _, account := range found {
		err = errors.Join(err, t.DeleteAccount(account.ID))
	}
	return err
}
