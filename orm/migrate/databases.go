package migrate

import (
	"flag"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate/executor"
	"github.com/quintetgo/quintet/orm/router"
)

// placement returns what the database of a handle has, or nil without a router.
func placement(db *orm.DB) *executor.Placement {
	routes := db.Router()
	if routes == nil {
		return nil
	}
	alias := db.Name()
	return &executor.Placement{
		HasTable: func(model string) bool { return routes.HasTable(alias, model) },
		Main:     alias == router.Default,
	}
}

// databases returns the project on each database that may have tables: all of them with a router, else the default one.
func (p project) databases() []project {
	if p.db.Router() == nil {
		return []project{p}
	}
	var all []project
	for _, db := range p.db.Databases() {
		all = append(all, project{db, p.apps})
	}
	return all
}

// databaseFlag adds the flag --database.
func databaseFlag(f *flag.FlagSet, alias *string) {
	f.StringVar(alias, "database", "", "only the database with this `alias`")
}

// selected returns the project on the database with an alias, or on all databases if it is "".
func (p project) selected(alias string) ([]project, error) {
	if alias == "" {
		return p.databases(), nil
	}
	var known []string
	for _, db := range p.db.Databases() {
		if db.Name() == alias {
			return []project{{db, p.apps}}, nil
		}
		known = append(known, db.Name())
	}
	return nil, command.Usagef("the project has no database %q%s", alias, check.DidYouMean(alias, known))
}

// planned returns the migrations of the database with an alias, or of the first one that has those of an app, without
// reading it.
func (p project) planned(app, alias string) (project, *executor.Graph, error) {
	databases, err := p.selected(alias)
	if err != nil {
		return p, nil, err
	}
	var g *executor.Graph
	for _, p = range databases {
		g, err = executor.NewGraph(p.migrations(), executor.Config{Aliases: p.aliases(), Unfinished: true, Placement: placement(p.db)})
		if err != nil || g.Has(app) {
			break
		}
	}
	return p, g, err
}
