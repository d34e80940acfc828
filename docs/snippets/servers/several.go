package servers

import (
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/postgres"
	"github.com/quintetgo/quintet/orm/requests"
	"github.com/quintetgo/quintet/orm/router"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// openSeveral opens every database of the settings. The tables of the app audit are in the one with the alias logs.
func openSeveral(s framework.Settings) (*orm.DB, error) {
	db, err := orm.Open(s.DatabaseURL, postgres.Driver, sqlite.Driver)
	if err != nil {
		return nil, err
	}
	if err := db.AddDatabases(s.Databases(), postgres.Driver, sqlite.Driver); err != nil {
		return nil, err
	}
	db.Route(router.Map{
		"audit":      {"logs"},
		"shop.Order": {"default", "archive"},
	})
	return db, nil
}

// replicated lets requests read from replicas.
func replicated(s *framework.Settings) {
	s.Middleware = append(s.Middleware, requests.Replicas(s.Lag()))
}
