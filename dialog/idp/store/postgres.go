package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// postgresConnections bounds the connections of one replica.
const postgresConnections = 20

// connectTimeout is for a server that accepts connections and says nothing: the
// pool opens those that many wait for one after the other.
const connectTimeout = 5 * time.Second

var postgresDialect = dialect{
	name:      "postgres",
	update:    &sql.TxOptions{Isolation: sql.LevelSerializable},
	view:      &sql.TxOptions{Isolation: sql.LevelSerializable, ReadOnly: true},
	numbered:  true,
	again:     isPostgresConflict,
	claimTail: "FOR UPDATE SKIP LOCKED",
}

// isPostgresConflict reports whether Postgres undid a transaction for another's
// sake: serialization_failure, deadlock_detected.
func isPostgresConflict(err error) bool {
	failure, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (failure.Code == "40001" || failure.Code == "40P01")
}

// postgresSettings hold for each connection. Small tables are read by index
// too: a scan of the whole table would be in the way of all who write to it.
var postgresSettings = map[string]string{
	"application_name":                    "navid",
	"synchronous_commit":                  "on",
	"enable_seqscan":                      "off",
	"idle_in_transaction_session_timeout": "30s",
	"timezone":                            "UTC",
}

func (s *Store) openPostgres(ctx context.Context, url string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return err
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	for name, value := range postgresSettings {
		config.RuntimeParams[name] = value
	}
	s.dialect = postgresDialect
	s.write = stdlib.OpenDB(*config)
	s.write.SetMaxOpenConns(postgresConnections)
	s.write.SetMaxIdleConns(postgresConnections)
	s.read = s.write
	return s.migratePostgres(ctx)
}

// migratePostgres lets one replica migrate at a time.
func (s *Store) migratePostgres(ctx context.Context) (err error) {
	schema, err := newSchema(goose.DialectPostgres, s.write, s.schemas)
	if err != nil {
		return err
	}
	connection, err := s.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, connection.Close()) }()
	const lock = "hashtext('navid ' || current_schema())"
	if _, err := connection.ExecContext(ctx, "SELECT pg_advisory_lock("+lock+")"); err != nil {
		return err
	}
	defer func() {
		_, unlockErr := connection.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock("+lock+")")
		err = errors.Join(err, unlockErr)
	}()
	_, behind, err := schema.pending(ctx)
	if err != nil || !behind {
		return err
	}
	return schema.up(ctx)
}
