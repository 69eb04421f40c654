package store

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/navid-login/navid/dialog/idp"
)

// SweepBatch is how many rows of a table one transaction of Sweep removes, or looks at, at most.
const SweepBatch = 500

// SweepRounds is how many such transactions a call of Sweep has for a table that
// fills faster: each sign-in leaves half a dozen counters behind, and so may anybody
// who asks for codes, so that a batch a minute would be outrun.
const SweepRounds = 100

// IssuanceLife is how long a line of the issuance log is kept.
const IssuanceLife = 365 * 24 * time.Hour

// expiringTable is a table of what expires, with its key, and when.
type expiringTable struct {
	table, key, expires string
	after               time.Duration
}

var expiring = []expiringTable{
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
	for _, table := range expiring {
		removed, err := int64(SweepBatch), error(nil)
		for round := 0; round < SweepRounds && removed == SweepBatch && err == nil; round++ {
			removed, err = s.sweepBatch(ctx, table, now)
		}
		errs = append(errs, err)
	}
	return errors.Join(append(errs, s.sweeper.deserted(ctx, s), s.forgetSightings(ctx))...)
}

// sweepBatch returns how many rows it has removed.
func (s *Store) sweepBatch(ctx context.Context, from expiringTable, now time.Time) (removed int64, err error) {
	err = s.Update(ctx, func(tx idp.Tx) error {
		removed, err = tx.(*transaction).exec("DELETE FROM "+from.table+" WHERE "+from.key+" IN (SELECT "+from.key+
			" FROM "+from.table+" WHERE "+from.expires+" < ? ORDER BY "+from.expires+" LIMIT ?)",
			now.Add(-from.after), SweepBatch)
		return err
	})
	return removed, err
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
