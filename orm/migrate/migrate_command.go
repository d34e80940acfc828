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
	return command.Command{
		Name: "migrate", Usage: "[APP [NAME|zero]]", MaxArgs: 2,
		Short:   "Apply migrations, or take an app to one of its migrations",
		Example: "migrate\nmigrate --plan\nmigrate blog 0002\nmigrate blog zero",
		Flags: func(f *flag.FlagSet) {
			f.BoolVar(&plan, "plan", false, "show what would be done")
			f.BoolVar(&check, "check", false, "do nothing; exit 1 if there is something to do")
			f.BoolVar(&fake, "fake", false, "record the migrations without running them, if the tables are right already")
			f.BoolVar(&fakeInitial, "fake-initial", false, "record first migrations whose tables exist, without running them")
		},
		Run: func(ctx context.Context, c *command.Call) error {
			m := migrator{project: p(), c: c}
			steps, err := m.steps(ctx)
			switch {
			case err != nil:
				return err
			case plan:
				return m.show(ctx, steps)
			case check:
				if len(steps) == 0 {
					return nil
				}
				if err := m.show(ctx, steps); err != nil {
					return err
				}
				return command.Exit(1, errors.New("the database lacks migrations; run migrate"))
			}
			return m.run(ctx, steps, executor.Options{Fake: fake, FakeInitial: fakeInitial})
		},
	}
}

// migrator is one run of migrate.
type migrator struct {
	project
	c       *command.Call
	g       *executor.Graph
	applied executor.Applied
}

// steps returns the steps to run, and prints warnings about migrations that were changed.
func (m *migrator) steps(ctx context.Context) ([]executor.Step, error) {
	g, applied, err := m.open(ctx)
	if err != nil {
		return nil, err
	}
	m.g, m.applied = g, applied
	if err := errors.Join(g.Conflicts(), g.Gaps(applied)); err != nil {
		return nil, err
	}
	for _, n := range g.Edited(applied) {
		fmt.Fprintf(m.c.Err, "warning: %s was changed after it had been applied; the database has its earlier effect\n", n)
	}
	if len(m.c.Args) == 0 {
		return g.All(applied), nil
	}
	if err := m.checkApps(m.c.Args[:1]); err != nil {
		return nil, command.Usagef("%v", err)
	}
	name := ""
	if len(m.c.Args) > 1 {
		name = m.c.Args[1]
	}
	steps, err := g.To(m.c.Args[0], name, applied)
	if err != nil {
		return nil, command.Usagef("%v", err)
	}
	return steps, nil
}

// show prints steps, and their effects on indexes, triggers and views that no migration describes.
func (m *migrator) show(ctx context.Context, steps []executor.Step) error {
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

func (m *migrator) run(ctx context.Context, steps []executor.Step, o executor.Options) error {
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
	err := runner.Run(ctx, steps, o)
	if open {
		m.c.Printf("\n")
	}
	if err != nil {
		return err
	}
	if len(steps) == 0 {
		m.c.Printf("Nothing to do.\n")
	}
	if err := m.after(ctx); err != nil {
		return err
	}
	m.warn()
	return nil
}

// after calls PostMigrate of the apps if the database has every migration.
func (p project) after(ctx context.Context) error {
	g, applied, err := p.open(ctx)
	if err != nil || len(g.All(applied)) > 0 {
		return err
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
func (m *migrator) warn() {
	if apps := m.pending(); len(apps) > 0 {
		fmt.Fprintf(m.c.Err, "warning: models of %s have changes without a migration; run makemigrations\n", strings.Join(apps, ", "))
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
