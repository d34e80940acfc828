package changes_test

import (
	"path/filepath"
	"testing"

	"github.com/quintetgo/quintet/docs/snippets/changes"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

func TestForwardAndBack(t *testing.T) {
	t.Parallel()
	db, err := orm.Open("sqlite:///"+filepath.Join(t.TempDir(), "db.sqlite3"), sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	ctx := t.Context()
	if err := migrate.To(ctx, db, "concerts", "0001", changes.App{}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(ctx, "INSERT INTO concerts_concert (title, price) VALUES ('Minor Swing', 12)"); err != nil {
		t.Fatal(err)
	}
	if err := migrate.To(ctx, db, "concerts", "0004", changes.App{}); err != nil {
		t.Fatal(err)
	}
	want(t, db, "SELECT slug || '/' || label || '/' || fee FROM concerts_concert", "minor-swing/Minor Swing (12)/12")
	if err := migrate.To(ctx, db, "concerts", "0001", changes.App{}); err != nil {
		t.Fatal(err)
	}
	want(t, db, "SELECT title || '/' || price FROM concerts_concert", "Minor Swing/12")
	if err := migrate.To(ctx, db, "concerts", "zero", changes.App{}); err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, db *orm.DB, query, text string) {
	t.Helper()
	var got string
	rows, err := db.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&got); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil || got != text {
		t.Errorf("%s: %q, %v; want %q", query, got, err, text)
	}
}
