package devserver

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"strings"
)

const (
	rootVariable = "QUINTET_DEV_ROOT" // the folder of the project's module
	diskVariable = "QUINTET_DEV_DISK" // a file in which the child lists what it reads from disk
)

// Disk returns, in the child, the folder on disk that a package embeds, so that a change requires a restart but no
// build. The arguments are the import path of the package and the name of the folder in it. If the folder is not part
// of the project, or there is no parent, it returns embedded.
func Disk(embedded fs.FS, pkg, folder string) fs.FS {
	root := os.Getenv(rootVariable)
	if root == "" || embedded == nil || os.Getenv(parentVariable) == "" {
		return embedded
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return embedded
	}
	if pkg == "main" {
		pkg = info.Path
	}
	rel, inside := strings.CutPrefix(pkg+"/", info.Main.Path+"/")
	if !inside {
		return embedded
	}
	dir := filepath.Join(root, filepath.FromSlash(path.Join(rel, folder)))
	if !madeFrom(embedded, dir) || list(dir) != nil {
		return embedded
	}
	return os.DirFS(dir)
}

// madeFrom reports whether a folder contains one of the embedded files.
func madeFrom(embedded fs.FS, dir string) bool {
	found := errors.New("found")
	err := fs.WalkDir(embedded, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err == nil && info.Mode().IsRegular() {
			return found
		}
		return nil
	})
	return errors.Is(err, found)
}

// list tells the parent that the child reads a folder from disk.
func list(dir string) error {
	file, err := os.OpenFile(os.Getenv(diskVariable), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(dir + "\n")
	return errors.Join(err, file.Close())
}

// readsFromDisk reports whether a child with this list applies a changed file after a restart.
func readsFromDisk(list, changed string) bool {
	if filepath.Base(changed) == ".env" {
		return true
	}
	text, err := os.ReadFile(list)
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(text)) {
		if dir := strings.TrimSuffix(line, "\n"); strings.HasPrefix(changed, dir+string(filepath.Separator)) {
			return true
		}
	}
	return false
}
