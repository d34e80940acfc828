package devserver

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fsnotify/fsnotify"
)

// watched lists the extensions of files whose change requires a build: sources, and files that may be embedded.
var watched = []string{
	".go", ".mod", ".sum", ".work", ".html", ".txt", ".xml", ".md", ".tmpl", ".css", ".js", ".mjs", ".json",
	".po", ".sql", ".toml", ".yaml", ".yml",
	".csv", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico", ".woff", ".woff2",
}

// relevant reports whether a changed file can affect the project. Tests, databases and temporary files of editors
// cannot.
func relevant(path string) bool {
	name := filepath.Base(path)
	if name == ".env" {
		return true
	}
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#") || strings.HasSuffix(name, "~") || strings.HasSuffix(name, "_test.go") {
		return false
	}
	return slices.Contains(watched, strings.ToLower(filepath.Ext(name)))
}

// ignoredDir reports whether a folder is not watched.
func ignoredDir(name string) bool {
	return strings.HasPrefix(name, ".") && name != "." || name == "node_modules" || name == "testdata"
}

// watch calls changed with the path of each relevant file that changes below dir, until ctx ends.
func watch(ctx context.Context, dir string, changed func(path string), report func(error)) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch files: %w", err)
	}
	if err := addTree(w, dir, nil); err != nil {
		_ = w.Close()
		return err
	}
	go func() {
		defer w.Close()
		for {
			select {
			case <-ctx.Done():
				return
			case event, open := <-w.Events:
				if !open {
					return
				}
				if !event.Has(fsnotify.Write) && !event.Has(fsnotify.Create) && !event.Has(fsnotify.Remove) && !event.Has(fsnotify.Rename) {
					continue
				}
				if info, err := os.Stat(event.Name); err == nil && info.IsDir() {
					if event.Has(fsnotify.Create) && !ignoredDir(info.Name()) {
						// files may have been written into the folder before it was watched
						if err := addTree(w, event.Name, changed); err != nil {
							report(err)
						}
					}
					continue
				}
				if relevant(event.Name) {
					changed(event.Name)
				}
			case err, open := <-w.Errors:
				if !open {
					return
				}
				report(fmt.Errorf("watch files: %w", err))
				changed(dir) // events may have been lost
			}
		}
	}()
	return nil
}

// addTree watches dir and the folders below it; found, if not nil, is called for each relevant file.
func addTree(w *fsnotify.Watcher, dir string, found func(path string)) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // removed meanwhile, or not readable
		case !entry.IsDir():
			if found != nil && relevant(path) {
				found(path)
			}
			return nil
		case path != dir && ignoredDir(entry.Name()):
			return fs.SkipDir
		}
		if err := w.Add(path); err != nil {
			return fmt.Errorf("watch %s: %w "+
				"(the system may limit the number of watched folders: sysctl fs.inotify.max_user_watches)", path, err)
		}
		return nil
	})
}
