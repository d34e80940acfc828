package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// backup copies the database, with everything that is committed, to a new file that only its owner may read. The copy is
// written to a temporary folder beside the target, checked, and moved there when it is complete.
func (f *file) backup(ctx context.Context, path string) (err error) {
	if _, err := os.Stat(f.path); err != nil {
		return fmt.Errorf("there is no database yet: %w", err)
	}
	if _, err := os.Lstat(path); err == nil {
		return errors.New("the file exists; choose another name, or remove it")
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if path, err = filepath.Abs(path); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(filepath.Dir(path), ".backup-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	copied := &file{path: filepath.Join(dir, "db.sqlite3")}
	if err := copied.restrict(); err != nil {
		return err
	}
	if err := f.copyTo(ctx, copied.path); err != nil {
		return err
	}
	if err := copied.verify(ctx); err != nil {
		return err
	}
	if err := flush(copied.path); err != nil {
		return err
	}
	// Unlike a rename, a link never replaces a file that was created meanwhile.
	err = os.Link(copied.path, path)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = os.Rename(copied.path, path) // on file systems without links
	}
	return err
}

// copyTo copies all pages in one step, under a lock that does not stop other readers and writers.
func (f *file) copyTo(ctx context.Context, path string) error {
	db := sql.OpenDB(f.connector("mode=rw&_busy_timeout=10000"))
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(source any) error {
		return copyPages(source, "file:"+(&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()+"?mode=rw")
	})
}

// verify reads the whole file and returns an error if it is damaged.
func (f *file) verify(ctx context.Context) error {
	db := sql.OpenDB(f.connector("mode=rw&_busy_timeout=10000"))
	defer db.Close()
	db.SetMaxOpenConns(1)
	var result string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&result); err != nil {
		return fmt.Errorf("check the copy: %w", err)
	}
	if result != "ok" {
		return fmt.Errorf("the copy is damaged, and so is the database: %s", result)
	}
	return nil
}

// flush waits until the file is on the disk.
func flush(path string) error {
	written, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(written.Sync(), written.Close())
}
