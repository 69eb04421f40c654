package store

import (
	"context"
	"database/sql"
	"time"
)

// Count implements idp.Store.
func (s *Store) Count(ctx context.Context, name string, window time.Duration, now time.Time) (count int, err error) {
	err = s.alone(ctx, func(r *reader) error {
		count, err = r.count(name, window, now)
		return err
	})
	return count, err
}

// Count implements idp.Tx.
func (t *transaction) Count(name string, window time.Duration, now time.Time) (int, error) {
	return t.count(name, window, now)
}

func (r *reader) count(name string, window time.Duration, now time.Time) (count int, err error) {
	err = r.query(func(rows *sql.Rows) error { return rows.Scan(&count) },
		`INSERT INTO counters (name, stands, ends) VALUES (?, 1, ?)
		ON CONFLICT (name) DO UPDATE SET
			stands = CASE WHEN counters.ends <= ? THEN 1 ELSE counters.stands + 1 END,
			ends = CASE WHEN counters.ends <= ? THEN excluded.ends ELSE counters.ends END
		RETURNING stands`, name, now.Add(window), now, now)
	return count, err
}

// alone runs one statement, which is a transaction of its own.
func (s *Store) alone(ctx context.Context, do func(*reader) error) error {
	return s.inTime(ctx, func(ctx context.Context) error {
		return do(&reader{ctx: ctx, db: s.write, dialect: &s.dialect})
	})
}
