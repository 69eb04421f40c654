package store_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A statement that is read from is not the one that another reads from.
func TestStatementsAreOfOneReaderEach(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteFile(t))
	tx, err := s.Writer().BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, tx.Rollback()) }()
	const query = "WITH RECURSIVE n (i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n"
	for range 3 { // the first time they are prepared
		outer, err := tx.QueryContext(t.Context(), query, 1, 3)
		require.NoError(t, err)
		for i := 1; outer.Next(); i++ {
			var got, inner int
			require.NoError(t, outer.Scan(&got))
			assert.Equal(t, i, got)
			require.NoError(t, tx.QueryRowContext(t.Context(), query, 7, 9).Scan(&inner))
			assert.Equal(t, 7, inner)
		}
		require.NoError(t, outer.Err())
		require.NoError(t, outer.Close())
	}
}

// A statement that has failed, or was broken off, leaves a connection that works.
func TestStatementsAfterAFailure(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteFile(t))
	insert := func(ctx context.Context) error {
		_, err := s.Writer().ExecContext(ctx, "INSERT INTO acme VALUES ('same', x'00')")
		return err
	}
	require.NoError(t, insert(t.Context()))
	for range 3 {
		require.ErrorContains(t, insert(t.Context()), "UNIQUE")
	}
	_, err := s.Writer().ExecContext(t.Context(), "DELETE FROM acme")
	require.NoError(t, err)
	ended, end := context.WithCancel(t.Context())
	end()
	require.ErrorIs(t, insert(ended), context.Canceled)
	require.NoError(t, insert(t.Context()))
}

// Another process changes the schema under prepared statements.
func TestStatementsAfterAChangeOfTheSchema(t *testing.T) {
	t.Parallel()
	path := sqliteFile(t)
	s, other := open(t, path), open(t, path)
	count := func() (columns int) {
		rows, err := s.Writer().QueryContext(t.Context(), "SELECT * FROM acme")
		require.NoError(t, err)
		names, err := rows.Columns()
		require.NoError(t, err)
		require.NoError(t, rows.Close())
		return len(names)
	}
	require.Equal(t, 2, count())
	_, err := other.Writer().ExecContext(t.Context(), "CREATE INDEX more ON acme (data); DROP INDEX more")
	require.NoError(t, err)
	require.Equal(t, 2, count())
}

// Readers at the same time have connections, and statements, of their own.
func TestStatementsOfManyReaders(t *testing.T) {
	t.Parallel()
	s := open(t, sqliteFile(t))
	person(t, s, "a")
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for range 50 {
				assert.NoError(t, s.Ping(t.Context()))
				assert.True(t, leftOf(t, s, "a").Issuance)
			}
		})
	}
	readers.Wait()
}
