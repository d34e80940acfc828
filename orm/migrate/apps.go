package migrate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate/executor"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// Migration is a file of changes of an app. Its fields, and the operations of migrations, are in package operations, which
// migration files import.
type Migration = operations.Migration

// MigrationsApp is implemented by apps that have migrations: func (App) Migrations() []migrate.Migration { return
// migrations.All }.
type MigrationsApp interface {
	Name() string
	Migrations() []Migration
}

// PostMigrateApp is implemented by apps that update rows after the command migrate has run, whether or not it had anything
// to do; auth creates its permissions there. PostMigrate is called more than once, also by several processes.
type PostMigrateApp interface {
	Name() string
	PostMigrate(ctx context.Context) error
}

// SetupModelsApp is implemented by apps that configure models beyond listing them, such as with an alias. SetupModels is
// called once the models of all apps are registered.
type SetupModelsApp interface {
	Name() string
	SetupModels(db *orm.DB) error
}

// Register registers the models of apps in db, in the order of the apps. The error joins every problem found. Apps without
// models are ignored.
func Register(db *orm.DB, apps ...any) error {
	var errs []error
	for _, app := range apps {
		if a, ok := app.(orm.ModelsApp); ok {
			errs = append(errs, db.Register(a.Name(), a.Models()...))
		}
	}
	for _, app := range apps {
		if a, ok := app.(SetupModelsApp); ok {
			errs = append(errs, a.SetupModels(db))
		}
	}
	return errors.Join(errs...)
}

// CreateTables creates the tables of all models registered in db, which must be empty, directly from the models: no
// migration is run and none is recorded. With several databases each gets its own tables. It is for tests.
func CreateTables(ctx context.Context, db *orm.DB) error {
	var errs []error
	for _, m := range db.Models() {
		for _, f := range append(slices.Clone(m.Fields), m.ManyToMany...) {
			if f.Relation != nil && f.Relation.To == nil {
				errs = append(errs, fmt.Errorf("%s points at %s, which is not registered: pass the app that has that model too", f,
					f.Relation.Target))
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	to := operations.FromModels(db.Models(), aliasNames(modelAliases(db)))
	for _, each := range db.Databases() {
		var hasTable func(string) bool
		if p := placement(each); p != nil {
			hasTable = p.HasTable
		}
		if err := executor.Create(ctx, each.Writer(), each.Dialect(), to, hasTable); err != nil {
			return fmt.Errorf("create the tables of all models: %w", err)
		}
	}
	return nil
}

// modelAliases returns the aliases that registered models use, in lower case, with the names of their models.
func modelAliases(db *orm.DB) map[string]string {
	aliases := map[string]string{}
	for _, m := range db.Models() {
		for _, f := range m.Fields {
			if f.Relation != nil && f.Relation.Alias != "" && f.Relation.To != nil {
				aliases[strings.ToLower(f.Relation.Alias)] = f.Relation.To.String()
			}
		}
	}
	return aliases
}

func aliasNames(aliases map[string]string) map[string][]string {
	names := map[string][]string{}
	for alias, model := range aliases {
		names[alias] = []string{model}
	}
	return names
}
