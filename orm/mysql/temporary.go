package mysql

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
	"github.com/quintetgo/quintet/orm/mysql/internal/ddl"
)

var _ dialect.TemporaryCreator = opener{}

// temporaryPrefix begins the names of temporary databases, which continue with the time of their creation.
const temporaryPrefix = "quintet_tmp_"

const temporaryTime = "20060102_150405_"

// staleAfter is how old a temporary database is that a killed test has left.
const staleAfter = 3 * time.Hour

// CreateTemporary implements [dialect.TemporaryCreator] with a database beside the one that the URL names, for which the
// user needs all rights on databases with names such as quintet_tmp_1. It also drops those that tests left hours ago.
func (d opener) CreateTemporary(ctx context.Context, databaseURL string) (string, func(ctx context.Context) error, error) {
	parsed, err := url.Parse(databaseURL)
	if err != nil {
		return "", nil, errors.New("the database URL cannot be read")
	}
	name := temporaryPrefix + time.Now().UTC().Format(temporaryTime) + strings.ToLower(rand.Text()[:12])
	err = d.run(ctx, databaseURL, func(db *sql.DB) error {
		if err := dropStale(ctx, db); err != nil {
			return err
		}
		_, err := db.ExecContext(ctx, "CREATE DATABASE "+ddl.Quote(name)+" CHARACTER SET utf8mb4")
		return err
	})
	if err != nil {
		return "", nil, err
	}
	parsed.Path = "/" + name
	return parsed.String(), func(ctx context.Context) error {
		return d.run(ctx, databaseURL, func(db *sql.DB) error { return dropDatabase(ctx, db, name) })
	}, nil
}

// run opens a database for a function.
func (d opener) run(ctx context.Context, databaseURL string, fn func(db *sql.DB) error) (err error) {
	conn, err := d.Open(databaseURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Writer.Close(), conn.Close()) }()
	return explained(fn(conn.Writer))
}

// explained adds what to do about an error of the server.
func explained(err error) error {
	if hint := (mysqlDialect{}).Explain(err); hint != nil {
		return hint
	}
	return err
}

// dropStale drops the databases that tests have left which could not drop them.
func dropStale(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, `SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE ? AND SCHEMA_NAME < ?`,
		strings.ReplaceAll(temporaryPrefix, "_", `\_`)+"%", temporaryPrefix+time.Now().UTC().Add(-staleAfter).Format(temporaryTime))
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
		if err := dropDatabase(ctx, db, name); err != nil {
			return err
		}
	}
	return nil
}

func dropDatabase(ctx context.Context, db *sql.DB, name string) error {
	if _, err := db.ExecContext(ctx, "DROP DATABASE IF EXISTS "+ddl.Quote(name)); err != nil {
		return fmt.Errorf("drop the temporary database %s: %w", name, err)
	}
	return nil
}
