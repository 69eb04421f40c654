package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"github.com/navid-login/navid/dialog/idp"
)

// querier is a transaction, or a pool for a statement that is one.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// reader implements idp.Reader; it lives as long as its transaction, and so
// may keep the context.
type reader struct {
	ctx     context.Context
	db      querier
	dialect *dialect
	failed  error // what the first failed statement said
}

// fail makes the transaction one that cannot be committed any more. SQLite ends
// it by itself when the disk is full, and would run what comes next without any.
func (r *reader) fail(err error) error {
	if r.failed == nil {
		r.failed = err
	}
	return err
}

// transaction implements idp.Tx.
type transaction struct{ reader }

// query hands each row to scan.
func (r *reader) query(scan func(*sql.Rows) error, query string, fields ...any) error {
	if r.failed != nil {
		return r.failed
	}
	values, err := arguments(fields)
	if err != nil {
		return r.fail(err)
	}
	rows, err := r.db.QueryContext(r.ctx, r.dialect.rebind(query), values...)
	if err != nil {
		return r.fail(err)
	}
	for err == nil && rows.Next() {
		err = scan(rows)
	}
	if err = errors.Join(err, rows.Err(), rows.Close()); err != nil {
		return r.fail(err)
	}
	return nil
}

// exec returns how many rows were changed.
func (r *reader) exec(query string, fields ...any) (int64, error) {
	if r.failed != nil {
		return 0, r.failed
	}
	values, err := arguments(fields)
	if err != nil {
		return 0, r.fail(err)
	}
	result, err := r.db.ExecContext(r.ctx, r.dialect.rebind(query), values...)
	if err != nil {
		return 0, r.fail(err)
	}
	return result.RowsAffected()
}

// do is exec for those who need no number.
func (r *reader) do(query string, fields ...any) error {
	_, err := r.exec(query, fields...)
	return err
}

// rebind writes the parameters of a query as the database wants them.
func (d *dialect) rebind(query string) string {
	if !d.numbered {
		return query
	}
	var bound strings.Builder
	for i, part := range strings.Split(query, "?") {
		if i > 0 {
			bound.WriteString("$" + strconv.Itoa(i))
		}
		bound.WriteString(part)
	}
	return bound.String()
}

// table says how records of a type are kept: its columns, of which the first
// is the key, and the fields that go with them.
type table[T any] struct {
	name    string
	columns []string
	fields  func(*T) []any
}

// all reads the records that the tail of a query picks.
func (t table[T]) all(r *reader, tail string, args ...any) ([]T, error) {
	return t.collect(r, "SELECT "+strings.Join(t.columns, ", ")+" FROM "+t.name+" "+tail, args...)
}

func (t table[T]) collect(r *reader, query string, args ...any) (records []T, err error) {
	err = r.query(func(rows *sql.Rows) error {
		var record T
		err := rows.Scan(t.fields(&record)...)
		records = append(records, record)
		return err
	}, query, args...)
	return records, err
}

// one reads the record that the tail of a query picks.
func (t table[T]) one(r *reader, tail string, args ...any) (T, error) {
	return first(t.all(r, tail, args...))
}

// change changes one record, and reads it then.
func (t table[T]) change(r *reader, statement string, args ...any) (T, error) {
	return first(t.collect(r, statement+" RETURNING "+strings.Join(t.columns, ", "), args...))
}

func first[T any](records []T, err error) (T, error) {
	if err == nil && len(records) == 0 {
		err = idp.ErrNotFound
	}
	if err != nil {
		var none T
		return none, err
	}
	return records[0], nil
}

// put writes a whole record.
func (t table[T]) put(r *reader, record T) error {
	changes := make([]string, len(t.columns)-1)
	for i, column := range t.columns[1:] {
		changes[i] = column + " = excluded." + column
	}
	return r.do("INSERT INTO "+t.name+" ("+strings.Join(t.columns, ", ")+") VALUES ("+places(len(t.columns))+
		") ON CONFLICT ("+t.columns[0]+") DO UPDATE SET "+strings.Join(changes, ", "), t.fields(&record)...)
}

// places are n parameters.
func places(n int) string {
	return strings.TrimSuffix(strings.Repeat("?, ", n), ", ")
}
