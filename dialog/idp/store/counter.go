package store

import (
	"context"
	"time"
)

// Count implements idp.Store.
func (s *Store) Count(ctx context.Context, name string, window time.Duration, now time.Time) (count int, err error) {
	err = s.alone(ctx, func(r *reader) error {
		rows, err := r.query(`INSERT INTO counters (name, stands, ends) VALUES (?, 1, ?)
			ON CONFLICT (name) DO UPDATE SET
				stands = CASE WHEN counters.ends <= ? THEN 1 ELSE counters.stands + 1 END,
				ends = CASE WHEN counters.ends <= ? THEN excluded.ends ELSE counters.ends END
			RETURNING stands`, []any{name, now.Add(window), now, now})
		if err != nil {
			return err
		}
		defer rows.Close() //nolint:errcheck // Err says it
		for rows.Next() {
			if err := rows.Scan(&count); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	return count, err
}

// alone runs one statement, which is a transaction of its own.
func (s *Store) alone(ctx context.Context, do func(*reader) error) error {
	return s.persist(ctx, func() error { return do(&reader{ctx, s.write, &s.dialect}) })
}
