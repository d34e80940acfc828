package ormtest

import (
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest/internal/conformance"
)

// RunDriver runs the tests that every database driver passes: lookups in text, dates and JSON, limits, inserts and
// their keys, transactions, errors of constraints, and changes of tables. open returns an empty database that is
// closed when the test ends; it is called for many tests in turn.
//
//	func TestDriver(t *testing.T) {
//		ormtest.RunDriver(t, func(t testing.TB) *orm.DB { … })
//	}
func RunDriver(t *testing.T, open func(t testing.TB) *orm.DB) {
	t.Helper()
	conformance.Run(t, open)
}
