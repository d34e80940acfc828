package migrate

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm/migrate/autodetect"
	"github.com/quintetgo/quintet/orm/migrate/executor"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// makeOptions are the flags of makemigrations.
type makeOptions struct {
	check, dryRun, empty, merge, noInput, allowDrop bool
	name                                            string
	renames, modelRenames                           []autodetect.Rename
	backfills                                       []autodetect.Backfill
}

func makeCommand(p func() project) command.Command {
	var o makeOptions
	return command.Command{
		Name: "makemigrations", Usage: "[APP…]", MaxArgs: -1,
		Short: "Write migrations for changes of the models",
		Long: "Compares the models with the migrations and writes the difference as Go files into the migrations folder of each " +
			"app. It needs no database. Without a terminal it asks nothing: declare renames with --rename and values of new " +
			"required fields with --default; changes that delete values are refused unless --allow-drop is given.",
		Example: "makemigrations\nmakemigrations blog --name post_lang\nmakemigrations --rename Post.views=hits\n" +
			"makemigrations --default blog.Post.lang=en --no-input\nmakemigrations --check",
		Flags: func(f *flag.FlagSet) {
			o = makeOptions{}
			f.BoolVar(&o.check, "check", false, "write nothing; exit 1 if the models have changes without a migration")
			f.BoolVar(&o.dryRun, "dry-run", false, "show what would be written")
			f.BoolVar(&o.empty, "empty", false, "write a migration without operations, to fill in by hand")
			f.BoolVar(&o.merge, "merge", false, "join the last migrations of an app that has several")
			f.BoolVar(&o.noInput, "no-input", false, "never ask")
			f.BoolVar(&o.allowDrop, "allow-drop", false, "drop removed fields and models with their values")
			f.StringVar(&o.name, "name", "", "name of the migration, after its number")
			f.Func("rename", "a field was renamed: `Model.old=new` (repeatable)", func(s string) error { return o.addRename(s) })
			f.Func("rename-model", "a model was renamed: `Old=New` (repeatable)", func(s string) error { return o.addModelRename(s) })
			f.Func("default", "value of a required field for existing rows, as `app.Model.field=value` or with SQL(…) as the value "+
				"(repeatable)",
				func(s string) error { return o.addBackfill(s) })
		},
		Run: func(_ context.Context, c *command.Call) error {
			return makemigrations{project: p(), options: o, call: c}.run()
		},
	}
}

func (o *makeOptions) addRename(s string) error {
	left, to, ok := strings.Cut(s, "=")
	i := strings.LastIndexByte(left, '.')
	if !ok || i <= 0 || i == len(left)-1 || to == "" {
		return fmt.Errorf("expected Model.old=new, as in Post.views=hits")
	}
	if j := strings.LastIndexByte(to, '.'); j >= 0 {
		to = to[j+1:]
	}
	o.renames = append(o.renames, autodetect.Rename{Model: left[:i], From: left[i+1:], To: to})
	return nil
}

func (o *makeOptions) addModelRename(s string) error {
	from, to, ok := strings.Cut(s, "=")
	if !ok || from == "" || to == "" {
		return fmt.Errorf("expected Old=New, as in Post=Article")
	}
	o.modelRenames = append(o.modelRenames, autodetect.Rename{From: from, To: to})
	return nil
}

func (o *makeOptions) addBackfill(s string) error {
	left, value, ok := strings.Cut(s, "=")
	i := strings.LastIndexByte(left, '.')
	if !ok || i <= 0 || i == len(left)-1 {
		return fmt.Errorf("expected app.Model.field=value, as in blog.Post.lang=en")
	}
	o.backfills = append(o.backfills, autodetect.Backfill{Model: left[:i], Field: left[i+1:], Value: value})
	return nil
}

// makemigrations is one run of makemigrations.
type makemigrations struct {
	project
	options makeOptions
	call    *command.Call
}

// draft is a migration with the app it belongs to.
type draft struct {
	app       string
	migration operations.Migration
}

func (m makemigrations) run() error {
	if err := m.checkOptions(); err != nil {
		return err
	}
	g, err := m.graph()
	if err != nil {
		return err
	}
	var drafts []draft
	switch {
	case m.options.merge:
		drafts, err = m.mergeDrafts(g)
	case m.options.empty:
		drafts, err = m.emptyDrafts(g)
	default:
		drafts, err = m.changes(g)
	}
	if err != nil {
		return err
	}
	if len(drafts) == 0 {
		m.call.Printf("No changes.\n")
		return nil
	}
	if m.options.check || m.options.dryRun {
		for _, d := range drafts {
			m.describe(d, "")
		}
		if m.options.check {
			return command.Exit(1, errors.New("the models have changes without a migration; run makemigrations"))
		}
		return nil
	}
	return m.write(drafts)
}

func (m makemigrations) checkOptions() error {
	switch {
	case m.options.merge && m.options.empty:
		return command.Usagef("--merge and --empty cannot be combined")
	case m.options.empty && len(m.call.Args) == 0:
		return command.Usagef("--empty needs the name of an app")
	}
	return m.checkNames(m.call.Args)
}

// checkNames returns an error for an invalid --name and for unknown apps.
func (m makemigrations) checkNames(apps []string) error {
	for _, r := range m.options.name {
		if r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') {
			return command.Usagef("--name %q: a name consists of lower-case letters, digits and _", m.options.name)
		}
	}
	if err := m.checkApps(apps); err != nil {
		return command.Usagef("%v", err)
	}
	return nil
}

// changes returns drafts for the differences between models and migrations.
func (m makemigrations) changes(g *executor.Graph) ([]draft, error) {
	if err := g.Conflicts(); err != nil {
		return nil, err
	}
	from, err := g.State(nil)
	if err != nil {
		return nil, err
	}
	o := autodetect.Options{
		Renames: m.options.renames, ModelRenames: m.options.modelRenames, Backfills: m.options.backfills,
		Default: m.suggest, Valid: m.valid, AllowDrop: m.options.allowDrop,
	}
	if len(m.call.Args) > 0 {
		o.Apps = m.call.Args
	}
	if m.call.Terminal && !m.options.noInput {
		o.Ask = prompter{m.call}
	}
	if m.options.check {
		o.Ask, o.Look = nil, true
	}
	found, err := autodetect.Changes(from, m.models(), o)
	if err != nil {
		return nil, err
	}
	return m.named(g, found)
}
