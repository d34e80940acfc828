package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/sqlite"
)

func TestDriver(t *testing.T) {
	t.Parallel()
	ormtest.RunDriver(t, func(t testing.TB) *orm.DB {
		db, err := orm.Open("sqlite:///"+filepath.ToSlash(filepath.Join(t.TempDir(), "driver.sqlite3")), sqlite.Driver)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
		return db
	})
}
