// Package stmtcache keeps prepared statements on the connections of drivers that do not do so themselves.
package stmtcache

import (
	"context"
	"database/sql/driver"
	"errors"
	"slices"
	"strings"
)

// DriverConn is what the connections of a driver implement.
type DriverConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// Stmt is what the prepared statements of a driver implement.
type Stmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// Size is how many statements a connection usually keeps.
const Size = 100

// Conn is a connection that keeps the statements that it has run, and uses them again for the same text: of SELECT, INSERT,
// UPDATE, DELETE and WITH, in transactions and outside of them. A statement that is in use is prepared once more. One that
// returned an error, or that has not been used for the longest time when there are too many, is closed, and all are closed
// with the connection. As package database/sql uses a connection, it is not safe for concurrent use.
//
// The databases prepare a statement again by themselves after a change of the tables that it is about.
type Conn struct {
	DriverConn
	size int
	free []prepared // not in use; the one that was used last is at the end
}

// prepared is a statement with its text.
type prepared struct {
	query string
	stmt  Stmt
}

var _ driver.NamedValueChecker = (*Conn)(nil)

// New returns a connection that keeps up to size statements.
func New(conn DriverConn, size int) *Conn { return &Conn{DriverConn: conn, size: size} }

// ExecContext implements [driver.ExecerContext].
func (c *Conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if !keeps(query) {
		return c.DriverConn.ExecContext(ctx, query, args)
	}
	p, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := p.stmt.ExecContext(ctx, args)
	c.put(p, err)
	return result, err
}

// QueryContext implements [driver.QueryerContext].
func (c *Conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if !keeps(query) {
		return c.DriverConn.QueryContext(ctx, query, args)
	}
	p, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	inner, err := p.stmt.QueryContext(ctx, args)
	if err != nil {
		c.put(p, err)
		return nil, err
	}
	return &rows{Rows: inner, conn: c, prepared: p}, nil
}

// CheckNamedValue implements [driver.NamedValueChecker], for drivers that do.
func (c *Conn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.DriverConn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// Close closes the statements and the connection.
func (c *Conn) Close() error {
	var errs []error
	if c.IsValid() { // the statements of a broken connection are gone
		for _, p := range c.free {
			errs = append(errs, p.stmt.Close())
		}
	}
	c.free = nil
	return errors.Join(append(errs, c.DriverConn.Close())...)
}

// take returns the statement with a text, which the connection does not keep until put is called.
func (c *Conn) take(ctx context.Context, query string) (prepared, error) {
	for i := len(c.free) - 1; i >= 0; i-- {
		if p := c.free[i]; p.query == query {
			c.free = slices.Delete(c.free, i, i+1)
			return p, nil
		}
	}
	stmt, err := c.PrepareContext(ctx, query)
	if err != nil {
		return prepared{}, err
	}
	return prepared{query, stmt.(Stmt)}, nil
}

// put keeps a statement that was used, or closes it if that failed.
func (c *Conn) put(p prepared, failed error) {
	if failed != nil {
		_ = p.stmt.Close() // the first error is the one to report
		return
	}
	dropped := slices.IndexFunc(c.free, func(other prepared) bool { return other.query == p.query })
	if dropped < 0 && len(c.free) >= c.size {
		dropped = 0
	}
	if dropped >= 0 {
		_ = c.free[dropped].stmt.Close()
		c.free = slices.Delete(c.free, dropped, dropped+1)
	}
	c.free = append(c.free, p)
}

// verbs begin the texts of statements that are kept. Others, such as BEGIN and CREATE, run once or are no statements of one
// kind.
var verbs = [...]string{"SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "}

func keeps(query string) bool {
	for _, verb := range verbs {
		if len(query) > len(verb) && strings.EqualFold(query[:len(verb)], verb) {
			return true
		}
	}
	return false
}
