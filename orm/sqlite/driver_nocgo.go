//go:build !cgo

package sqlite

import (
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"
)

// driverOptions writes times as the other driver does.
const driverOptions = "&_time_format=sqlite"

func newConnector(dsn string) driver.Connector {
	d := &sqlite.Driver{}
	matches := &matcher{}
	d.MustRegisterDeterministicScalarFunction("quintet_fold", 1, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		return fold(args[0]), nil
	})
	d.MustRegisterDeterministicScalarFunction("regexp", 2, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
		return matches.match(args[0], args[1])
	})
	return connector{dsn: dsn, driver: d}
}

// errorCode gives the extended result code of a driver's error.
func errorCode(err error) (int, bool) {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0, false
	}
	return e.Code(), true
}
