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
		Short: "Write migrations for what changed in the models",
		Long: "Compares the models with what the migrations say so far and writes the difference as Go files into the " +
			"migrations folder of each app. Needs no database. Without a terminal nothing is asked: renames are named with " +
			"--rename, values of new required fields with --default, and whatever would delete values is refused unless --allow-drop is given.",
		Example: "makemigrations\nmakemigrations blog --name post_lang\nmakemigrations --rename Post.views=hits\nmakemigrations --default blog.Post.lang=en --no-input\nmakemigrations --check",
		Flags: func(f *flag.FlagSet) {
			o = makeOptions{}
			f.BoolVar(&o.check, "check", false, "write nothing; exit 1 if the models have changes without a migration")
			f.BoolVar(&o.dryRun, "dry-run", false, "show what would be written")
			f.BoolVar(&o.empty, "empty", false, "write a migration without operations, to fill in by hand")
			f.BoolVar(&o.merge, "merge", false, "join the last migrations of an app that has several")
			f.BoolVar(&o.noInput, "no-input", false, "never ask")
			f.BoolVar(&o.allowDrop, "allow-drop", false, "let fields and models that are gone be dropped with their values")
			f.StringVar(&o.name, "name", "", "name of the migration, after its number")
			f.Func("rename", "a field was renamed: `Model.old=new` (repeatable)", func(s string) error { return o.addRename(s) })
			f.Func("rename-model", "a model was renamed: `Old=New` (repeatable)", func(s string) error { return o.addModelRename(s) })
			f.Func("default", "value of a required field for rows that exist, as `app.Model.field=value` or with SQL(…) as the value (repeatable)", func(s string) error { return o.addBackfill(s) })
		},
		Run: func(_ context.Context, c *command.Call) error { return maker{project: p(), o: o, c: c}.run() },
	}
}

func (o *makeOptions) addRename(s string) error {
	left, to, ok := strings.Cut(s, "=")
	i := strings.LastIndexByte(left, '.')
	if !ok || i <= 0 || i == len(left)-1 || to == "" {
		return fmt.Errorf("want Model.old=new, as in Post.views=hits")
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
		return fmt.Errorf("want Old=New, as in Post=Article")
	}
	o.modelRenames = append(o.modelRenames, autodetect.Rename{From: from, To: to})
	return nil
}

func (o *makeOptions) addBackfill(s string) error {
	left, value, ok := strings.Cut(s, "=")
	i := strings.LastIndexByte(left, '.')
	if !ok || i <= 0 || i == len(left)-1 {
		return fmt.Errorf("want app.Model.field=value, as in blog.Post.lang=en")
	}
	o.backfills = append(o.backfills, autodetect.Backfill{Model: left[:i], Field: left[i+1:], Value: value})
	return nil
}

// maker is one run of makemigrations.
type maker struct {
	project
	o makeOptions
	c *command.Call
}

// draft is a migration with the app it belongs to.
type draft struct {
	app       string
	migration operations.Migration
}

func (k maker) run() error {
	if err := k.checkOptions(); err != nil {
		return err
	}
	g, err := k.graph()
	if err != nil {
		return err
	}
	var drafts []draft
	switch {
	case k.o.merge:
		drafts, err = k.mergeDrafts(g)
	case k.o.empty:
		drafts, err = k.emptyDrafts(g)
	default:
		drafts, err = k.changes(g)
	}
	if err != nil {
		return err
	}
	if len(drafts) == 0 {
		k.c.Printf("No changes.\n")
		return nil
	}
	if k.o.check || k.o.dryRun {
		for _, d := range drafts {
			k.describe(d, "")
		}
		if k.o.check {
			return command.Exit(1, errors.New("the models have changes without a migration; run makemigrations"))
		}
		return nil
	}
	return k.write(drafts)
}

func (k maker) checkOptions() error {
	switch {
	case k.o.merge && k.o.empty:
		return command.Usagef("--merge and --empty do not go together")
	case k.o.empty && len(k.c.Args) == 0:
		return command.Usagef("--empty needs the name of an app")
	}
	return k.checkNames(k.c.Args)
}

// checkNames reports a --name that is none, and unknown apps.
func (k maker) checkNames(apps []string) error {
	for _, r := range k.o.name {
		if r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') {
			return command.Usagef("--name %q: a name has small letters, digits and _", k.o.name)
		}
	}
	if err := k.checkApps(apps); err != nil {
		return command.Usagef("%v", err)
	}
	return nil
}

// changes compares models and migrations.
func (k maker) changes(g *executor.Graph) ([]draft, error) {
	if err := g.Conflicts(); err != nil {
		return nil, err
	}
	from, err := g.State(nil)
	if err != nil {
		return nil, err
	}
	options := autodetect.Options{
		Renames: k.o.renames, ModelRenames: k.o.modelRenames, Backfills: k.o.backfills, Default: k.suggest, Valid: k.valid, AllowDrop: k.o.allowDrop,
	}
	if len(k.c.Args) > 0 {
		options.Apps = k.c.Args
	}
	if k.c.Terminal && !k.o.noInput {
		options.Ask = asker{k.c}
	}
	if k.o.check {
		options.Ask, options.Look = nil, true
	}
	found, err := autodetect.Changes(from, k.models(), options)
	if err != nil {
		return nil, err
	}
	return k.named(g, found)
}
