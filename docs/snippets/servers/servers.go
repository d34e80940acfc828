// Package servers holds the code of the guide to databases.
package servers

import (
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/postgres"
	"github.com/quintetgo/quintet/orm/sqlite"
)

func open(s framework.Settings) (*orm.DB, error) {
	return orm.Open(s.DatabaseURL, postgres.Driver)
}

func openEither(s framework.Settings) (*orm.DB, error) {
	return orm.Open(s.DatabaseURL, postgres.Driver, sqlite.Driver)
}
