package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// open returns a database in a temporary file with two tables.
func open(t *testing.T) *orm.DB {
	t.Helper()
	db, err := orm.Open("sqlite:///"+filepath.Join(t.TempDir(), "a b#%251.sqlite3"), sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, statement := range []string{
		`CREATE TABLE parent (id integer PRIMARY KEY AUTOINCREMENT, name varchar(20) NOT NULL UNIQUE, n bigint CONSTRAINT n_small CHECK (n < 10))`,
		`CREATE TABLE child (id integer PRIMARY KEY AUTOINCREMENT, parent_id bigint NOT NULL REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED,
			at datetime, day date, clock time, ok numeric, data blob, f real, UNIQUE (parent_id, day))`,
		`CREATE UNIQUE INDEX child_live ON child (f) WHERE ok = 1`,
	} {
		if _, err := db.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func TestIntegrityErrors(t *testing.T) {
	t.Parallel()
	db := open(t)
	exec := func(query string, args ...any) error {
		_, err := db.Exec(t.Context(), query, args...)
		return err
	}
	if err := exec(`INSERT INTO parent (name) VALUES ('a')`); err != nil {
		t.Fatal(err)
	}
	if err := exec(`INSERT INTO child (parent_id, day, f, ok) VALUES (1, '2026-01-01', 1.5, 1)`); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		query      string
		kind       orm.IntegrityKind
		table      string
		columns    []string
		constraint string
	}{
		"unique":         {`INSERT INTO parent (name) VALUES ('a')`, orm.IntegrityUnique, "parent", []string{"name"}, ""},
		"primary key":    {`INSERT INTO parent (id, name) VALUES (1, 'b')`, orm.IntegrityUnique, "parent", []string{"id"}, ""},
		"unique pair":    {`INSERT INTO child (parent_id, day) VALUES (1, '2026-01-01')`, orm.IntegrityUnique, "child", []string{"parent_id", "day"}, ""},
		"partial unique": {`INSERT INTO child (parent_id, f, ok) VALUES (1, 1.5, 1)`, orm.IntegrityUnique, "child", []string{"f"}, ""},
		"not null":       {`INSERT INTO parent (name) VALUES (NULL)`, orm.IntegrityNotNull, "parent", []string{"name"}, ""},
		"foreign key":    {`INSERT INTO child (parent_id) VALUES (99)`, orm.IntegrityForeignKey, "", nil, ""},
		"check":          {`INSERT INTO parent (name, n) VALUES ('c', 11)`, orm.IntegrityCheck, "", nil, "n_small"},
	} {
		var e *orm.IntegrityError
		if err := exec(test.query); !errors.As(err, &e) {
			t.Errorf("%s: got error %v, want an IntegrityError", name, err)
			continue
		}
		if e.Kind != test.kind || e.Table != test.table || !slices.Equal(e.Columns, test.columns) || e.Constraint != test.constraint {
			t.Errorf("%s: got %v %q %v %q, want %v %q %v %q", name, e.Kind, e.Table, e.Columns, e.Constraint, test.kind, test.table, test.columns, test.constraint)
		}
		if errors.Unwrap(e) == nil {
			t.Errorf("%s: the driver's error is lost", name)
		}
	}
	var e *orm.IntegrityError
	err := db.Atomic(t.Context(), func(ctx context.Context) error {
		_, err := db.Exec(ctx, `INSERT INTO child (parent_id) VALUES (99)`)
		return err // nil: the reference is checked by the commit
	})
	if !errors.As(err, &e) || e.Kind != orm.IntegrityForeignKey {
		t.Errorf("commit with a dangling reference: got %v, want a foreign key error", err)
	}
	if err := exec(`INSERT INTO nothing VALUES (1)`); err == nil || errors.As(err, &e) {
		t.Errorf("a missing table: got %v, want an error that is no IntegrityError", err)
	}
}

func TestValuesRoundTrip(t *testing.T) {
	t.Parallel()
	db := open(t)
	at := time.Date(2026, 7, 1, 10, 20, 30, 123456000, time.UTC)
	if _, err := db.Exec(t.Context(), `INSERT INTO parent (name) VALUES (?)`, "ä"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(t.Context(), `INSERT INTO child (parent_id, at, day, clock, ok, data, f) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		1, at, "2026-07-01", "10:20:30", true, []byte{0, 1, 255}, 2.5); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query(t.Context(), `SELECT at, day, clock, ok, data, f, CAST(at AS text) FROM child WHERE at = ?`, at)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if !rows.Next() {
		t.Fatal("an equal time was not found")
	}
	var gotAt, day time.Time
	var clock, text string
	var ok bool
	var data []byte
	var f float64
	if err := rows.Scan(&gotAt, &day, &clock, &ok, &data, &f, &text); err != nil {
		t.Fatal(err)
	}
	if !gotAt.Equal(at) || day.Format(time.DateOnly) != "2026-07-01" || clock != "10:20:30" || !ok || string(data) != "\x00\x01\xff" || f != 2.5 {
		t.Error(gotAt, day, clock, ok, data, f)
	}
	if want := "2026-07-01 10:20:30.123456+00:00"; text != want {
		t.Errorf("stored time is %q, want %q", text, want)
	}
}

func TestFunctions(t *testing.T) {
	t.Parallel()
	db := open(t)
	for query, want := range map[string]any{
		`SELECT quintet_fold('ÄÖ Straße') = quintet_fold('äö strasse')`: int64(1),
		`SELECT quintet_fold('ABC')`:                                    "abc",
		`SELECT quintet_fold(NULL)`:                                     nil,
		`SELECT 'shop 24' REGEXP '^shop \d+$'`:                          int64(1),
		`SELECT 'shop' REGEXP '^\d+$'`:                                  int64(0),
		`SELECT NULL REGEXP 'a'`:                                        nil,
	} {
		var got any
		if err := one(t, db, query, &got); err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		if b, ok := got.([]byte); ok {
			got = string(b)
		}
		if got != want {
			t.Errorf("%s: got %v, want %v", query, got, want)
		}
	}
	var got any
	if err := one(t, db, `SELECT 'a' REGEXP '('`, &got); err == nil || !strings.Contains(err.Error(), "bad regular expression") {
		t.Errorf("bad pattern: got %v", err)
	}
}

func one(t *testing.T, db *orm.DB, query string, into *any) error {
	t.Helper()
	rows, err := db.Query(t.Context(), query)
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		return rows.Scan(into)
	}
	return errors.Join(rows.Err(), sql.ErrNoRows)
}

func TestReadersAndWritersDoNotLock(t *testing.T) {
	t.Parallel()
	db := open(t)
	var wait sync.WaitGroup
	for w := range 4 {
		wait.Go(func() {
			for i := range 25 {
				err := db.Atomic(t.Context(), func(ctx context.Context) error {
					var n any
					if err := one(t, db, `SELECT count(*) FROM parent`, &n); err != nil { // beside the transaction
						return err
					}
					_, err := db.Exec(ctx, `INSERT INTO parent (name) VALUES (?)`, string(rune('a'+w))+string(rune('A'+i)))
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	var n any
	if err := one(t, db, `SELECT count(*) FROM parent`, &n); err != nil || n != int64(100) {
		t.Errorf("got %v rows, error %v", n, err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	t.Parallel()
	db := open(t)
	var got any
	if err := one(t, db, `INSERT INTO parent (name) VALUES ('r') RETURNING id`, &got); err != nil || got != int64(1) {
		t.Errorf("INSERT … RETURNING through Query: %v, %v", got, err)
	}
	if err := one(t, db, `SELECT * FROM pragma_query_only`, &got); err != nil || got != int64(1) {
		t.Errorf("query_only of a reader: %v, %v", got, err)
	}
}

func TestURLs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for url, want := range map[string]string{
		"":                         "is empty",
		"db.sqlite3":               "has no scheme",
		"sqllite:///db.sqlite3":    `did you mean "sqlite"?`,
		"postgres://u:secret@h/db": "unknown scheme",
		"sqlite://db.sqlite3":      "write sqlite:///db.sqlite3",
		"sqlite:db.sqlite3":        "three slashes",
		"sqlite:///" + dir + "/absent/db.sqlite3": "does not exist",
		"sqlite:///" + dir:                        "is a folder",
		"sqlite:///":                              "names no file",
		"sqlite:///a.db?mode=ro":                  "no options",
	} {
		db, err := orm.Open(url, sqlite.Driver)
		if err == nil {
			db.Close()
			t.Errorf("%s: no error", url)
			continue
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v, want %q", url, err, want)
		}
	}
	db, err := orm.Open("sqlite::memory:", sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	before, _ := filepath.Glob(filepath.Join(os.TempDir(), "quintet-sqlite-*"))
	if _, err := db.Exec(t.Context(), `CREATE TABLE t (a)`); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	_ = before
}

func TestCancel(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	var got any
	rows, err := db.Query(ctx, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(i) FROM n`)
	if err == nil {
		rows.Next()
		err = rows.Err()
		rows.Close()
	}
	if err == nil {
		t.Errorf("an endless query ended: %v", got)
	}
}
