package ddl

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/dialect"
)

// Transact implements [dialect.Executor]. fn runs in one transaction on one connection, with foreign keys off: rebuilding a
// table drops it, and with foreign keys on that deletes the rows that reference it. The switch has no effect inside a
// transaction, so it comes first. Before the transaction ends all references are checked instead.
//
// The transaction takes the write lock at once. While another process holds it, Transact waits for as long as ctx allows.
func (Migrations) Transact(ctx context.Context, db *sql.DB, waiting func(), fn func(conn dialect.Conn) error) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	clean := context.WithoutCancel(ctx)
	if _, err := conn.ExecContext(ctx, "PRAGMA foreign_keys = OFF"); err != nil {
		return err
	}
	inside := false
	defer func() {
		var undo error
		if inside {
			_, undo = conn.ExecContext(clean, "ROLLBACK")
		}
		for _, pragma := range []string{"PRAGMA legacy_alter_table = OFF", "PRAGMA foreign_keys = ON"} {
			if undo == nil {
				_, undo = conn.ExecContext(clean, pragma)
			}
		}
		if undo != nil { // this connection keeps no foreign keys and must not return to the pool
			_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		}
	}()
	if err := begin(ctx, conn, waiting); err != nil {
		return err
	}
	inside = true
	if err := fn(conn); err != nil {
		return err
	}
	if err := checkReferences(ctx, conn); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "COMMIT"); err != nil {
		return err
	}
	inside = false
	return nil
}

// begin begins the transaction, trying again while the database is locked.
func begin(ctx context.Context, conn *sql.Conn, waiting func()) error {
	for tries := 0; ; tries++ {
		_, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE")
		if err == nil || !locked(err) {
			return err
		}
		if tries == 0 && waiting != nil {
			waiting()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("another process is writing to the database: %w", ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func locked(err error) bool {
	return strings.Contains(err.Error(), "database is locked") || strings.Contains(err.Error(), "SQLITE_BUSY")
}

// checkReferences reports rows that point at one that does not exist.
func checkReferences(ctx context.Context, conn *sql.Conn) error {
	rows, err := conn.QueryContext(ctx, "PRAGMA foreign_key_check")
	if err != nil {
		return err
	}
	defer rows.Close()
	var broken []string
	further := 0
	for rows.Next() {
		var table, parent string
		var row sql.NullInt64
		var number int
		if err := rows.Scan(&table, &row, &parent, &number); err != nil {
			return err
		}
		if len(broken) == 3 {
			further++
			continue
		}
		broken = append(broken, fmt.Sprintf("row %d of %s points at a row of %s that does not exist", row.Int64, table, parent))
	}
	if err := rows.Err(); err != nil || len(broken) == 0 {
		return err
	}
	if further > 0 {
		broken = append(broken, fmt.Sprintf("and %d more", further))
	}
	return errors.New(strings.Join(broken, "; "))
}
