package migrate

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm/migrate/detect"
	"github.com/quintetgo/quintet/orm/migrate/run"
	"github.com/quintetgo/quintet/orm/migrate/state"
	"github.com/quintetgo/quintet/orm/migrate/write"
)

// makeOptions are the flags of makemigrations.
type makeOptions struct {
	check, dryRun, empty, merge, noInput, allowDrop bool
	name                                            string
	renames, modelRenames                           []detect.Rename
	backfills                                       []detect.Backfill
}

func makeCommand(p func() project) command.Command {
	var o makeOptions
	return command.Command{
		Name: "makemigrations", Usage: "[APP…]", MaxArgs: -1,
		Short: "Write migrations for what changed in the models",
		Long: "Compares the models with what the migrations say so far and writes the difference as Go files into the " +
			"migrations folder of each app. Needs no database. Without a terminal nothing is asked: renames are named with " +
			"--rename, and whatever would delete values is refused unless --allow-drop is given.",
		Example: "makemigrations\nmakemigrations blog --name post_lang\nmakemigrations --rename Post.views=hits\nmakemigrations --default Post.lang=en --no-input\nmakemigrations --check",
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
			f.Func("default", "value of a NOT NULL field for rows that exist: `Model.field=value` (repeatable)", func(s string) error { return o.addBackfill(s) })
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
	o.renames = append(o.renames, detect.Rename{Model: left[:i], From: left[i+1:], To: to})
	return nil
}

func (o *makeOptions) addModelRename(s string) error {
	from, to, ok := strings.Cut(s, "=")
	if !ok || from == "" || to == "" {
		return fmt.Errorf("want Old=New, as in Post=Article")
	}
	o.modelRenames = append(o.modelRenames, detect.Rename{From: from, To: to})
	return nil
}

func (o *makeOptions) addBackfill(s string) error {
	left, value, ok := strings.Cut(s, "=")
	i := strings.LastIndexByte(left, '.')
	if !ok || i <= 0 || i == len(left)-1 {
		return fmt.Errorf("want Model.field=value, as in Post.lang=en")
	}
	o.backfills = append(o.backfills, detect.Backfill{Model: left[:i], Field: left[i+1:], Value: value})
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
	migration Migration
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
	for _, r := range k.o.name {
		if r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') {
			return command.Usagef("--name %q: a name has small letters, digits and _", k.o.name)
		}
	}
	if err := k.checkApps(k.c.Args); err != nil {
		return command.Usagef("%v", err)
	}
	return nil
}

// changes compares models and migrations.
func (k maker) changes(g *run.Graph) ([]draft, error) {
	if err := g.Conflicts(); err != nil {
		return nil, err
	}
	from, err := g.State(nil)
	if err != nil {
		return nil, err
	}
	options := detect.Options{
		Renames: k.o.renames, ModelRenames: k.o.modelRenames, Backfills: k.o.backfills, Default: k.suggest, AllowDrop: k.o.allowDrop,
	}
	if len(k.c.Args) > 0 {
		options.Apps = k.c.Args
	}
	if k.c.Terminal && !k.o.noInput {
		options.Ask = asker{k.c}
	}
	if k.o.check {
		options.Ask, options.AllowDrop = nil, true
		options.Default = func(*state.Model, state.Field) any { return state.SQL("NULL") }
	}
	found, err := detect.Detect(from, k.models(), options)
	if err != nil {
		return nil, err
	}
	return k.named(g, found)
}

// named gives drafts their names and what they depend on.
func (k maker) named(g *run.Graph, found []*detect.Draft) ([]draft, error) {
	var drafts []draft
	last := map[string]string{}
	names := map[*detect.Draft]string{}
	next := map[string]int{}
	for _, d := range found {
		m := Migration{Operations: d.Operations}
		if previous, ok := last[d.App]; ok {
			m.Depends = append(m.Depends, On(d.App, previous))
		} else if leaf := leafOf(g, d.App); leaf != "" {
			m.Depends = append(m.Depends, On(d.App, leaf))
		}
		name := k.o.name
		switch {
		case name != "":
		case len(m.Depends) == 0:
			name = "initial"
		default:
			name = detect.Name(d.Operations)
		}
		if next[d.App] == 0 {
			next[d.App] = k.number(g, d.App)
		}
		m.Name = fmt.Sprintf("%04d_%s", next[d.App], name)
		next[d.App]++
		others, err := k.depends(g, d, names)
		if err != nil {
			return nil, err
		}
		m.Depends = append(m.Depends, others...)
		last[d.App], names[d] = m.Name, m.Name
		drafts = append(drafts, draft{d.App, m})
	}
	return drafts, nil
}

// depends gives the migrations of other apps that must come before a draft.
func (k maker) depends(g *run.Graph, d *detect.Draft, names map[*detect.Draft]string) ([]Dependency, error) {
	var list []Dependency
	add := func(dep Dependency) {
		if !slices.Contains(list, dep) && dep.App != d.App {
			list = append(list, dep)
		}
	}
	for _, name := range d.Models {
		if _, isAlias := k.aliases()[strings.ToLower(name)]; isAlias {
			add(OnModel(name))
			continue
		}
		app, model, _ := strings.Cut(name, ".")
		if n := g.Introduced(app, model); n != nil {
			add(On(app, n.Migration.Name))
		}
	}
	for _, other := range d.After {
		add(On(other.App, names[other]))
	}
	apps := slices.Clone(d.Apps)
	for _, op := range d.Operations {
		switch op := op.(type) {
		case DeleteModel:
			apps = append(apps, g.Mentioning(d.App, op.Name)...)
		case RenameModel:
			apps = append(apps, g.Mentioning(d.App, op.From)...)
		}
	}
	for _, app := range apps {
		if leaf := leafOf(g, app); leaf != "" && !slices.ContainsFunc(list, func(o Dependency) bool { return o.App == app }) {
			add(On(app, leaf))
		}
	}
	return list, nil
}

func leafOf(g *run.Graph, app string) string {
	leaves := g.Leaves(app)
	if len(leaves) == 0 {
		return ""
	}
	return leaves[len(leaves)-1].Migration.Name
}

// number gives the number of the next migration of an app.
func (k maker) number(g *run.Graph, app string) int {
	highest := 0
	if a, ok := k.app(app).(MigrationsApp); ok {
		for _, m := range a.Migrations() {
			digits, _, _ := strings.Cut(m.Name, "_")
			if n, err := strconv.Atoi(digits); err == nil {
				highest = max(highest, n)
			}
		}
	}
	return highest + 1
}

func (k maker) emptyDrafts(g *run.Graph) ([]draft, error) {
	if err := g.Conflicts(); err != nil {
		return nil, err
	}
	var drafts []draft
	for _, app := range k.c.Args {
		m := Migration{}
		if leaf := leafOf(g, app); leaf != "" {
			m.Depends = []Dependency{On(app, leaf)}
		}
		name := k.o.name
		if name == "" {
			name = "custom"
		}
		m.Name = fmt.Sprintf("%04d_%s", k.number(g, app), name)
		drafts = append(drafts, draft{app, m})
	}
	return drafts, nil
}

// mergeDrafts joins the leaves of apps that have several, if together they lead to a state that makes sense.
func (k maker) mergeDrafts(g *run.Graph) ([]draft, error) {
	if _, err := g.State(nil); err != nil {
		return nil, fmt.Errorf("the branches cannot be merged, as one undoes what the other needs; change one of them: %w", err)
	}
	var drafts []draft
	for _, app := range g.Apps() {
		leaves := g.Leaves(app)
		if len(leaves) < 2 || len(k.c.Args) > 0 && !slices.Contains(k.c.Args, app) {
			continue
		}
		m := Migration{}
		for _, n := range leaves {
			m.Depends = append(m.Depends, On(app, n.Migration.Name))
		}
		name := k.o.name
		if name == "" {
			name = "merge"
		}
		m.Name = fmt.Sprintf("%04d_%s", k.number(g, app), name)
		drafts = append(drafts, draft{app, m})
	}
	return drafts, nil
}

// write puts all drafts into their folders, or none.
func (k maker) write(drafts []draft) (err error) {
	type output struct {
		folder write.Folder
		source []byte
	}
	outputs := make([]output, len(drafts))
	for i, d := range drafts {
		if outputs[i].folder, err = write.Find(d.app, k.app(d.app), "."); err != nil {
			return err
		}
		if err := k.current(outputs[i].folder); err != nil {
			return err
		}
		comment := ""
		if k.o.empty {
			comment = "Fill in what the migration does; see the operations of package migrate, RunGo and RunSQL among them."
		}
		if outputs[i].source, err = write.Source(d.migration, comment); err != nil {
			return err
		}
	}
	var written []string
	defer func() {
		if err != nil { // all or nothing
			for _, file := range written {
				err = errors.Join(err, os.Remove(file))
			}
			for _, o := range outputs {
				if _, missing := os.Stat(o.folder.Dir); missing == nil {
					err = errors.Join(err, o.folder.Refresh())
				}
			}
		}
	}()
	for i, d := range drafts {
		file, err := outputs[i].folder.Write(d.migration.Name, outputs[i].source)
		if err != nil {
			return err
		}
		written = append(written, file)
		k.describe(d, file)
	}
	for i, d := range drafts {
		_, has := k.app(d.app).(MigrationsApp)
		if !has && !slices.ContainsFunc(drafts[:i], func(o draft) bool { return o.app == d.app }) {
			k.c.Printf("\nApp %s does not return its migrations yet. Add to %s:\n\n    %s\n", d.app, shorten(filepath.Join(outputs[i].folder.AppDir, "app.go")), outputs[i].folder.Hint())
		}
	}
	k.c.Printf("\nNext: migrate\n")
	return nil
}

// current reports files that the running program does not know, as those of an app without a Migrations method.
func (k maker) current(f write.Folder) error {
	files, err := f.Names()
	if err != nil {
		return err
	}
	var known []string
	a, has := k.app(f.App).(MigrationsApp)
	if has {
		for _, m := range a.Migrations() {
			known = append(known, m.Name)
		}
	}
	for _, name := range files {
		if slices.Contains(known, name) {
			continue
		}
		if !has {
			return fmt.Errorf("%s holds %s, but app %s does not return its migrations; add to its app.go first:\n    %s", shorten(f.Dir), name, f.App, f.Hint())
		}
		return fmt.Errorf("%s holds %s, which this program does not know; build it again, or correct migrations.go", shorten(f.Dir), name)
	}
	return nil
}

// describe prints a draft, and the file it was written to.
func (k maker) describe(d draft, file string) {
	if file == "" {
		file = d.migration.Name
	}
	k.c.Printf("%s: %s\n", d.app, shorten(file))
	for _, op := range d.migration.Operations {
		k.c.Printf("    %s%s\n", op.Describe(), fillNote(op))
	}
}

// fillNote says what existing rows get.
func fillNote(op Operation) string {
	var f Field
	switch op := op.(type) {
	case AddField:
		f = op.Field
	case AlterField:
		f = op.Field
	}
	switch v := f.Options.Fill.(type) {
	case nil:
		return ""
	case string:
		return fmt.Sprintf(" (rows that exist get %q)", v)
	case state.Special:
		return " (rows that exist get the time of the migration)"
	case []byte:
		return fmt.Sprintf(" (rows that exist get %q)", v)
	default:
		return fmt.Sprintf(" (rows that exist get %v)", v)
	}
}

// shorten writes a path as seen from the working directory.
func shorten(path string) string {
	dir, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(dir, path); err == nil && !strings.HasPrefix(rel, "..") {
		return rel
	}
	return path
}
