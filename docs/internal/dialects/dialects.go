// Package dialects prints the SQL of the guides' queries as each database receives it, without connecting to one.
package dialects

import (
	"context"
	"fmt"
	"log"
	"regexp"
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
// connected to no server, and get a context that has ended. After the first run it prints the SQL of the query that fn
// returns, from FROM on:
//
//	SQLite, MariaDB: FROM "catalog_book" AS t0 WHERE …
//	PostgreSQL: FROM "catalog_book" AS t0 WHERE …
//
// Names are in double quotes and values are question marks, as on SQLite, so that only what else differs makes a line of its own.
func Each(ctx context.Context, db *orm.DB, app orm.ModelsApp, fn func(ctx context.Context, db *orm.DB) Statement) {
	type line struct{ databases, sql string }
	ended, end := context.WithCancel(ctx)
	end()
	var lines []line
	for _, database := range [][2]string{
		{"SQLite", ""}, {"PostgreSQL", "postgres://guide@127.0.0.1/guide"}, {"MariaDB", "mysql://guide@127.0.0.1/guide"},
	} {
		name, url := database[0], database[1]
		query := Statement(nil)
		if url == "" {
			query = fn(ctx, db)
		} else {
			other := orm.MustOpen(url, postgres.Driver, mysql.Driver)
			defer other.Close()
			must(migrate.Register(other, app))
			query = fn(ended, other)
		}
		sql, _, err := query.SQL()
		must(err)
		if at := strings.Index(sql, " FROM "); at >= 0 {
			sql = sql[at+1:]
		}
		sql = plain(sql)
		same := false
		for j := range lines {
			if lines[j].sql == sql {
				lines[j].databases += ", " + name
				same = true
			}
		}
		if !same {
			lines = append(lines, line{name, sql})
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
