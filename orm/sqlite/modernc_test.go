//go:build !cgo || purego

package sqlite_test

import (
	"path/filepath"
	"testing"

	modernc "modernc.org/sqlite"
)

func TestPureGoDriver(t *testing.T) {
	t.Parallel()
	driver := openAt(t, filepath.Join(t.TempDir(), "db.sqlite3")).Writer().Driver()
	if _, ok := driver.(*modernc.Driver); !ok {
		t.Errorf("a build without cgo, or with the tag purego, uses %T", driver)
	}
}
