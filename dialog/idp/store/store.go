package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/navid-login/navid/dialog/idp"
)

// Store is an idp.Store and an idp.MailQueue in a database.
type Store struct {
	write   *sql.DB
	read    *sql.DB
	dialect dialect
	patient time.Duration
	path    string // of SQLite's file
	schemas fs.FS  // the migrations
	log     *slog.Logger
	sweeper sweeper
}

var (
	_ idp.Store     = (*Store)(nil)
	_ idp.MailQueue = (*Store)(nil)
)

// dialect is what differs between the databases.
type dialect struct {
	name      string
	update    *sql.TxOptions
	view      *sql.TxOptions
	numbered  bool // parameters are $1, $2 and not ?
	again     func(error) bool
	claimTail string // locks the mail that is claimed
}

// Option changes how a store is opened.
type Option func(*Store)

// WithLog tells the store where to log; the default is nowhere.
func WithLog(log *slog.Logger) Option { return func(s *Store) { s.log = log } }

// WithPatience sets how long a transaction may take in all, with what it waits for
// others, and for a database that does not answer; the default is 15 s.
func WithPatience(patience time.Duration) Option { return func(s *Store) { s.patient = patience } }

const defaultPatience = 15 * time.Second

// Open opens the database at url, and makes or migrates it when needed: a path,
// also as sqlite:path, is SQLite's, postgres://… is Postgres.
func Open(ctx context.Context, url string, options ...Option) (*Store, error) {
	s := &Store{patient: defaultPatience, schemas: embedded(), log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	for _, option := range options {
		option(s)
	}
	var err error
	if isPostgres(url) {
		err = s.openPostgres(ctx, url)
	} else {
		err = s.openSQLite(ctx, sqlitePath(url))
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func isPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

// Close ends all connections. Transactions under way fail.
func (s *Store) Close() error {
	var errs []error
	for _, pool := range []*sql.DB{s.read, s.write} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// Ping implements idp.Store.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return s.read.QueryRowContext(ctx, "SELECT 1").Scan(&one)
}

// Update implements idp.Store.
func (s *Store) Update(ctx context.Context, change func(idp.Tx) error) error {
	return s.inTime(ctx, func(ctx context.Context) error { return s.change(ctx, change) })
}

// change is one try of [Store.Update].
func (s *Store) change(ctx context.Context, change func(idp.Tx) error) error {
	return inside(ctx, s.write, s.dialect.update, func(tx *sql.Tx) error {
		t := &transaction{reader{ctx: ctx, db: tx, dialect: &s.dialect}}
		if err := change(t); err != nil {
			return err
		}
		return t.failed // also when change made light of it
	})
}

// View implements idp.Store.
func (s *Store) View(ctx context.Context, read func(idp.Reader) error) error {
	return s.inTime(ctx, func(ctx context.Context) error {
		return inside(ctx, s.read, s.dialect.view, func(tx *sql.Tx) error {
			return read(&reader{ctx: ctx, db: tx, dialect: &s.dialect})
		})
	})
}

// beginner is a pool, or one connection.
type beginner interface {
	BeginTx(ctx context.Context, options *sql.TxOptions) (*sql.Tx, error)
}

// inside runs do in one transaction.
func inside(ctx context.Context, pool beginner, options *sql.TxOptions, do func(*sql.Tx) error) error {
	tx, err := pool.BeginTx(ctx, options)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing after a commit
	if err := do(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// How long to wait before a transaction is tried again: twice as long each
// time, and never quite as long as the others who wait.
const (
	firstPause   = time.Millisecond
	longestPause = 50 * time.Millisecond
)

// inTime tries for as long as a transaction may take. A database that accepts
// connections and answers nothing would hold whoever asks, and the connections
// with them, for ever.
func (s *Store) inTime(ctx context.Context, try func(context.Context) error) error {
	bounded, cancel := context.WithTimeout(ctx, s.patient)
	defer cancel()
	err := s.persist(bounded, func() error { return try(bounded) })
	if err != nil && ctx.Err() == nil && bounded.Err() != nil {
		return fmt.Errorf("the database was busy for %v, or silent: %w", s.patient, err)
	}
	return err
}

// persist tries again while the database says that others were in the way, until
// ctx ends.
func (s *Store) persist(ctx context.Context, try func() error) error {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		err := try()
		if err == nil || !s.dialect.again(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ctx.Err(), err)
		case <-time.After(pause/2 + rand.N(pause)):
		}
	}
}
