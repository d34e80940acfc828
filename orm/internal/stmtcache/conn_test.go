package stmtcache_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/quintetgo/quintet/orm/internal/stmtcache"
)

// fake is a driver whose connections log what they do.
type fake struct {
	log  []string
	fail bool // the next statement fails
}

func (f *fake) Driver() driver.Driver { return nil }

func (f *fake) Connect(context.Context) (driver.Conn, error) {
	return stmtcache.New(&fakeConn{f}, 2), nil
}

func (f *fake) add(format string, args ...any) { f.log = append(f.log, fmt.Sprintf(format, args...)) }

// flush returns the log and empties it.
func (f *fake) flush() []string {
	log := f.log
	f.log = nil
	return log
}

type fakeConn struct{ f *fake }

func (c *fakeConn) PrepareContext(_ context.Context, query string) (driver.Stmt, error) {
	c.f.add("prepare %s", query)
	return &fakeStmt{c.f, query}, nil
}

func (c *fakeConn) ExecContext(_ context.Context, query string, _ []driver.NamedValue) (driver.Result, error) {
	c.f.add("run %s", query)
	return driver.RowsAffected(0), nil
}

func (c *fakeConn) QueryContext(_ context.Context, query string, _ []driver.NamedValue) (driver.Rows, error) {
	c.f.add("run %s", query)
	return &fakeRows{}, nil
}

func (c *fakeConn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c *fakeConn) Begin() (driver.Tx, error) { return fakeTx{}, nil }

func (c *fakeConn) BeginTx(context.Context, driver.TxOptions) (driver.Tx, error) {
	return fakeTx{}, nil
}
func (c *fakeConn) Ping(context.Context) error         { return nil }
func (c *fakeConn) ResetSession(context.Context) error { return nil }
func (c *fakeConn) IsValid() bool                      { return true }

func (c *fakeConn) Close() error {
	c.f.add("disconnect")
	return nil
}

type fakeTx struct{}

func (fakeTx) Commit() error   { return nil }
func (fakeTx) Rollback() error { return nil }

type fakeStmt struct {
	f     *fake
	query string
}

func (s *fakeStmt) failure() error {
	if s.f.fail {
		s.f.fail = false
		return errors.New("failed")
	}
	return nil
}

func (s *fakeStmt) ExecContext(context.Context, []driver.NamedValue) (driver.Result, error) {
	return driver.RowsAffected(1), s.failure()
}

func (s *fakeStmt) QueryContext(context.Context, []driver.NamedValue) (driver.Rows, error) {
	if err := s.failure(); err != nil {
		return nil, err
	}
	return &fakeRows{}, nil
}

func (s *fakeStmt) Exec([]driver.Value) (driver.Result, error) { return nil, errors.New("no context") }

func (s *fakeStmt) Query([]driver.Value) (driver.Rows, error) { return nil, errors.New("no context") }
func (s *fakeStmt) NumInput() int                             { return -1 }

func (s *fakeStmt) Close() error {
	s.f.add("close %s", s.query)
	return nil
}

// fakeRows are two rows of one column.
type fakeRows struct{ n int64 }

func (r *fakeRows) Columns() []string { return []string{"n"} }
func (r *fakeRows) Close() error      { return nil }

func (r *fakeRows) Next(into []driver.Value) error {
	if r.n++; r.n > 2 {
		return io.EOF
	}
	into[0] = r.n
	return nil
}

func TestStatementsAreKept(t *testing.T) {
	t.Parallel()
	f := &fake{}
	db := sql.OpenDB(f)
	db.SetMaxOpenConns(1)
	ctx := t.Context()
	query := func(text string) {
		t.Helper()
		var n int64
		if err := db.QueryRowContext(ctx, text, 1).Scan(&n); err != nil || n != 1 {
			t.Fatal(n, err)
		}
	}
	want := func(name string, steps ...string) {
		t.Helper()
		if got := f.flush(); !slices.Equal(got, steps) {
			t.Errorf("%s: got %q, want %q", name, got, steps)
		}
	}
	query("SELECT 1")
	query("SELECT 1")
	want("the same text twice", "prepare SELECT 1")

	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := tx.QueryContext(ctx, "SELECT 1")
	if err != nil {
		t.Fatal(err)
	}
	var n int64
	if err := tx.QueryRowContext(ctx, "SELECT 1").Scan(&n); err != nil {
		t.Fatal(err)
	}
	want("a statement whose rows are being read", "prepare SELECT 1")
	if err := rows.Close(); err != nil {
		t.Fatal(err)
	}
	want("two with one text", "close SELECT 1")
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}

	query("select 2")
	query("SELECT 1")
	query("SELECT 3")
	want("the one that was not used for the longest time", "prepare select 2", "prepare SELECT 3", "close select 2")

	if _, err := db.ExecContext(ctx, "CREATE TABLE a"); err != nil {
		t.Fatal(err)
	}
	want("a statement that runs once", "run CREATE TABLE a")

	f.fail = true
	if _, err := db.ExecContext(ctx, "SELECT 3"); err == nil {
		t.Error("no error")
	}
	if _, err := db.ExecContext(ctx, "SELECT 3"); err != nil {
		t.Error(err)
	}
	want("a failed statement", "close SELECT 3", "prepare SELECT 3")

	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	want("the connection is closed", "close SELECT 1", "close SELECT 3", "disconnect")
}
