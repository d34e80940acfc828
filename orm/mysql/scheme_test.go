package mysql_test

import (
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/mysql"
)

// TestSchemeOfAnUnknownServer opens databases on a port where no server listens.
func TestSchemeOfAnUnknownServer(t *testing.T) {
	t.Parallel()
	for scheme, mariaDB := range map[string]bool{"mariadb": true, "mysql": false} {
		db := orm.MustOpen(scheme+"://guide@127.0.0.1:1/guide", mysql.Driver)
		reader, ok := db.Dialect().(dialect.TargetReader)
		if !ok || reader.ReadsTarget() != mariaDB {
			t.Errorf("%s: the dialect writes SQL of the other database", scheme)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}
