package executor

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/quintetgo/quintet/orm/migrate/rows"
)

// Table is the table that lists the applied migrations.
const Table = "quintet_migrations"

// Record is what the database knows about an applied migration.
type Record struct {
	AppliedAt time.Time
	Hash      string // of its operations at that time; see [state.Migration.Hash]
}

// Applied is the migrations that a database has.
type Applied map[Key]Record

// ReadApplied lists the migrations that the database has; none if it has no list yet. It changes nothing.
func ReadApplied(ctx context.Context, conn rows.Conn) (Applied, error) {
	exists, err := hasTable(ctx, conn, Table)
	if err != nil || !exists {
		return Applied{}, err
	}
	rows, err := conn.QueryContext(ctx, "SELECT app, name, applied_at, hash FROM "+Table)
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

// record adds n to the list, and the ones that it replaces, so that a program from before they were joined works as well.
func record(ctx context.Context, conn rows.Conn, n *Node, now time.Time) error {
	const create = `CREATE TABLE IF NOT EXISTS ` + Table + ` (
    app varchar(100) NOT NULL,
    name varchar(200) NOT NULL,
    applied_at varchar(40) NOT NULL,
    op_index integer NOT NULL,
    hash varchar(64) NOT NULL,
    PRIMARY KEY (app, name)
)`
	if _, err := conn.ExecContext(ctx, create); err != nil {
		return err
	}
	hash := n.Migration.Hash()
	for _, name := range append([]string{n.Migration.Name}, n.Migration.Replaces...) {
		_, err := conn.ExecContext(ctx, "INSERT INTO "+Table+" (app, name, applied_at, op_index, hash) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			n.App, name, now.UTC().Format(time.RFC3339Nano), len(n.Migration.Operations), hash)
		if err != nil {
			return err
		}
		hash = "" // of the replaced ones it is not known
	}
	return nil
}

func unrecord(ctx context.Context, conn rows.Conn, n *Node) error {
	for _, name := range append([]string{n.Migration.Name}, n.Migration.Replaces...) {
		if _, err := conn.ExecContext(ctx, "DELETE FROM "+Table+" WHERE app = ? AND name = ?", n.App, name); err != nil {
			return err
		}
	}
	return nil
}

func hasTable(ctx context.Context, conn rows.Conn, name string) (bool, error) {
	var n int
	err := queryRow(ctx, conn, &n, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?", name)
	return n > 0, err
}

// queryRow reads one value; no row is [sql.ErrNoRows].
func queryRow(ctx context.Context, conn rows.Conn, into any, query string, args ...any) error {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := rows.Scan(into); err != nil {
		return err
	}
	return rows.Close()
}
