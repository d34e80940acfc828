package ddl

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// lockName is the lock of a database's migrations; locks belong to the whole server.
const lockName = "CONCAT('quintet_', MD5(DATABASE()))"

// Transact implements [dialect.Executor]. fn runs on one connection that holds a lock of the server, and in a transaction
// that each change of a table commits. The error of fn is a [*dialect.PartialError] if changes of tables have been kept.
func (Migrations) Transact(ctx context.Context, db *sql.DB, waiting func(), fn func(conn dialect.Conn) error) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := lock(ctx, conn, waiting); err != nil {
		return err
	}
	clean := context.WithoutCancel(ctx)
	defer func() {
		if _, unlock := conn.ExecContext(clean, "DO RELEASE_LOCK("+lockName+")"); unlock != nil {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // closing the connection releases the lock
		}
	}()
	if _, err := conn.ExecContext(ctx, "START TRANSACTION"); err != nil {
		return err
	}
	r := &recorder{conn: conn}
	if err := fn(r); err != nil {
		_, rollback := conn.ExecContext(clean, "ROLLBACK")
		if errors.Is(rollback, driver.ErrBadConn) || errors.Is(rollback, sql.ErrConnDone) {
			rollback = nil // the server rolls back when the connection is closed
		}
		if len(r.kept) > 0 {
			err = &dialect.PartialError{Err: err, Kept: r.kept}
		}
		return errors.Join(err, rollback)
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return err
}

// lock takes the lock, waiting for another process for as long as ctx allows.
func lock(ctx context.Context, conn *sql.Conn, waiting func()) error {
	for tries, seconds := 0, 0; ; tries, seconds = tries+1, 1 {
		var taken sql.NullInt64
		if err := conn.QueryRowContext(ctx, fmt.Sprintf("SELECT GET_LOCK(%s, %d)", lockName, seconds)).Scan(&taken); err != nil {
			if ctx.Err() != nil {
				return fmt.Errorf("another process is migrating the database: %w", ctx.Err())
			}
			return err
		}
		if taken.Int64 == 1 {
			return nil
		}
		if tries == 0 && waiting != nil {
			waiting()
		}
	}
}

// recorder runs statements and remembers those that changed tables, which nothing rolls back. It runs several statements in one
// text, as RunSQL may have them, one after another.
type recorder struct {
	conn *sql.Conn
	kept []string
}

func (r *recorder) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return r.conn.QueryContext(ctx, query, args...)
}

func (r *recorder) ExecContext(ctx context.Context, query string, args ...any) (result sql.Result, err error) {
	list := []string{query}
	if len(args) == 0 && !definesProgram.MatchString(query) {
		list = statementsOf(query)
	}
	result = driver.ResultNoRows
	for _, text := range list {
		if result, err = r.conn.ExecContext(ctx, text, args...); err != nil {
			return nil, err
		}
		if commits.MatchString(text) && !temporary.MatchString(text) {
			r.kept = append(r.kept, strings.TrimSpace(text))
		}
	}
	return result, nil
}

var (
	// definesProgram matches statements that have others inside.
	definesProgram = regexp.MustCompile(`(?is)\bCREATE\b.*\b(TRIGGER|PROCEDURE|FUNCTION|EVENT)\b.*\bBEGIN\b`)
	// commits matches statements that end a transaction.
	commits   = regexp.MustCompile(`(?i)^\s*(CREATE|ALTER|DROP|RENAME|TRUNCATE)\b`)
	temporary = regexp.MustCompile(`(?i)^\s*CREATE\s+TABLE\s+IF\s+NOT\s+EXISTS\b`)
)
