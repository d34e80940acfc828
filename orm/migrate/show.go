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
	App       string     `json:"app"`
	Name      string     `json:"name"`
	Applied   bool       `json:"applied"`
	AppliedAt *time.Time `json:"applied_at,omitempty"`
}

func showCommand(p func() project) command.Command {
	var asJSON bool
	return command.Command{
		Name: "showmigrations", Usage: "[APP…]", MaxArgs: -1,
		Short:   "List the migrations and whether the database has them",
		Example: "showmigrations\nshowmigrations blog --json",
		Flags:   func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "write JSON") },
		Run: func(ctx context.Context, c *command.Call) error {
			p := p()
			if err := p.checkApps(c.Args); err != nil {
				return command.Usagef("%v", err)
			}
			g, applied, err := p.open(ctx)
			if err != nil {
				return err
			}
			if asJSON {
				return showJSON(c, g, applied)
			}
			for _, app := range p.apps {
				name := app.(named).Name()
				_, models := app.(orm.ModelsApp)
				list := g.App(name)
				if len(c.Args) > 0 && !slices.Contains(c.Args, name) || len(list) == 0 && !models {
					continue
				}
				c.Printf("%s\n", name)
				if len(list) == 0 {
					c.Printf("    (no migrations)\n")
				}
				for _, n := range list {
					mark := " "
					if n.In(applied) {
						mark = "X"
					}
					c.Printf("    [%s] %s\n", mark, n.Migration.Name)
				}
			}
			return nil
		},
	}
}

func showJSON(c *command.Call, g *executor.Graph, applied executor.Applied) error {
	list := []listed{}
	for _, app := range g.Apps() {
		if len(c.Args) > 0 && !slices.Contains(c.Args, app) {
			continue
		}
		for _, n := range g.App(app) {
			s := listed{App: app, Name: n.Migration.Name, Applied: n.In(applied)}
			if r, ok := applied[n.Key()]; ok && !r.AppliedAt.IsZero() {
				s.AppliedAt = &r.AppliedAt
			}
			list = append(list, s)
		}
	}
	encoder := json.NewEncoder(c.Out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(list)
}

func sqlCommand(p func() project) command.Command {
	var backwards bool
	return command.Command{
		Name: "sqlmigrate", Usage: "APP NAME", MinArgs: 2, MaxArgs: 2,
		Short:   "Show the SQL of a migration, without a database",
		Example: "sqlmigrate blog 0002\nsqlmigrate blog 0002 --backwards",
		Flags:   func(f *flag.FlagSet) { f.BoolVar(&backwards, "backwards", false, "the SQL that undoes it") },
		Run: func(_ context.Context, c *command.Call) error {
			p := p()
			g, err := p.graph()
			if err != nil {
				return err
			}
			if err := p.checkApps(c.Args[:1]); err != nil {
				return command.Usagef("%v", err)
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
