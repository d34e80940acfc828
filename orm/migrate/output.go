package migrate

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/autodetect"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/source"
)

// write puts all drafts into their folders, or none.
func (k maker) write(drafts []draft) (err error) {
	type output struct {
		folder source.Folder
		text   []byte
		old    []byte // of an earlier file that this one replaces
	}
	outputs := make([]output, len(drafts))
	for i, d := range drafts {
		if outputs[i].folder, err = source.Find(d.app, k.app(d.app), "."); err != nil {
			return err
		}
		comment := ""
		if k.o.empty {
			comment = "Fill in what the migration does; see the operations of package migrate, RunGo and RunSQL among them."
		}
		if outputs[i].text, err = source.Source(d.migration, comment); err != nil {
			return err
		}
	}
	for i, d := range drafts {
		if outputs[i].old, err = k.earlier(outputs[i].folder, d, outputs[i].text); err != nil {
			return err
		}
	}
	for _, d := range drafts {
		if err := k.current(d.app, drafts); err != nil {
			return err
		}
	}
	var written []int
	defer func() {
		if err == nil {
			return
		}
		for _, i := range written { // all or nothing
			file := filepath.Join(outputs[i].folder.Dir, drafts[i].migration.Name+".go")
			if outputs[i].old != nil {
				err = errors.Join(err, os.WriteFile(file, outputs[i].old, 0o666))
			} else {
				err = errors.Join(err, os.Remove(file))
			}
		}
		for _, o := range outputs {
			if _, missing := os.Stat(o.folder.Dir); missing == nil {
				err = errors.Join(err, o.folder.Refresh())
			}
		}
	}()
	for i, d := range drafts {
		o := outputs[i]
		if bytes.Equal(o.old, o.text) {
			k.c.Printf("%s: %s is written already; build the program again, then migrate\n", d.app, shorten(filepath.Join(o.folder.Dir, d.migration.Name+".go")))
			continue
		}
		written = append(written, i)
		file, err := o.folder.Replace(d.migration.Name, o.text, o.old)
		if err != nil {
			return err
		}
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

// earlier returns the file of a draft that an earlier makemigrations of this program wrote, nil if there is none. It may be
// replaced if nothing but backfills that are given now differs; whatever else a person changed in it stays.
func (k maker) earlier(f source.Folder, d draft, text []byte) ([]byte, error) {
	file := filepath.Join(f.Dir, d.migration.Name+".go")
	old, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	changed, same := source.Redrafted(old, text)
	if !same {
		return nil, fmt.Errorf("%s exists, and this program was built before it was written: build the program again, or delete the file to have it written once more", shorten(file))
	}
	for _, name := range changed {
		if !slices.ContainsFunc(k.o.backfills, func(b autodetect.Backfill) bool {
			return strings.EqualFold(b.Model+"."+b.Field, name) || strings.EqualFold(b.Model+"."+b.Field, d.app+"."+name)
		}) {
			return nil, fmt.Errorf("%s exists and gives rows another value of %s; name the value to change it (--default %s.%s=VALUE), or build the program again to keep it", shorten(file), name, d.app, name)
		}
	}
	return old, nil
}

// current reports files that the running program does not know, as those of an app without a Migrations method.
func (k maker) current(app string, drafts []draft) error {
	f, err := source.Find(app, k.app(app), ".")
	if err != nil {
		return err
	}
	files, err := f.Names()
	if err != nil {
		return err
	}
	var known []string
	a, has := k.app(app).(MigrationsApp)
	if has {
		for _, m := range a.Migrations() {
			known = append(known, m.Name)
		}
	}
	for _, name := range files {
		if slices.Contains(known, name) {
			continue
		}
		switch {
		case !has:
			return fmt.Errorf("%s holds %s, but app %s does not return its migrations; add to its app.go first:\n    %s", shorten(f.Dir), name, f.App, f.Hint())
		case slices.ContainsFunc(drafts, func(d draft) bool { return d.app == app && d.migration.Name == name }):
			continue // it is replaced
		}
		return fmt.Errorf("%s holds %s, which this program does not know: build the program again, or delete the file to have it written once more", shorten(f.Dir), name)
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
		k.c.Printf("    %s%s\n", op.Describe(), note(op))
	}
}

// note says what becomes of rows that exist.
func note(op operations.Operation) string {
	var f operations.Field
	switch op := op.(type) {
	case operations.AddField:
		f = op.Field
	case operations.AlterField:
		f = op.Field
	case operations.RemoveField:
		return " (its values are deleted)"
	case operations.DeleteModel:
		return " (its rows are deleted)"
	}
	switch v := f.Options.Fill.(type) {
	case nil:
		return ""
	case string:
		return fmt.Sprintf(" (rows that exist get %q)", v)
	case operations.Special:
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
