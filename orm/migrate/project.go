package migrate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate/executor"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// named is implemented by every app.
type named interface{ Name() string }

// project is a database with the apps of the site. Without a router, the tables of all models are in the database.
type project struct {
	db   *orm.DB
	apps []any
}

// migrations lists the apps that have migrations.
func (p project) migrations() []executor.App {
	var list []executor.App
	for _, app := range p.apps {
		if a, ok := app.(MigrationsApp); ok {
			list = append(list, executor.App{Name: a.Name(), Migrations: a.Migrations()})
		}
	}
	return list
}

// aliases returns the aliases that models or migrations use, in lower case, with the names of their present models.
func (p project) aliases() map[string]string {
	aliases := modelAliases(p.db)
	add := func(name string) {
		if name == "" {
			return
		}
		if m, err := p.db.Model(name); err == nil && !strings.EqualFold(m.String(), name) {
			aliases[strings.ToLower(name)] = m.String()
		}
	}
	for _, app := range p.migrations() {
		for _, m := range app.Migrations {
			for _, d := range m.Depends {
				add(d.Model)
			}
			for _, op := range m.Operations {
				switch op := op.(type) {
				case operations.CreateModel:
					for _, f := range op.Fields {
						add(f.Options.To)
					}
				case operations.AddField:
					add(op.Field.Options.To)
				case operations.AlterField:
					add(op.Field.Options.To)
				}
			}
		}
	}
	return aliases
}

// graph returns the migrations in order, without a database. A model behind an alias may have no migration yet.
func (p project) graph() (*executor.Graph, error) {
	return executor.NewGraph(p.migrations(), executor.Config{Aliases: p.aliases(), Unfinished: true})
}

// open reads which migrations the database has, and returns them with the migrations in order.
func (p project) open(ctx context.Context) (*executor.Graph, executor.Applied, error) {
	applied, err := executor.ReadApplied(ctx, p.db.Writer(), p.db.Dialect())
	if err != nil {
		return nil, nil, err
	}
	g, err := executor.NewGraph(p.migrations(), executor.Config{Aliases: p.aliases(), Applied: applied, Placement: placement(p.db)})
	if err != nil {
		return nil, nil, err
	}
	return g, applied, nil
}

// models returns the state that the registered models describe.
func (p project) models() *operations.State {
	return operations.FromModels(p.db.Models(), aliasNames(p.aliases()))
}

// checkApps returns an error for a name that is no app with models or migrations.
func (p project) checkApps(names []string) error {
	var known []string
	for _, app := range p.apps {
		_, models := app.(orm.ModelsApp)
		_, migrations := app.(MigrationsApp)
		if models || migrations {
			known = append(known, app.(named).Name())
		}
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return fmt.Errorf("the project has no app %q with models or migrations%s", name, check.DidYouMean(name, known))
		}
	}
	return nil
}

// app finds an app by name.
func (p project) app(name string) any {
	for _, app := range p.apps {
		if app.(named).Name() == name {
			return app
		}
	}
	return nil
}
