package postgrestest_test

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/navid-login/navid/dialog/idp/store/postgrestest"
)

func TestServerComesBackAfterACrash(t *testing.T) {
	t.Parallel()
	server := postgrestest.Start(t)
	db, err := sql.Open("pgx", server.Database(t))
	require.NoError(t, err)
	defer func() { assert.NoError(t, db.Close()) }()
	_, err = db.ExecContext(t.Context(), "CREATE TABLE kept (n BIGINT); INSERT INTO kept VALUES (7)")
	require.NoError(t, err)
	if server.Owned() {
		server.Kill()
		require.Error(t, db.PingContext(t.Context()))
		server.Restart(t)
	}
	var n int
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT n FROM kept").Scan(&n))
	assert.Equal(t, 7, n)
}
