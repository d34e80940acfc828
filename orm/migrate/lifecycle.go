package migrate

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"strings"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate/executor"
)

var (
	_ framework.SetupApp      = (*App)(nil)
	_ framework.MiddlewareApp = (*App)(nil)
	_ framework.NilFieldsApp  = (*App)(nil)
	_ framework.CommandsApp   = (*App)(nil)
	_ framework.ChecksApp     = (*App)(nil)
	_ framework.StartApp      = (*App)(nil)
	_ framework.ReadyApp      = (*App)(nil)
	_ framework.DevApp        = (*App)(nil)
	_ framework.CloseApp      = (*App)(nil)
	_ framework.InterfacesApp = (*App)(nil)
)

// Setup implements framework.SetupApp: it registers the models of all apps of the project.
func (a *App) Setup(p *framework.Project) error {
	var apps []any
	for _, app := range p.Apps() {
		apps = append(apps, app)
	}
	a.logger, a.debug = p.Logger(), p.Settings().Debug
	return a.Use(apps...)
}

// OptionalInterfaces implements framework.InterfacesApp.
func (*App) OptionalInterfaces() map[string]reflect.Type {
	return map[string]reflect.Type{
		"Models":      reflect.TypeFor[orm.ModelsApp](),
		"Migrations":  reflect.TypeFor[MigrationsApp](),
		"PostMigrate": reflect.TypeFor[PostMigrateApp](),
		"SetupModels": reflect.TypeFor[SetupModelsApp](),
	}
}

// Start implements framework.StartApp: it logs a warning if the database lacks migrations.
func (a *App) Start(ctx context.Context) error {
	names, _, err := a.unapplied(ctx)
	if err != nil {
		return err
	}
	if len(names) > 0 {
		a.logger.LogAttrs(ctx, slog.LevelWarn, "the database lacks migrations; run migrate", slog.Any("migrations", names))
	}
	return nil
}

// Ready implements framework.ReadyApp: it returns an error if the database does not respond.
func (a *App) Ready(ctx context.Context) error {
	rows, err := a.db.Query(ctx, "SELECT 1")
	if err != nil {
		return fmt.Errorf("the database does not respond: %w", err)
	}
	return rows.Close()
}

// Close implements framework.CloseApp: it closes the database, which for SQLite leaves all data in one file.
func (a *App) Close() error {
	if a.db == nil {
		return nil // Setup has reported it
	}
	return a.db.Close()
}

// DevStart implements framework.DevApp: it migrates a database without migrations, and otherwise prints which are missing.
func (a *App) DevStart(ctx context.Context, d framework.Dev) error {
	names, empty, err := a.unapplied(ctx)
	if err != nil {
		return err
	}
	m := migrator{project: a.project(), c: &command.Call{Out: d.Out, Err: d.Out}}
	switch {
	case len(names) == 0:
		m.warn()
	case empty:
		steps, err := m.steps(ctx)
		if err != nil {
			return err
		}
		return m.run(ctx, steps, executor.Options{})
	default:
		fmt.Fprintf(d.Out, "The database lacks migrations: %s. Run migrate.\n", strings.Join(names, ", "))
	}
	return nil
}
