package migrate

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm/migrate/executor"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/optimizer"
	"github.com/quintetgo/quintet/orm/migrate/rows"
)

func squashCommand(p func() project) command.Command {
	var name string
	var dryRun bool
	return command.Command{
		Name: "squashmigrations", Usage: "APP [FIRST] LAST", MinArgs: 2, MaxArgs: 3,
		Short: "Join migrations of an app into a single shorter one",
		Long: "Writes a migration with the combined effect of the migrations from FIRST (by default the app's first one) to LAST, " +
			"with fewer operations. New databases run it instead of them; databases that have all of them count as having it. " +
			"Once every database has it, delete the old files and its Replaces line.",
		Example: "squashmigrations blog 0009",
		Flags: func(f *flag.FlagSet) {
			f.StringVar(&name, "name", "", "name of the migration, after its number")
			f.BoolVar(&dryRun, "dry-run", false, "show what would be written")
		},
		Run: func(_ context.Context, c *command.Call) error {
			m := makemigrations{project: p(), options: makeOptions{name: name, dryRun: dryRun}, call: c}
			if err := m.checkNames(c.Args[:1]); err != nil {
				return err
			}
			return m.squash()
		},
	}
}

// squash writes one migration that replaces several.
func (m makemigrations) squash() error {
	g, err := m.graph()
	if err != nil {
		return err
	}
	app := m.call.Args[0]
	last, err := g.Find(app, m.call.Args[len(m.call.Args)-1])
	if err != nil {
		return command.Usagef("%v", err)
	}
	var first *executor.Node
	if len(m.call.Args) == 3 {
		if first, err = g.Find(app, m.call.Args[1]); err != nil {
			return command.Usagef("%v", err)
		}
	}
	nodes, err := between(g, first, last)
	if err != nil {
		return err
	}
	d, before, err := m.joined(nodes)
	if err != nil {
		return err
	}
	if err := m.sameModels(g, nodes, d); err != nil {
		return err
	}
	m.call.Printf("%d operations of %d migrations became %d.\n", before, len(nodes), len(d.migration.Operations))
	if m.options.dryRun {
		m.describe(d, "")
		return nil
	}
	return m.write([]draft{d})
}

// between returns the migrations of an app from first, nil for its beginning, to last.
func between(g *executor.Graph, first, last *executor.Node) ([]*executor.Node, error) {
	var nodes []*executor.Node
	for n := last; ; {
		nodes = append(nodes, n)
		var parents []*executor.Node
		for _, p := range n.Parents {
			if p.App == n.App {
				parents = append(parents, p)
			}
		}
		switch {
		case n == first || first == nil && len(parents) == 0:
			slices.Reverse(nodes)
			if len(nodes) == 1 {
				return nil, command.Usagef("there is only one migration from %s to %s", n.Migration.Name, last.Migration.Name)
			}
			return nodes, nil
		case len(parents) == 0:
			return nil, command.Usagef("%s does not come before %s", first, last)
		case len(parents) > 1:
			return nil, fmt.Errorf("%s joins branches; squash up to the migration before it, or starting with it", n)
		}
		n = parents[0]
	}
}

// joined returns a migration that replaces nodes, and the number of their operations.
func (m makemigrations) joined(nodes []*executor.Node) (draft, int, error) {
	first, last := nodes[0], nodes[len(nodes)-1]
	migration := operations.Migration{}
	var list []operations.Operation
	for _, n := range nodes {
		migration.Replaces = append(migration.Replaces, n.Migration.Name)
		for _, d := range n.Migration.Depends {
			inside := d.App == n.App && slices.ContainsFunc(nodes, func(o *executor.Node) bool { return o.Migration.Name == d.Name })
			if !inside && !slices.Contains(migration.Depends, d) {
				migration.Depends = append(migration.Depends, d)
			}
		}
		for i, op := range n.Migration.Operations {
			if _, ok := op.(rows.RunGo); ok {
				return draft{}, 0, fmt.Errorf("%s runs Go code in operation %d, which cannot be moved; squash up to the migration "+
					"before it, or from the one after it", n, i+1)
			}
			list = append(list, op)
		}
	}
	migration.Operations = optimizer.Optimize(first.App, list)
	number, _, _ := strings.Cut(first.Migration.Name, "_")
	name := m.options.name
	if name == "" {
		name = "squashed_" + last.Migration.Name
	}
	migration.Name = number + "_" + name
	return draft{first.App, migration}, len(list), nil
}

// sameModels returns an error if the joined migration leads to other models or closes a cycle of dependencies.
func (m makemigrations) sameModels(g *executor.Graph, nodes []*executor.Node, d draft) error {
	last := nodes[len(nodes)-1]
	want, err := g.State(nil)
	if err != nil {
		return err
	}
	apps := m.migrations()
	for i := range apps {
		if apps[i].Name == d.app {
			apps[i].Migrations = append(slices.Clone(apps[i].Migrations), d.migration)
		}
	}
	joined, err := executor.NewGraph(apps, executor.Config{Aliases: m.aliases(), Unfinished: true})
	if err != nil {
		return fmt.Errorf("the migrations up to %s cannot be joined: %w", last, err)
	}
	got, err := joined.State(nil)
	if err != nil {
		return fmt.Errorf("the migrations up to %s cannot be joined: %w", last, err)
	}
	if len(got.Models()) != len(want.Models()) {
		return fmt.Errorf("the migrations up to %s cannot be joined: the result has other models", last)
	}
	for _, model := range want.Models() {
		if !sameModel(want, model, got, got.Find(model.Key())) {
			return fmt.Errorf("the migrations up to %s cannot be joined: the result has another model %s", last, model)
		}
	}
	return nil
}

func sameModel(s *operations.State, m *operations.Model, other *operations.State, n *operations.Model) bool {
	if n == nil || m.Table != n.Table || len(m.Fields) != len(n.Fields) || len(m.Indexes) != len(n.Indexes) ||
		len(m.Unique) != len(n.Unique) {
		return false
	}
	for _, f := range m.Fields {
		if o, ok := n.Field(f.Name); !ok || s.Canonical(m, f) != other.Canonical(n, o) {
			return false
		}
	}
	return m.Unmanaged == n.Unmanaged && slices.Equal(m.Checks, n.Checks) &&
		slices.EqualFunc(m.Indexes, n.Indexes, operations.Index.Equal) && slices.EqualFunc(m.Unique, n.Unique, operations.Unique.Equal)
}
