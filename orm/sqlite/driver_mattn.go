//go:build cgo && !purego

package sqlite

import (
	"errors"

	"github.com/mattn/go-sqlite3"
)

// driverOptions keeps prepared statements on each connection.
const driverOptions = "&_stmt_cache_size=100"

func newConnector(dsn string) connector {
	return connector{dsn: dsn, driver: &sqlite3.SQLiteDriver{
		ConnectHook: func(conn *sqlite3.SQLiteConn) error {
			for _, f := range functions() {
				if err := conn.RegisterFunc(f.name, f.checked, !f.random); err != nil {
					return err
				}
			}
			return nil
		},
	}}
}

// errorCode returns the extended result code of a driver's error, and false for an error of another origin.
func errorCode(err error) (int, bool) {
	e, ok := errors.AsType[sqlite3.Error](err)
	if !ok {
		return 0, false
	}
	return int(e.ExtendedCode), true
}

// copyPages copies the database of a driver's connection into the one at a path.
func copyPages(source any, target string) (err error) {
	conn, err := (&sqlite3.SQLiteDriver{}).Open(target)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	backup, err := conn.(*sqlite3.SQLiteConn).Backup("main", source.(*sqlite3.SQLiteConn), "main")
	if err != nil {
		return err
	}
	done, err := backup.Step(-1)
	if err == nil && !done {
		err = errors.New("the database is locked by another program")
	}
	return errors.Join(err, backup.Finish())
}
