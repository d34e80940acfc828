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
	"time"
)

// file is a database on the disk.
type file struct {
	path    string
	cleanup func() error // of a temporary database; may be nil
}

// connector opens connections with the given parameters of the driver.
func (f *file) connector(parameters string) connector {
	c := newConnector("file:" + (&url.URL{Path: filepath.ToSlash(f.path)}).EscapedPath() + "?" + parameters)
	c.before = f.restrict
	return c
}

// ownerOnly are the permissions of a database file. SQLite uses them for the files beside it too.
const ownerOnly fs.FileMode = 0o600

// everyone are the permissions of users who are neither the owner nor in the group.
const everyone fs.FileMode = 0o007

// restrict creates the file with access for its owner only, since SQLite would let everyone read it, and removes the
// permissions of everyone from files that earlier versions created. Permissions of the group are kept: they were set on
// purpose. Files of another owner cannot be changed and are left as they are.
func (f *file) restrict() error {
	created, err := os.OpenFile(f.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, ownerOnly)
	if err == nil {
		return created.Close()
	}
	if !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("create %s: %w", f.path, err)
	}
	f.shared()
	return nil
}

// shared removes the permissions of everyone from the files, and returns the files for which that failed.
func (f *file) shared() (list []string) {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		name := f.path + suffix
		if info, err := os.Stat(name); err == nil && info.Mode().Perm()&everyone != 0 && os.Chmod(name, ownerOnly) != nil {
			list = append(list, name)
		}
	}
	return list
}

// closeTime is how long close waits for running statements.
const closeTime = 5 * time.Second

// close waits until the closed pools have no open connection, and moves the content of the -wal file into the database, so
// that a copy of the one file is complete.
func (f *file) close(pools ...*sql.DB) error {
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	deadline := time.Now().Add(closeTime)
	for _, pool := range pools {
		for pool.Stats().OpenConnections > 0 && time.Now().Before(deadline) {
			<-ticker.C
		}
	}
	err := f.checkpoint()
	if f.cleanup != nil {
		err = errors.Join(err, f.cleanup())
	}
	return err
}

// checkpoint moves the content of the -wal file into the database. SQLite does so itself when the last connection of all
// processes is closed, but not if two processes close theirs at the same time, or a process was killed. If other processes
// use the database, checkpoint moves what it can without blocking their writes, and leaves the rest to them.
func (f *file) checkpoint() error {
	if info, err := os.Stat(f.path + "-wal"); err != nil || info.Size() == 0 {
		return nil //nolint:nilerr // there is nothing to move
	}
	if _, err := os.Stat(f.path); err != nil {
		return nil //nolint:nilerr // someone has removed the database
	}
	c := f.connector("mode=rw&_busy_timeout=100")
	c.before = nil
	db := sql.OpenDB(c)
	defer db.Close()
	db.SetMaxOpenConns(1)
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	var busy, frames, moved int
	err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
	if code, known := errorCode(err); known {
		switch code & 0xff {
		case codeBusy, codeLocked, codeReadOnly, codeCannotOpen:
			return nil // other processes use it, or this user may not write
		}
	}
	if err != nil {
		return fmt.Errorf("the last changes are in %s-wal and could not be moved into %s (keep both files together): %w", f.path,
			f.path, err)
	}
	return nil
}

// Primary result codes of SQLite.
const (
	codeBusy       = 5
	codeLocked     = 6
	codeReadOnly   = 8
	codeCannotOpen = 14
)
