//go:build cgo && !purego

package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/mattn/go-sqlite3"
)

func TestCgoDriver(t *testing.T) {
	t.Parallel()
	driver := openAt(t, filepath.Join(t.TempDir(), "db.sqlite3")).Writer().Driver()
	if _, ok := driver.(*sqlite3.SQLiteDriver); !ok {
		t.Errorf("a build with cgo uses %T", driver)
	}
}
