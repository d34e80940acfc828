// Package dialects prints the SQL of the guides' queries as each database receives it, without connecting to one.
package dialects

import (
	"context"
	"errors"
	"fmt"
	"log"
	"regexp"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/mysql"
	"github.com/quintetgo/quintet/orm/postgres"
)

// Statement is a query whose SQL is printed.
type Statement interface {
	SQL() (string, []any, error)
}

// Each runs fn with an open SQLite database, and again with databases of PostgreSQL and MariaDB that have the same apps, are
// connected to no server, and get a context that has ended. Then it prints the SQL of the query that fn returns, from FROM on:
//
//	SQLite, MariaDB: FROM "catalog_book" AS t0 WHERE …
//	PostgreSQL: FROM "catalog_book" AS t0 WHERE …
//
// Names are in double quotes and values are question marks, as on SQLite, so that only what else differs makes a line of its own.
func Each(ctx context.Context, db *orm.DB, app orm.ModelsApp, fn func(ctx context.Context, db *orm.DB) Statement) {
	compare(ctx, db, app, func(ctx context.Context, db *orm.DB) string {
		sql, _, err := fn(ctx, db).SQL()
		must(err)
		if at := strings.Index(sql, " FROM "); at >= 0 {
			sql = sql[at+1:]
		}
		return sql
	})
}

// Sent is Each for a function that runs a statement: it prints the value that fn returns on SQLite, unless that is nil, and then
// the first statement that each database is sent.
func Sent(ctx context.Context, db *orm.DB, app orm.ModelsApp, fn func(ctx context.Context, db *orm.DB) (any, error)) {
	compare(ctx, db, app, func(ctx context.Context, db *orm.DB) string {
		first := ""
		ended := ctx.Err() != nil
		value, err := fn(orm.WithObserver(ctx, func(s orm.Statement) {
			if first == "" {
				first = s.SQL
			}
		}), db)
		if !ended || !errors.Is(err, context.Canceled) {
			must(err)
		}
		if !ended && value != nil {
			fmt.Println(value)
		}
		return first
	})
}

// compare prints what fn returns for each database.
func compare(ctx context.Context, db *orm.DB, app orm.ModelsApp, fn func(ctx context.Context, db *orm.DB) string) {
	type line struct{ databases, sql string }
	ended, end := context.WithCancel(ctx)
	end()
	lines := []line{{"SQLite", plain(fn(ctx, db))}}
	for _, database := range [][2]string{
		{"PostgreSQL", "postgres://guide@127.0.0.1:1/guide"}, {"MariaDB", "mariadb://guide@127.0.0.1:1/guide"},
	} {
		other := orm.MustOpen(database[1], postgres.Driver, mysql.Driver)
		must(migrate.Register(other, app))
		sql := plain(fn(ended, other))
		must(other.Close())
		at := slices.IndexFunc(lines, func(l line) bool { return l.sql == sql })
		if at < 0 {
			lines = append(lines, line{database[0], sql})
		} else {
			lines[at].databases += ", " + database[0]
		}
	}
	for _, l := range lines {
		fmt.Println(l.databases + ": " + l.sql)
	}
}

var numbered = regexp.MustCompile(`\$[0-9]+`)

// plain returns a statement with double quotes around names, and question marks for values.
func plain(sql string) string {
	return numbered.ReplaceAllString(strings.ReplaceAll(sql, "`", `"`), "?")
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
