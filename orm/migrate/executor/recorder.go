package executor

import (
	"context"
	"fmt"
	"time"

	"github.com/quintetgo/quintet/orm/dialect"
)

// Table is the table that lists the applied migrations.
const Table = "quintet_migrations"

// Record is what the database has about an applied migration.
type Record struct {
	AppliedAt time.Time
	Hash      string // of its operations at that time; see [state.Migration.Hash]
}

// Applied are the migrations that a database has.
type Applied map[Key]Record

// ReadApplied returns the migrations that the database has; none if it has no list yet. It changes nothing.
func ReadApplied(ctx context.Context, conn dialect.Conn, d dialect.Dialect) (Applied, error) {
	exists, err := hasTable(ctx, conn, d, Table)
	if err != nil || !exists {
		return Applied{}, err
	}
	w := dialect.NewWriter(d)
	w.Text("SELECT app, name, applied_at, hash FROM ")
	w.Name(Table)
	rows, err := conn.QueryContext(ctx, w.SQL())
	if err != nil {
		return nil, fmt.Errorf("read the list of migrations: %w", err)
	}
	defer rows.Close()
	applied := Applied{}
	for rows.Next() {
		var key Key
		var at, hash string
		if err := rows.Scan(&key.App, &key.Name, &at, &hash); err != nil {
			return nil, fmt.Errorf("read the list of migrations: %w", err)
		}
		record := Record{Hash: hash}
		record.AppliedAt, _ = time.Parse(time.RFC3339Nano, at)
		applied[key] = record
	}
	return applied, rows.Err()
}

// record adds n to the list, and the migrations that it replaces, so that a program built before they were joined works too.
func record(ctx context.Context, conn dialect.Conn, d dialect.Dialect, n *Node, now time.Time) error {
	w := dialect.NewWriter(d)
	w.Text("CREATE TABLE IF NOT EXISTS ")
	w.Name(Table)
	w.Text(` (
    app varchar(100) NOT NULL,
    name varchar(200) NOT NULL,
    applied_at varchar(40) NOT NULL,
    op_index integer NOT NULL,
    hash varchar(64) NOT NULL,
    PRIMARY KEY (app, name)
)`)
	if _, err := conn.ExecContext(ctx, w.SQL()); err != nil {
		return err
	}
	hash := n.Migration.Hash()
	for _, name := range append([]string{n.Migration.Name}, n.Migration.Replaces...) {
		w := dialect.NewWriter(d)
		w.Text("INSERT INTO ")
		w.Name(Table)
		w.Text(" (app, name, applied_at, op_index, hash) VALUES (")
		for i, v := range []any{n.App, name, now.UTC().Format(time.RFC3339Nano), len(n.Migration.Operations), hash} {
			if i > 0 {
				w.Text(", ")
			}
			w.Bind(v)
		}
		w.Text(")")
		w.OnConflict(dialect.Conflict{})
		if _, err := conn.ExecContext(ctx, w.SQL(), w.Args()...); err != nil {
			return err
		}
		hash = "" // of the replaced ones it is not known
	}
	return nil
}

func unrecord(ctx context.Context, conn dialect.Conn, d dialect.Dialect, n *Node) error {
	for _, name := range append([]string{n.Migration.Name}, n.Migration.Replaces...) {
		w := dialect.NewWriter(d)
		w.Text("DELETE FROM ")
		w.Name(Table)
		w.Text(" WHERE app = ")
		w.Bind(n.App)
		w.Text(" AND name = ")
		w.Bind(name)
		if _, err := conn.ExecContext(ctx, w.SQL(), w.Args()...); err != nil {
			return err
		}
	}
	return nil
}

func hasTable(ctx context.Context, conn dialect.Conn, d dialect.Dialect, name string) (bool, error) {
	introspector, ok := d.(dialect.Introspector)
	if !ok {
		return false, dialect.Unsupported(d, "migrations")
	}
	return introspector.HasTable(ctx, conn, name)
}
