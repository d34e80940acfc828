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

// write writes all drafts into their folders, or none.
func (m makemigrations) write(drafts []draft) (err error) {
	type output struct {
		folder source.Folder
		text   []byte
		old    []byte // of an earlier file that this one replaces
	}
	outputs := make([]output, len(drafts))
	for i, d := range drafts {
		if outputs[i].folder, err = source.Find(d.app, m.app(d.app), "."); err != nil {
			return err
		}
		comment := ""
		if m.options.empty {
			comment = "Add the operations of the migration; see package operations, and RunGo in package rows."
		}
		if outputs[i].text, err = source.Source(d.migration, comment); err != nil {
			return err
		}
	}
	for i, d := range drafts {
		if outputs[i].old, err = m.earlier(outputs[i].folder, d, outputs[i].text); err != nil {
			return err
		}
	}
	for _, d := range drafts {
		if err := m.current(d.app, drafts); err != nil {
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
			m.call.Printf("%s: %s exists already; build the program again, then migrate\n", d.app,
				shorten(filepath.Join(o.folder.Dir, d.migration.Name+".go")))
			continue
		}
		written = append(written, i)
		file, err := o.folder.Replace(d.migration.Name, o.text, o.old)
		if err != nil {
			return err
		}
		m.describe(d, file)
	}
	for i, d := range drafts {
		_, has := m.app(d.app).(MigrationsApp)
		if !has && !slices.ContainsFunc(drafts[:i], func(o draft) bool { return o.app == d.app }) {
			m.call.Printf("\nApp %s does not return its migrations yet. Add to %s:\n\n    %s\n", d.app,
				shorten(filepath.Join(outputs[i].folder.AppDir, "app.go")), outputs[i].folder.Hint())
		}
	}
	m.call.Printf("\nNext: migrate\n")
	return nil
}

// earlier returns the content of a draft's file that an earlier run of makemigrations wrote, nil if there is none. The file
// may be replaced if only backfills that --default names differ; any other change in it is kept, and is an error.
func (m makemigrations) earlier(f source.Folder, d draft, text []byte) ([]byte, error) {
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
		return nil, fmt.Errorf("%s exists, and this program was built before it was written: build the program again, or delete the "+
			"file to have it written again", shorten(file))
	}
	for _, name := range changed {
		if !slices.ContainsFunc(m.options.backfills, func(b autodetect.Backfill) bool {
			return strings.EqualFold(b.Model+"."+b.Field, name) || strings.EqualFold(b.Model+"."+b.Field, d.app+"."+name)
		}) {
			return nil, fmt.Errorf("%s exists with another value of %s for existing rows; pass the value to change it (--default "+
				"%s.%s=VALUE), "+
				"or build the program again to keep it", shorten(file), name, d.app, name)
		}
	}
	return old, nil
}

// current returns an error for files that the running program was built without, such as those of an app without a
// Migrations method.
func (m makemigrations) current(app string, drafts []draft) error {
	f, err := source.Find(app, m.app(app), ".")
	if err != nil {
		return err
	}
	files, err := f.Names()
	if err != nil {
		return err
	}
	var known []string
	a, has := m.app(app).(MigrationsApp)
	if has {
		for _, migration := range a.Migrations() {
			known = append(known, migration.Name)
		}
	}
	for _, name := range files {
		if slices.Contains(known, name) {
			continue
		}
		switch {
		case !has:
			return fmt.Errorf("%s holds %s, but app %s does not return its migrations; add to its app.go first:\n    %s",
				shorten(f.Dir), name,
				f.App, f.Hint())
		case slices.ContainsFunc(drafts, func(d draft) bool { return d.app == app && d.migration.Name == name }):
			continue // it is replaced
		}
		return fmt.Errorf("%s holds %s, which this program was built without: build the program again, or delete the file to have it "+
			"written again", shorten(f.Dir), name)
	}
	return nil
}

// describe prints a draft, and the file it was written to.
func (m makemigrations) describe(d draft, file string) {
	if file == "" {
		file = d.migration.Name
	}
	m.call.Printf("%s: %s\n", d.app, shorten(file))
	for _, op := range d.migration.Operations {
		m.call.Printf("    %s%s\n", op.Describe(), effect(op))
	}
}

// effect describes what happens to existing rows.
func effect(op operations.Operation) string {
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
		return fmt.Sprintf(" (existing rows get %q)", v)
	case operations.Special:
		return " (existing rows get the time of the migration)"
	case []byte:
		return fmt.Sprintf(" (existing rows get %q)", v)
	default:
		return fmt.Sprintf(" (existing rows get %v)", v)
	}
}

// shorten returns a path relative to the working directory, if it is below it.
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
