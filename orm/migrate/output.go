package migrate

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/state"
	"github.com/quintetgo/quintet/orm/migrate/write"
)

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
		k.c.Printf("    %s%s\n", op.Describe(), note(op))
	}
}

// note says what becomes of rows that exist.
func note(op Operation) string {
	var f Field
	switch op := op.(type) {
	case AddField:
		f = op.Field
	case AlterField:
		f = op.Field
	case RemoveField:
		return " (its values are deleted)"
	case DeleteModel:
		return " (its rows are deleted)"
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
