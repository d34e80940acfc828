package mysql_test

import (
	"crypto/rand"
	"database/sql"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/mysql"
	"github.com/quintetgo/quintet/orm/ormtest"

	_ "github.com/go-sql-driver/mysql"
)

func TestDriver(t *testing.T) {
	t.Parallel()
	ormtest.RunDriver(t, open)
}

func open(t testing.TB) *orm.DB {
	t.Helper()
	name := "quintet_mysql_" + strings.ToLower(rand.Text()[:10])
	admin, err := sql.Open("mysql", "root@tcp(127.0.0.1:3306)/")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.Exec("CREATE DATABASE " + name + " CHARACTER SET utf8mb4"); err != nil {
		t.Fatal(err)
	}
	db, err := orm.Open("mysql://root@127.0.0.1/"+name, mysql.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		_, _ = admin.Exec("DROP DATABASE " + name)
		admin.Close()
	})
	return db
}
