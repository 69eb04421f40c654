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
}

// transaction implements idp.Tx.
type transaction struct{ reader }

func (r *reader) query(query string, fields []any) (*sql.Rows, error) {
	values, err := arguments(fields)
	if err != nil {
		return nil, err
	}
	return r.db.QueryContext(r.ctx, r.dialect.rebind(query), values...)
}

// exec returns how many rows were changed.
func (r *reader) exec(query string, fields ...any) (int64, error) {
	values, err := arguments(fields)
	if err != nil {
		return 0, err
	}
	result, err := r.db.ExecContext(r.ctx, r.dialect.rebind(query), values...)
	if err != nil {
		return 0, err
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
func (t table[T]) all(r *reader, tail string, args ...any) (records []T, err error) {
	rows, err := r.query("SELECT "+strings.Join(t.columns, ", ")+" FROM "+t.name+" "+tail, args)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var record T
		if err := rows.Scan(t.fields(&record)...); err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, rows.Err()
}

// one reads the record that the tail of a query picks.
func (t table[T]) one(r *reader, tail string, args ...any) (T, error) {
	records, err := t.all(r, tail, args...)
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
