// Command meters is a service that electricity meters post their readings to. It is the project on which Quintet's
// own server is tried, see docs/reliability.
package main

import (
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"

	"github.com/quintetgo/quintet/docs/examples/meters/readings"
)

func main() { framework.Main(open) }

// open creates the project from the environment and, in development, from the file .env.
func open() (*framework.Project, error) {
	var s framework.Settings
	if err := framework.LoadSettings(&s); err != nil {
		return nil, err
	}
	db, err := orm.Open(s.DatabaseURL, sqlite.Driver)
	if err != nil {
		return nil, err
	}
	return project(s, db), nil
}

// project wires settings, routes and apps. Tests call it with their own database.
func project(s framework.Settings, db *orm.DB) *framework.Project {
	s.Routes = func(r *web.Router) { r.Include("/readings/", "readings") }
	return framework.New(s, migrate.New(db), readings.App{DB: db})
}
