package main

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/mysql"
	"github.com/quintetgo/quintet/orm/postgres"
	"github.com/quintetgo/quintet/orm/sqlite"
	gormmysql "gorm.io/driver/mysql"
	gormpostgres "gorm.io/driver/postgres"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

// engine is a kind of database.
type engine struct {
	name      string
	driver    dialect.Driver // of Quintet
	sqlDriver string         // of database/sql
	dialector func(dsn string) gorm.Dialector
	create    func(ctx context.Context) (location, func() error, error) // makes an empty database
	analyze   string                                                    // before the name of a table, updates the statistics about it
	inProcess bool
	numbered  bool // placeholders are $1, $2 …
}

// location is where a database is.
type location struct {
	url string // for Quintet
	dsn string // for the drivers of database/sql
}

func engineOf(name string) (engine, error) {
	switch name {
	case "sqlite":
		return engine{
			name: "SQLite", driver: sqlite.Driver, sqlDriver: "sqlite3", dialector: gormsqlite.Open, create: createFile,
			analyze: "ANALYZE ", inProcess: true,
		}, nil
	case "postgres":
		return engine{
			name: "PostgreSQL", driver: postgres.Driver, sqlDriver: "pgx", dialector: gormpostgres.Open,
			analyze: "ANALYZE ", numbered: true,
			create: func(ctx context.Context) (location, func() error, error) {
				server := cmp.Or(
					os.Getenv("QUINTET_POSTGRES_URL"),
					"postgres://quintet:quintet@127.0.0.1:5432/quintet_test?sslmode=disable",
				)
				place, drop, err := createPlace(ctx, postgres.Driver, server)
				return location{url: place, dsn: place}, drop, err
			},
		}, nil
	case "mysql", "mariadb":
		return engine{
			name: "MariaDB", driver: mysql.Driver, sqlDriver: "mysql", dialector: gormmysql.Open, analyze: "ANALYZE TABLE ",
			create: func(ctx context.Context) (location, func() error, error) {
				server := cmp.Or(os.Getenv("QUINTET_MARIADB_URL"), "mariadb://quintet:quintet@127.0.0.1:3306/quintet_test?sslmode=disable")
				place, drop, err := createPlace(ctx, mysql.Driver, server)
				if err != nil {
					return location{}, nil, err
				}
				u, err := url.Parse(place)
				if err != nil {
					return location{}, nil, err
				}
				password, _ := u.User.Password()
				dsn := fmt.Sprintf("%s:%s@tcp(%s)/%s?parseTime=true&clientFoundRows=true", u.User.Username(), password, u.Host,
					strings.TrimPrefix(u.Path, "/"))
				return location{url: place, dsn: dsn}, drop, nil
			},
		}, nil
	}
	return engine{}, fmt.Errorf("no database %q; choose sqlite, postgres or mysql", name)
}

// createFile returns the location of a file in a temporary folder. All contenders use the settings that Quintet has.
func createFile(context.Context) (location, func() error, error) {
	dir, err := os.MkdirTemp("", "quintet-benchmark-")
	if err != nil {
		return location{}, nil, err
	}
	path := filepath.Join(dir, "db.sqlite3")
	settings := "?_journal_mode=WAL&_busy_timeout=10000&_foreign_keys=1&_synchronous=NORMAL&_txlock=immediate"
	return location{url: "sqlite:///" + filepath.ToSlash(path), dsn: "file:" + path + settings},
		func() error { return os.RemoveAll(dir) }, nil
}

// createPlace creates a temporary database on a server.
func createPlace(ctx context.Context, driver dialect.Driver, server string) (string, func() error, error) {
	creator, ok := driver.(dialect.TemporaryCreator)
	if !ok {
		return "", nil, fmt.Errorf("the driver %s creates no temporary databases", driver.Name())
	}
	place, drop, err := creator.CreateTemporary(ctx, server)
	if err != nil {
		return "", nil, err
	}
	return place, func() error { return drop(context.WithoutCancel(ctx)) }, nil
}
