package dialects_test

import (
	"testing"

	"github.com/quintetgo/quintet/docs/internal/dialects"
	"github.com/quintetgo/quintet/docs/snippets/library/catalog"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/functions"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/mysql"
	"github.com/quintetgo/quintet/orm/ormtest/testdb"
	"github.com/quintetgo/quintet/orm/postgres"
)

// TestServersReceiveTheSame compares the SQL of queries on databases that are not connected, which the guides show, with that
// of servers.
func TestServersReceiveTheSame(t *testing.T) {
	t.Parallel()
	b, a := catalog.Books, catalog.Authors
	queries := map[string]func(db *orm.DB) dialects.Statement{
		"texts": func(db *orm.DB) dialects.Statement {
			return orm.From(db, b).Filter(b.Title.IContains("straße"), b.Summary.Regex("^a.c$")).Exclude(b.Slug.StartsWith("x"))
		},
		"functions": func(db *orm.DB) dialects.Statement {
			return orm.From(db, b).Filter(functions.Length(b.Title).Gt(3)).OrderBy(functions.Lower(b.Title).Desc().NullsLast())
		},
		"relations": func(db *orm.DB) dialects.Statement {
			return orm.From(db, a).Filter(a.Books().Subjects().Name.Eq("Novel")).Annotate("n", a.Books().Count()).Where("n__gt", 1)
		},
		"groups": func(db *orm.DB) dialects.Statement {
			return orm.From(db, b).GroupBy(b.AuthorID).Annotate("titles", b.Title.StringAgg(", ").OrderBy(b.Year.Asc()))
		},
		"locks": func(db *orm.DB) dialects.Statement {
			return orm.From(db, b).SelectRelated(b.Author()).ForUpdateWith(orm.Lock{SkipLocked: true})
		},
	}
	for _, server := range []struct{ url, offline string }{
		{testdb.PostgresURL(t), "postgres://guide@127.0.0.1:1/guide"},
		{testdb.MariaDBURL(t), "mariadb://guide@127.0.0.1:1/guide"},
	} {
		connected, offline := open(t, server.url), open(t, server.offline)
		if err := connected.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		for name, query := range queries {
			want, _, err := query(connected).SQL()
			if err != nil {
				t.Fatal(err)
			}
			got, _, err := query(offline).SQL()
			if err != nil {
				t.Fatal(err)
			}
			if got != want {
				t.Errorf("%s: the guides show\n%s\nand %s receives\n%s", name, got, connected.Dialect().Name(), want)
			}
		}
	}
}

func open(t *testing.T, url string) *orm.DB {
	t.Helper()
	db := orm.MustOpen(url, postgres.Driver, mysql.Driver)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := migrate.Register(db, catalog.App{}); err != nil {
		t.Fatal(err)
	}
	return db
}
