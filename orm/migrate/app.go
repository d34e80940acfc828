package migrate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/settings"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/generate"
	"github.com/quintetgo/quintet/orm/internal/load"
	"github.com/quintetgo/quintet/orm/internal/vet"
	"github.com/quintetgo/quintet/orm/requests"
)

// App is the app of a project that owns its database: it registers the models of every app, adds the commands about
// models and migrations (makemigrations, migrate, showmigrations, sqlmigrate, squashmigrations, generate and backup),
// checks models and migrations, and closes the database at the end of the process. Create it with [New]. It is safe for
// concurrent use once the project is set up.
type App struct {
	db *orm.DB

	apps   []any
	broken error        // the problems of the models, from Use
	logger *slog.Logger // set by Setup
	debug  bool         // set by Setup

	databases []settings.Database // those of the settings, set by Setup
	lag       time.Duration       // how far replicas may be behind, set by Setup
}

// New returns the app for a project whose models are in db. List it before the apps that have models.
func New(db *orm.DB) *App { return &App{db: db} }

// Name implements framework.App.
func (*App) Name() string { return "migrate" }

// Use registers the models of apps; the commands are about these apps. A project calls it with all of its apps. The error
// joins every problem of the models.
func (a *App) Use(apps ...any) error {
	if a.db == nil {
		return errors.New("migrate: the app has no database; create it with migrate.New(db)")
	}
	a.apps = apps
	a.broken = Register(a.db, apps...)
	return a.broken
}

// Middleware implements framework.MiddlewareApp: reads go to the replicas of databases that have some, and in debug mode,
// statements that a request repeats are reported.
func (a *App) Middleware() (list []web.Middleware) {
	if a.db != nil && a.lag > 0 && slices.ContainsFunc(a.db.Databases(), func(db *orm.DB) bool { return db.Session().Replicas() > 0 }) {
		list = append(list, requests.Replicas(a.lag))
	}
	if a.debug {
		list = append(list, requests.Repeated())
	}
	return list
}

// NilField implements framework.NilFieldsApp: a template that reads a relation which the query has not loaded is an
// error, instead of a page without it.
func (a *App) NilField(object any, field string) error {
	if a.db == nil {
		return nil
	}
	return load.Unloaded(a.db.Session(), object, field)
}

func (a *App) project() project { return project{a.db, a.apps} }

// Commands implements framework.CommandsApp. If the models have problems, the commands about migrations return them and do
// nothing else: a model that could not be read looks like a removed one, and its table must not be dropped for that.
func (a *App) Commands() []command.Command {
	list := []command.Command{
		makeCommand(a.project), migrateCommand(a.project), showCommand(a.project), sqlCommand(a.project),
		squashCommand(a.project),
	}
	for i := range list {
		run := list[i].Run
		list[i].Run = func(ctx context.Context, c *command.Call) error {
			if a.broken != nil {
				return fmt.Errorf("not run because the models have problems:\n%w", a.broken)
			}
			return run(ctx, c)
		}
	}
	return append(list, generate.Command(), backupCommand(a.project), shellCommand(a.project))
}

// Checks implements framework.ChecksApp: problems of the models as a whole and of the order of migrations, and models that
// have changes without a migration. It does not read the database.
func (a *App) Checks(context.Context) []check.Problem {
	if a.db == nil {
		return nil // Setup has reported it
	}
	problems := slices.Concat(a.db.Check(), a.db.CheckDriver(), a.unopened())
	p := a.project()
	g, err := p.graph()
	if err == nil {
		_, err = g.State(nil)
	}
	if err == nil {
		err = g.Conflicts()
	}
	if err != nil {
		return append(problems, check.Problem{ID: "migrate.E001", Level: check.Error, Place: "migrations", Message: err.Error()})
	}
	if apps := p.pending(); len(apps) > 0 && check.Worst(problems) < check.Error {
		problems = append(problems, check.Problem{
			ID: "migrate.W001", Level: check.Warning, Place: strings.Join(apps, ", "),
			Message: "models have changes without a migration", Hint: "Run makemigrations.",
		})
	}
	return problems
}

// unopened returns problems of databases in the settings that the project does not open.
func (a *App) unopened() (problems []check.Problem) {
	for _, d := range a.databases {
		open := slices.Contains(a.db.Session().Aliases(), d.Alias)
		if open && len(d.Replicas) <= a.db.Using(d.Alias).Session().Replicas() {
			continue
		}
		what := fmt.Sprintf("the database %q is", d.Alias)
		if open {
			what = fmt.Sprintf("replicas of the database %q are", d.Alias)
		}
		problems = append(problems, check.Problem{
			ID: "migrate.E002", Level: check.Error, Place: "settings", Message: what + " set, and the project does not open them",
			Hint: "Call db.AddDatabases(s.Databases(), …) after orm.Open, with the drivers.",
		})
	}
	return problems
}

// SourceChecks implements framework.SourceChecksApp: queries that use the columns of the wrong model. Without a go command,
// which a server does not need, nothing is checked.
func (a *App) SourceChecks(ctx context.Context, dir string) []check.Problem {
	findings, err := vet.Run(ctx, dir)
	switch {
	case errors.Is(err, vet.ErrNoGo):
		return nil
	case errors.Is(err, vet.ErrNoTool):
		return []check.Problem{{
			ID: "ormvet.I001", Level: check.Info, Place: "go.mod", Message: "queries are not checked for columns of the wrong model, as " +
				"ormvet is not among the module's tools",
			Hint: "Run: " + vet.Install,
		}}
	case err != nil:
		return []check.Problem{{
			ID: "ormvet.W001", Level: check.Warning, Place: dir, Message: "queries could not be checked: " + err.Error(),
			Hint: "Make sure that go vet ./... succeeds.",
		}}
	}
	var problems []check.Problem
	for _, f := range findings {
		problems = append(problems, check.Problem{
			ID: "ormvet.E001", Level: check.Error, Place: f.Place, Message: f.Message,
			Hint: "Begin with the columns of the query's own model.",
		})
	}
	return problems
}

// unapplied lists the migrations that the database lacks, and reports whether it has none at all.
func (p project) unapplied(ctx context.Context) (names []string, empty bool, err error) {
	g, applied, err := p.open(ctx)
	if err != nil {
		return nil, false, err
	}
	for _, s := range g.All(applied) {
		names = append(names, s.Node.String())
	}
	return names, len(applied) == 0, nil
}
