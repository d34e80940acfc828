package migrate

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm/migrate/autodetect"
	"github.com/quintetgo/quintet/orm/migrate/executor"
)

func migrateCommand(p func() project) command.Command {
	var plan, check, fake, fakeInitial bool
	var database string
	return command.Command{
		Name: "migrate", Usage: "[APP [NAME|zero]]", MaxArgs: 2,
		Short: "Apply migrations, or take an app to one of its migrations",
		Long: "Apply migrations, or take an app to one of its migrations. A project with several databases applies them to each that\n" +
			"has a table of the app.",
		Example: "migrate\nmigrate --plan\nmigrate blog 0002\nmigrate blog zero\nmigrate --database logs",
		Flags: func(f *flag.FlagSet) {
			f.BoolVar(&plan, "plan", false, "show what would be done")
			f.BoolVar(&check, "check", false, "do nothing; exit 1 if there is something to do")
			f.BoolVar(&fake, "fake", false, "record the migrations without running them, if the tables are right already")
			f.BoolVar(&fakeInitial, "fake-initial", false, "record first migrations whose tables exist, without running them")
			databaseFlag(f, &database)
		},
		Run: func(ctx context.Context, c *command.Call) error {
			all := p()
			runs, err := migrators(ctx, all, c, database)
			if err != nil {
				return err
			}
			lacks := false
			for _, m := range runs {
				lacks = lacks || len(m.steps) > 0
				if check && len(m.steps) == 0 {
					continue
				}
				m.heading()
				if plan || check {
					err = m.show(ctx)
				} else {
					err = m.run(ctx, executor.Options{Fake: fake, FakeInitial: fakeInitial})
				}
				if err != nil {
					return err
				}
			}
			switch {
			case check && lacks && !plan:
				return command.Exit(1, errors.New("the database lacks migrations; run migrate"))
			case plan || check:
				return nil
			}
			if err := all.after(ctx); err != nil {
				return err
			}
			all.warn(c)
			return nil
		},
	}
}

// migrators returns a run of migrate for each database that it is about: the one with the alias, or without one each that has
// tables of the app in the arguments.
func migrators(ctx context.Context, all project, c *command.Call, alias string) ([]*migrator, error) {
	if len(c.Args) > 0 {
		if err := all.checkApps(c.Args[:1]); err != nil {
			return nil, command.Usagef("%v", err)
		}
	}
	databases, err := all.selected(alias)
	if err != nil {
		return nil, err
	}
	var list []*migrator
	for _, p := range databases {
		m := &migrator{project: p, c: c}
		if err := m.open(ctx); err != nil {
			return nil, err
		}
		if len(c.Args) > 0 && !m.g.Has(c.Args[0]) {
			if alias != "" {
				return nil, command.Usagef("the database %q has no table of the app %q", alias, c.Args[0])
			}
			continue
		}
		if err := m.plan(); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// migrator is one run of migrate.
type migrator struct {
	project
	c       *command.Call
	g       *executor.Graph
	applied executor.Applied
	steps   []executor.Step
}

// open reads which migrations the database has.
func (m *migrator) open(ctx context.Context) (err error) {
	m.g, m.applied, err = m.project.open(ctx)
	return err
}

// heading prints which database the lines that follow are about, in a project with several.
func (m *migrator) heading() {
	if len(m.db.Databases()) > 1 {
		m.c.Printf("Database %s:\n", m.db.Name())
	}
}

// plan sets the steps to run, and prints warnings about migrations that were changed.
func (m *migrator) plan() (err error) {
	g, applied := m.g, m.applied
	if err := errors.Join(g.Conflicts(), g.Gaps(applied)); err != nil {
		return err
	}
	for _, n := range g.Edited(applied) {
		fmt.Fprintf(m.c.Err, "warning: %s was changed after it had been applied; the database has its earlier effect\n", n)
	}
	if len(m.c.Args) == 0 {
		m.steps = g.All(applied)
		return nil
	}
	name := ""
	if len(m.c.Args) > 1 {
		name = m.c.Args[1]
	}
	if m.steps, err = g.To(m.c.Args[0], name, applied); err != nil {
		return command.Usagef("%v", err)
	}
	return nil
}

// show prints steps, and their effects on indexes, triggers and views that no migration describes.
func (m *migrator) show(ctx context.Context) error {
	steps := m.steps
	if len(steps) == 0 {
		m.c.Printf("Nothing to do.\n")
		return nil
	}
	effects, err := m.runner(m.g).Preview(ctx, steps, m.applied)
	if err != nil {
		return err
	}
	for i, s := range steps {
		verb := ""
		if s.Backward {
			verb = "undo "
		}
		m.c.Printf("%s%s\n", verb, s.Node)
		for k, op := range s.Node.Migration.Operations {
			m.c.Printf("    %s\n", op.Describe())
			for _, line := range effects[i][k] {
				m.c.Printf("        %s\n", line)
			}
		}
	}
	return nil
}

func (m *migrator) run(ctx context.Context, o executor.Options) error {
	open := false // a line is not complete
	runner := &executor.Runner{
		DB: m.db.Writer(), Dialect: m.db.Dialect(), Graph: m.g,
		Start: func(s executor.Step) {
			verb := "Applying"
			if s.Backward {
				verb = "Undoing"
			}
			m.c.Printf("%s %s …", verb, s.Node)
			open = true
		},
		Finish: func(_ executor.Step, outcome executor.Outcome, took time.Duration) {
			switch outcome {
			case executor.Waiting:
				m.c.Printf(" waiting for another process …")
				return
			case executor.Faked:
				m.c.Printf(" recorded only\n")
			case executor.Already:
				m.c.Printf(" another process was faster\n")
			default:
				m.c.Printf(" done (%s)\n", took.Round(time.Millisecond))
			}
			open = false
		},
	}
	err := runner.Run(ctx, m.steps, o)
	if open {
		m.c.Printf("\n")
	}
	if err != nil {
		return err
	}
	if len(m.steps) == 0 {
		m.c.Printf("Nothing to do.\n")
	}
	return nil
}

// after calls PostMigrate of the apps if every database has every migration.
func (p project) after(ctx context.Context) error {
	for _, each := range p.databases() {
		g, applied, err := each.open(ctx)
		if err != nil || len(g.All(applied)) > 0 {
			return err
		}
	}
	for _, app := range p.apps {
		if a, ok := app.(PostMigrateApp); ok {
			if err := a.PostMigrate(ctx); err != nil {
				return fmt.Errorf("app %s, after migrate: %w", a.Name(), err)
			}
		}
	}
	return nil
}

// warn prints which apps have changes without a migration.
func (p project) warn(c *command.Call) {
	if apps := p.pending(); len(apps) > 0 {
		fmt.Fprintf(c.Err, "warning: models of %s have changes without a migration; run makemigrations\n", strings.Join(apps, ", "))
	}
}

// pending lists the apps whose models differ from their migrations.
func (p project) pending() []string {
	g, err := p.graph()
	if err != nil {
		return nil
	}
	from, err := g.State(nil)
	if err != nil {
		return nil
	}
	drafts, err := autodetect.Changes(from, p.models(), autodetect.Options{Look: true})
	if err != nil {
		return nil
	}
	var apps []string
	for _, d := range drafts {
		if len(apps) == 0 || apps[len(apps)-1] != d.App {
			apps = append(apps, d.App)
		}
	}
	return apps
}
