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

// ownerOnly are the permissions of a database. SQLite gives them to the files beside it too.
const ownerOnly fs.FileMode = 0o600

// everyone are the permissions that users have who are neither the owner nor in the group.
const everyone fs.FileMode = 0o007

// restrict creates the file for its owner alone, since SQLite would let everyone read it, and takes away what everyone may
// do with files of former versions. Permissions of the group are left alone: only somebody who wants them has given them.
// Files of another owner cannot be changed, and stay as they are.
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

// shared takes away what everyone may do with the files, and returns those of which that was not possible.
func (f *file) shared() (list []string) {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		name := f.path + suffix
		if info, err := os.Stat(name); err == nil && info.Mode().Perm()&everyone != 0 && os.Chmod(name, ownerOnly) != nil {
			list = append(list, name)
		}
	}
	return list
}

// closeTime is how long close waits for statements that run.
const closeTime = 5 * time.Second

// close waits for what the closed pools still do, and moves what is in the -wal file into the database, so that a copy of
// the one file is complete.
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

// checkpoint moves what is in the -wal file into the database. SQLite does so itself when the last connection of all
// processes is closed, but not if two processes close theirs at the same time, or a process was killed. Where other
// processes use the database it moves what it can and leaves the rest to them, without keeping their writes waiting.
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
		return fmt.Errorf("the last changes are in %s-wal and could not be moved into %s (keep both files together): %w", f.path, f.path, err)
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
