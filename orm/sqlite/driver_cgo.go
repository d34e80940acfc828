//go:build cgo

package sqlite

import (
	"database/sql/driver"
	"errors"

	"github.com/mattn/go-sqlite3"
)

// driverOptions keeps prepared statements on each connection.
const driverOptions = "&_stmt_cache_size=100"

func newConnector(dsn string) driver.Connector {
	return connector{dsn: dsn, driver: &sqlite3.SQLiteDriver{
		ConnectHook: func(conn *sqlite3.SQLiteConn) error {
			for _, f := range functions() {
				if err := conn.RegisterFunc(f.name, f.checked, true); err != nil {
					return err
				}
			}
			return nil
		},
	}}
}

// errorCode gives the extended result code of a driver's error.
func errorCode(err error) (int, bool) {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return 0, false
	}
	return int(e.ExtendedCode), true
}
