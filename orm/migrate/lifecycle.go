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
	s := p.Settings()
	a.logger, a.debug, a.databases, a.lag = p.Logger(), s.Debug, s.Databases(), s.Lag()
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

// Start implements framework.StartApp: it logs a warning for each database that lacks migrations.
func (a *App) Start(ctx context.Context) error {
	for _, p := range a.project().databases() {
		names, _, err := p.unapplied(ctx)
		if err != nil {
			return err
		}
		if len(names) > 0 {
			a.logger.LogAttrs(ctx, slog.LevelWarn, "the database lacks migrations; run migrate", slog.String("database", p.db.Name()),
				slog.Any("migrations", names))
		}
	}
	return nil
}

// Ready implements framework.ReadyApp: it returns an error if a database does not respond.
func (a *App) Ready(ctx context.Context) error {
	for _, db := range a.db.Databases() {
		rows, err := db.Query(ctx, "SELECT 1")
		if err == nil {
			err = rows.Close()
		}
		if err != nil {
			return fmt.Errorf("the database %q does not respond: %w", db.Name(), err)
		}
	}
	return nil
}

// Close implements framework.CloseApp: it closes the database, which for SQLite leaves all data in one file.
func (a *App) Close() error {
	if a.db == nil {
		return nil // Setup has reported it
	}
	return a.db.Close()
}

// DevStart implements framework.DevApp: it migrates databases without migrations, and otherwise prints which are missing.
func (a *App) DevStart(ctx context.Context, d framework.Dev) error {
	all, c := a.project(), &command.Call{Out: d.Out, Err: d.Out}
	for _, p := range all.databases() {
		names, empty, err := p.unapplied(ctx)
		if err != nil {
			return err
		}
		switch {
		case len(names) == 0:
			continue
		case !empty:
			fmt.Fprintf(d.Out, "The database lacks migrations: %s. Run migrate.\n", strings.Join(names, ", "))
			return nil
		}
		m := &migrator{project: p, c: c}
		if err := m.open(ctx); err != nil {
			return err
		}
		if err := m.plan(); err != nil {
			return err
		}
		m.heading()
		if err := m.run(ctx, executor.Options{}); err != nil {
			return err
		}
		if err := all.after(ctx); err != nil {
			return err
		}
	}
	all.warn(c)
	return nil
}
