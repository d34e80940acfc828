package migrate

import (
	"context"
	"encoding/json"
	"flag"
	"slices"
	"time"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate/executor"
)

// listed is an element of the output of showmigrations --json.
type listed struct {
	Database  string     `json:"database"`
	App       string     `json:"app"`
	Name      string     `json:"name"`
	Applied   bool       `json:"applied"`
	AppliedAt *time.Time `json:"applied_at,omitempty"`
}

func showCommand(p func() project) command.Command {
	var asJSON bool
	var database string
	return command.Command{
		Name: "showmigrations", Usage: "[APP…]", MaxArgs: -1,
		Short:   "List the migrations and whether the database has them",
		Example: "showmigrations\nshowmigrations blog --json",
		Flags: func(f *flag.FlagSet) {
			f.BoolVar(&asJSON, "json", false, "write JSON")
			databaseFlag(f, &database)
		},
		Run: func(ctx context.Context, c *command.Call) error {
			p := p()
			if err := p.checkApps(c.Args); err != nil {
				return command.Usagef("%v", err)
			}
			databases, err := p.selected(database)
			if err != nil {
				return err
			}
			list := []listed{}
			for _, each := range databases {
				m := migrator{project: each, c: c}
				if err := m.open(ctx); err != nil {
					return err
				}
				if asJSON {
					list = append(list, m.listed()...)
					continue
				}
				m.heading()
				m.list()
			}
			if !asJSON {
				return nil
			}
			encoder := json.NewEncoder(c.Out)
			encoder.SetIndent("", "  ")
			return encoder.Encode(list)
		},
	}
}

// list prints the migrations of the database by app.
func (m *migrator) list() {
	for _, app := range m.apps {
		name := app.(named).Name()
		_, models := app.(orm.ModelsApp)
		list := m.g.App(name)
		if len(m.c.Args) > 0 && !slices.Contains(m.c.Args, name) || len(list) == 0 && !models || !m.g.Has(name) {
			continue
		}
		m.c.Printf("%s\n", name)
		if len(list) == 0 {
			m.c.Printf("    (no migrations)\n")
		}
		for _, n := range list {
			mark := " "
			if n.In(m.applied) {
				mark = "X"
			}
			m.c.Printf("    [%s] %s\n", mark, n.Migration.Name)
		}
	}
}

// listed returns the migrations of the database for JSON.
func (m *migrator) listed() (list []listed) {
	c, g, applied := m.c, m.g, m.applied
	for _, app := range g.Apps() {
		if len(c.Args) > 0 && !slices.Contains(c.Args, app) || !g.Has(app) {
			continue
		}
		for _, n := range g.App(app) {
			s := listed{Database: m.db.Name(), App: app, Name: n.Migration.Name, Applied: n.In(applied)}
			if r, ok := applied[n.Key()]; ok && !r.AppliedAt.IsZero() {
				s.AppliedAt = &r.AppliedAt
			}
			list = append(list, s)
		}
	}
	return list
}

func sqlCommand(p func() project) command.Command {
	var backwards bool
	var database string
	return command.Command{
		Name: "sqlmigrate", Usage: "APP NAME", MinArgs: 2, MaxArgs: 2,
		Short:   "Show the SQL of a migration, without a database",
		Example: "sqlmigrate blog 0002\nsqlmigrate blog 0002 --backwards",
		Flags: func(f *flag.FlagSet) {
			f.BoolVar(&backwards, "backwards", false, "the SQL that undoes it")
			databaseFlag(f, &database)
		},
		Run: func(_ context.Context, c *command.Call) error {
			p := p()
			if err := p.checkApps(c.Args[:1]); err != nil {
				return command.Usagef("%v", err)
			}
			p, g, err := p.planned(c.Args[0], database)
			if err != nil {
				return err
			}
			n, err := g.Find(c.Args[0], c.Args[1])
			if err != nil {
				return command.Usagef("%v", err)
			}
			return showSQL(c, g, executor.Step{Node: n, Backward: backwards}, p.db.Dialect())
		},
	}
}

func showSQL(c *command.Call, g *executor.Graph, step executor.Step, d dialect.Dialect) error {
	operations, err := g.SQL(d, step)
	if err != nil {
		return err
	}
	var before, after []string
	if planner, ok := d.(dialect.Planner); ok {
		before, after = planner.Script()
	}
	for _, line := range before {
		c.Printf("%s\n", line)
	}
	for _, o := range operations {
		c.Printf("--\n-- %s\n--\n", o.Operation.Describe())
		for _, line := range o.Lines {
			c.Printf("%s\n", line)
		}
	}
	for _, line := range after {
		c.Printf("%s\n", line)
	}
	return nil
}
