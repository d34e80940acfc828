//go:build !cgo || purego

package sqlite

import (
	"database/sql/driver"
	"errors"

	"github.com/quintetgo/quintet/orm/internal/stmtcache"
	"modernc.org/sqlite"
)

// driverOptions writes times as the other driver does.
const driverOptions = "&_time_format=sqlite"

func newConnector(dsn string) connector {
	d := &sqlite.Driver{}
	for _, f := range functions() {
		register := d.MustRegisterDeterministicScalarFunction
		if f.random {
			register = d.MustRegisterScalarFunction
		}
		register(f.name, int32(f.arguments),
			func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
				values := make([]any, len(args))
				for i, v := range args {
					values[i] = v
				}
				return f.checked(values...)
			})
	}
	return connector{dsn: dsn, driver: d, wrap: keepStatements}
}

// keepStatements keeps prepared statements on a connection, as the other driver does by itself.
func keepStatements(conn driver.Conn) driver.Conn {
	return stmtcache.New(conn.(stmtcache.DriverConn), stmtcache.Size)
}

// errorCode returns the extended result code of a driver's error, and false for an error of another origin.
func errorCode(err error) (int, bool) {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return 0, false
	}
	return e.Code(), true
}

// copyPages copies the database of a driver's connection into the one at a path.
func copyPages(source any, target string) error {
	kept, ok := source.(*stmtcache.Conn)
	if !ok {
		return errors.New("the connection is not one of the driver")
	}
	conn, ok := kept.DriverConn.(interface {
		NewBackup(target string) (*sqlite.Backup, error)
	})
	if !ok {
		return errors.New("the driver cannot copy a database")
	}
	backup, err := conn.NewBackup(target)
	if err != nil {
		return err
	}
	incomplete, err := backup.Step(-1)
	if err == nil && incomplete {
		err = errors.New("the database is locked by another program")
	}
	return errors.Join(err, backup.Finish())
}
