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
	diskVariable = "QUINTET_DEV_DISK" // a file in which the child lists what it reads from the disk
)

// Disk returns, in the child, the folder that a package embeds as it is on the disk now, so that a change in it needs no
// build: the parent starts the child anew, and that is all. pkg is the import path of the package, folder its folder's name.
// What is no folder of the project, and anything without a parent, stays as it was embedded.
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

// madeFrom reports whether a folder has one of the embedded files.
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

// list tells the parent that the child reads a folder from the disk.
func list(dir string) error {
	file, err := os.OpenFile(os.Getenv(diskVariable), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(dir + "\n")
	return errors.Join(err, file.Close())
}

// readsFromDisk reports whether the child whose list this is sees the change of a file by being started anew.
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
