package postgres

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/dialect"
)

var _ dialect.TemporaryCreator = opener{}

// temporaryPrefix begins the names of temporary schemas, which continue with the time of their creation.
const temporaryPrefix = "quintet_tmp_"

// staleAfter is how old a temporary schema is that a killed test has left.
const staleAfter = 3 * time.Hour

// CreateTemporary implements [dialect.TemporaryCreator] with a schema of the database that the URL names: creating one
// takes milliseconds, and no other right than to create schemas. It also drops schemas that tests left hours ago.
func (d opener) CreateTemporary(ctx context.Context, databaseURL string) (string, func(ctx context.Context) error, error) {
	parsed, err := url.Parse(databaseURL)
	if err != nil {
		return "", nil, errors.New("the database URL cannot be read")
	}
	name := temporaryPrefix + time.Now().UTC().Format("20060102_150405_") + strings.ToLower(rand.Text()[:12])
	err = d.run(ctx, databaseURL, func(db *sql.DB) error {
		if err := dropStale(ctx, db); err != nil {
			return err
		}
		_, err := db.ExecContext(ctx, "CREATE SCHEMA "+name)
		return err
	})
	if err != nil {
		return "", nil, err
	}
	query := parsed.Query()
	query.Set("search_path", name)
	parsed.RawQuery = query.Encode()
	return parsed.String(), func(ctx context.Context) error {
		return d.run(ctx, databaseURL, func(db *sql.DB) error { return dropSchema(ctx, db, name) })
	}, nil
}

// run opens a database for a function.
func (d opener) run(ctx context.Context, databaseURL string, fn func(db *sql.DB) error) (err error) {
	conn, err := d.Open(databaseURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Writer.Close()) }()
	return fn(conn.Writer)
}

// dropStale drops the schemas that tests have left which could not drop them.
func dropStale(ctx context.Context, db *sql.DB) error {
	limit := temporaryPrefix + time.Now().UTC().Add(-staleAfter).Format("20060102_150405_")
	rows, err := db.QueryContext(ctx, `SELECT nspname FROM pg_namespace WHERE starts_with(nspname, $1) AND nspname COLLATE "C" < $2`,
		temporaryPrefix, limit)
	if err != nil {
		return err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		names = append(names, name)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, name := range names {
		if err := dropSchema(ctx, db, name); err != nil {
			return err
		}
	}
	return nil
}

func dropSchema(ctx context.Context, db *sql.DB, name string) error {
	if _, err := db.ExecContext(ctx, "DROP SCHEMA IF EXISTS "+postgresDialect{}.Quote(name)+" CASCADE"); err != nil {
		return fmt.Errorf("drop the temporary schema %s: %w", name, err)
	}
	return nil
}
