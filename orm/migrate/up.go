package migrate

import (
	"context"
	"errors"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate/executor"
)

// Up registers the models of apps in db and applies every migration that a database lacks, then calls PostMigrate, as the
// command migrate does. It may be called concurrently, also by several processes.
func Up(ctx context.Context, db *orm.DB, apps ...any) error {
	if err := Register(db, apps...); err != nil {
		return err
	}
	p := project{db, apps}
	for _, each := range p.databases() {
		if err := each.up(ctx); err != nil {
			return err
		}
	}
	return p.after(ctx)
}

// UpProject is [Up] for the database of a project's migrate.App and the migrations of its apps. It returns an error for a
// project without a migrate.App.
func UpProject(ctx context.Context, p *framework.Project) error {
	apps := make([]any, 0, len(p.Apps()))
	var app *App
	for _, each := range p.Apps() {
		apps = append(apps, each)
		if found, ok := each.(*App); ok {
			app = found
		}
	}
	if app == nil || app.db == nil {
		return errors.New("the project has no migrate.App with a database; give framework.New a migrate.New(db)")
	}
	return Up(ctx, app.db, apps...)
}

func (p project) up(ctx context.Context) error {
	g, applied, err := p.open(ctx)
	if err != nil {
		return err
	}
	if err := g.Conflicts(); err != nil {
		return err
	}
	return p.runner(g).Run(ctx, g.All(applied), executor.Options{})
}

// To takes one app of apps to one of its migrations, forward or backward, as the command migrate APP NAME does, in each
// database that has a table of it. The name may be shortened to a unique beginning; "zero" undoes all of them.
func To(ctx context.Context, db *orm.DB, app, name string, apps ...any) error {
	if err := Register(db, apps...); err != nil {
		return err
	}
	for _, p := range (project{db, apps}).databases() {
		g, applied, err := p.open(ctx)
		if err != nil {
			return err
		}
		if !g.Has(app) {
			continue
		}
		steps, err := g.To(app, name, applied)
		if err != nil {
			return err
		}
		if err := p.runner(g).Run(ctx, steps, executor.Options{}); err != nil {
			return err
		}
	}
	return nil
}

func (p project) runner(g *executor.Graph) *executor.Runner {
	return &executor.Runner{DB: p.db.Writer(), Dialect: p.db.Dialect(), Graph: g}
}
