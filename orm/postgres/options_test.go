package postgres_test

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/ormtest/testdb"
	"github.com/quintetgo/quintet/orm/postgres"
)

// TestWithoutStatementCache runs the tests of every driver without prepared statements, as behind a pooler.
func TestWithoutStatementCache(t *testing.T) {
	t.Parallel()
	ormtest.RunDriver(t, func(t testing.TB) *orm.DB { return openWith(t, "statement_cache=off") })
}

func openWith(t testing.TB, option string) *orm.DB {
	t.Helper()
	databaseURL := testdb.PostgresURL(t)
	separator := "?"
	if strings.Contains(databaseURL, "?") {
		separator = "&"
	}
	db, err := orm.Open(databaseURL+separator+option, postgres.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestStatementCache(t *testing.T) {
	t.Parallel()
	for option, want := range map[string]bool{"statement_cache=on": true, "statement_cache=off": false} {
		db := openWith(t, option)
		tx, err := db.Writer().BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		var n, prepared int
		for range 2 {
			if err := tx.QueryRowContext(t.Context(), "SELECT 1 + $1::int", 2).Scan(&n); err != nil || n != 3 {
				t.Errorf("%s: got %d, %v", option, n, err)
			}
		}
		err = tx.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%1 + $1%'").Scan(&prepared)
		if err != nil || (prepared > 0) != want {
			t.Errorf("%s: %d statements are prepared, %v", option, prepared, err)
		}
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
	}
	_, err := orm.Open("postgres://ada@localhost/shop?statement_cache=maybe", postgres.Driver)
	if err == nil || !strings.Contains(err.Error(), "expected on or off") {
		t.Errorf("got the error %v", err)
	}
}

func TestEncoding(t *testing.T) {
	t.Parallel()
	databaseURL := testdb.PostgresURL(t)
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := postgres.Driver.Open(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Writer.Close() })
	name := "quintet_latin_" + strings.ToLower(rand.Text())
	create := "CREATE DATABASE " + name + " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
	if _, err := conn.Writer.ExecContext(t.Context(), create); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := conn.Writer.ExecContext(context.WithoutCancel(t.Context()), "DROP DATABASE "+name); err != nil {
			t.Error(err)
		}
	})
	u.Path, u.RawQuery = "/"+name, "sslmode=disable"
	latin, err := postgres.Driver.Open(u.String())
	if err != nil {
		t.Fatal(err)
	}
	defer latin.Writer.Close()
	err = latin.Writer.PingContext(t.Context())
	for _, want := range []string{"the encoding of the database is LATIN1", "createdb --encoding UTF8"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got the error %v, want one with %q", err, want)
		}
	}
}
