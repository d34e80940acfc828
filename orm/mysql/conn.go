package mysql

import (
	"context"
	"database/sql/driver"
	"strings"
)

// driverConn is what a connection of the driver implements.
type driverConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// conn is a connection whose errors name the table of their statement, and whose statement is ended at the server when its
// context ends. The driver then only closes the connection, and the server would go on.
type conn struct {
	conn   driverConn
	id     int64 // of the connection, for KILL
	killer *killer
}

var _ driverConn = (*conn)(nil)

func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	result, err := c.conn.ExecContext(ctx, query, args)
	return result, locate(err, query)
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.conn.QueryContext(ctx, query, args)
	return locateRows(rows, err, query)
}

func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	prepared, err := c.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, locate(err, query)
	}
	return &stmt{stmt: prepared.(driverStmt), query: query}, nil
}

// Close closes the connection. One that is broken already was interrupted, by its context or by the network: its statement
// may still run at the server.
func (c *conn) Close() error {
	if c.id != 0 && !c.conn.IsValid() {
		c.killer.kill(c.id)
	}
	return c.conn.Close()
}

func (c *conn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c *conn) Begin() (driver.Tx, error) {
	return c.conn.BeginTx(context.Background(), driver.TxOptions{})
}

func (c *conn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.conn.BeginTx(ctx, o)
}

func (c *conn) CheckNamedValue(v *driver.NamedValue) error { return c.conn.CheckNamedValue(v) }
func (c *conn) Ping(ctx context.Context) error             { return c.conn.Ping(ctx) }
func (c *conn) ResetSession(ctx context.Context) error     { return c.conn.ResetSession(ctx) }
func (c *conn) IsValid() bool                              { return c.conn.IsValid() }

// driverStmt is what a prepared statement of the driver implements.
type driverStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
	driver.NamedValueChecker
}

// stmt is a prepared statement whose errors name its table.
type stmt struct {
	stmt  driverStmt
	query string
}

var _ driverStmt = (*stmt)(nil)

func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	result, err := s.stmt.ExecContext(ctx, args)
	return result, locate(err, s.query)
}

func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := s.stmt.QueryContext(ctx, args)
	return locateRows(rows, err, s.query)
}

func (s *stmt) CheckNamedValue(v *driver.NamedValue) error      { return s.stmt.CheckNamedValue(v) }
func (s *stmt) Exec(args []driver.Value) (driver.Result, error) { return s.stmt.Exec(args) }  //nolint:staticcheck // part of driver.Stmt
func (s *stmt) Query(args []driver.Value) (driver.Rows, error)  { return s.stmt.Query(args) } //nolint:staticcheck // part of driver.Stmt
func (s *stmt) NumInput() int                                   { return s.stmt.NumInput() }
func (s *stmt) Close() error                                    { return s.stmt.Close() }

// writtenRows are the rows of an INSERT … RETURNING, which MariaDB begins to send before it finds a broken constraint.
type writtenRows struct {
	driver.Rows
	query string
}

func (r *writtenRows) Next(values []driver.Value) error { return locate(r.Rows.Next(values), r.query) }

// locateRows adds the table that a statement writes to its errors. Rows of other statements stay as they are.
func locateRows(rows driver.Rows, err error, query string) (driver.Rows, error) {
	if err != nil {
		return nil, locate(err, query)
	}
	if len(query) >= 6 && strings.EqualFold(query[:6], "INSERT") {
		return &writtenRows{rows, query}, nil
	}
	return rows, nil
}
