package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

// SQLite would read the text of each query anew, which is a third of its work for
// queries as small as ours. So each connection keeps the statements that it has
// prepared; the texts are few, since they are all in this package.

// connector makes connections that keep their statements.
type connector struct {
	url    string
	driver driver.Driver
}

var _ driver.Connector = connector{}

// newConnector opens nothing yet.
func newConnector(url string) (connector, error) {
	pool, err := sql.Open("sqlite", url)
	if err != nil {
		return connector{}, err
	}
	return connector{url, pool.Driver()}, pool.Close()
}

// Connect implements driver.Connector.
func (c connector) Connect(context.Context) (driver.Conn, error) {
	opened, err := c.driver.Open(c.url)
	if err != nil {
		return nil, err
	}
	return &connection{sqliteConn: opened.(sqliteConn), idle: map[string]statement{}}, nil
}

// Driver implements driver.Connector.
func (c connector) Driver() driver.Driver { return c.driver }

// sqliteConn is what the driver's connections can do, beside queries.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// statement is what the driver's statements can do.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// connection is used by one goroutine at a time, as all connections.
type connection struct {
	sqliteConn
	idle map[string]statement // by their text, those that are not in use
}

// maxStatements is more than there are.
const maxStatements = 200

// take returns a statement that nobody uses.
func (c *connection) take(ctx context.Context, query string) (statement, error) {
	if kept, ok := c.idle[query]; ok {
		delete(c.idle, query)
		return kept, nil
	}
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return prepared.(statement), nil
}

// keep takes a statement back. One that has failed is not used again.
func (c *connection) keep(query string, used statement, failure error) error {
	if _, there := c.idle[query]; there || failure != nil || len(c.idle) >= maxStatements {
		_ = used.Close() // the failure says more
		return failure
	}
	c.idle[query] = used
	return nil
}

// ExecContext implements driver.ExecerContext.
func (c *connection) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	taken, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := taken.ExecContext(ctx, args)
	return result, c.keep(query, taken, err)
}

// QueryContext implements driver.QueryerContext.
func (c *connection) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	taken, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	found, err := taken.QueryContext(ctx, args)
	if err != nil {
		return nil, c.keep(query, taken, err)
	}
	return &rows{found, c, query, taken}, nil
}

// rows give their statement back when they are closed.
type rows struct {
	driver.Rows
	connection *connection
	query      string
	statement  statement
}

// Close implements driver.Rows.
func (r *rows) Close() error {
	return r.connection.keep(r.query, r.statement, r.Rows.Close())
}

// Close implements driver.Conn.
func (c *connection) Close() error {
	for _, kept := range c.idle {
		_ = kept.Close() // the connection goes, too
	}
	return c.sqliteConn.Close()
}
