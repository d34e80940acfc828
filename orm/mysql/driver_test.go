package mysql_test

import (
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
	"github.com/quintetgo/quintet/orm/ormtest/testdb"
)

func TestDriver(t *testing.T) {
	t.Parallel()
	ormtest.RunDriver(t, func(t testing.TB) *orm.DB { return testdb.MariaDB(t) })
}
