package scaffold

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Project describes the project to write.
type Project struct {
	Name     string // as CheckProjectName wants it
	Dir      string // folder that does not exist yet, or is empty but for a .git
	Module   string // Name if empty
	Database string // one of Databases; "sqlite" if empty
	Origin   Origin
}

// Write writes the project. It is built aside and put in its place at the end: after an error there is nothing.
func (p Project) Write() error {
	if p.Module == "" {
		p.Module = p.Name
	}
	if p.Database == "" {
		p.Database = "sqlite"
	}
	if err := errors.Join(CheckProjectName(p.Name), CheckModulePath(p.Module), CheckDatabase(p.Database)); err != nil {
		return err
	}
	dir, err := filepath.Abs(p.Dir)
	if err != nil {
		return err
	}
	exists, err := usable(dir)
	if err != nil {
		return err
	}
	parent := filepath.Dir(dir)
	if info, err := os.Stat(parent); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s to put the project in", parent)
	}
	aside, err := os.MkdirTemp(parent, "."+p.Name+"-new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(aside)
	if err := os.Chmod(aside, 0o755); err != nil {
		return err
	}
	if err := render("project", aside, p.data()); err != nil {
		return err
	}
	mod, sum, err := p.Origin.Modules(p.Module)
	if err != nil {
		return err
	}
	for name, text := range map[string]string{"go.mod": mod, "go.sum": sum} {
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(aside, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	if !exists {
		return os.Rename(aside, dir)
	}
	return moveInto(aside, dir)
}

// data returns what the templates of a project name.
func (p Project) data() map[string]string {
	db := databases[p.Database].named(p.Name)
	return map[string]string{
		"name": p.Name, "title": Title(p.Name), "module": p.Module, "secret": rand.Text() + rand.Text(),
		"driver": db.driver, "database": db.title, "url": db.url, "setup": db.setup,
	}
}

// usable reports whether dir exists, and returns an error if it is not empty.
func usable(dir string) (exists bool, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
			return false, fmt.Errorf("%s is a file; a project needs a folder of its own", dir)
		}
		return false, err
	}
	for _, entry := range entries {
		if entry.Name() != ".git" {
			return true, fmt.Errorf(
				"the folder %s is not empty (there is %s); choose another name, or another folder as in: quintet startproject NAME DIR",
				dir,
				entry.Name(),
			)
		}
	}
	return true, nil
}

// moveInto moves the content of from to the existing folder dir, all of it or nothing.
func moveInto(from, dir string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for i, entry := range entries {
		if err := os.Rename(filepath.Join(from, entry.Name()), filepath.Join(dir, entry.Name())); err != nil {
			for _, moved := range entries[:i] {
				err = errors.Join(err, os.RemoveAll(filepath.Join(dir, moved.Name())))
			}
			return err
		}
	}
	return nil
}
