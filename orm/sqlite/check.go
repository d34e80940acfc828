package sqlite

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
)

// fts5Hint explains how to build with the module fts5, which the driver for cgo has only with a build tag.
const fts5Hint = "Build with the tag sqlite_fts5, as the commands of Quintet do: go build -tags sqlite_fts5 . " +
	"(GOFLAGS=-tags=sqlite_fts5 in the environment does it for every go command; with CGO_ENABLED=0 or the tag purego " +
	"it is not needed.)"

// check reports a build without fts5, and files that everyone may read.
func (f *file) check() (list []check.Problem) {
	if !hasFTS5 {
		list = append(list, check.Problem{
			ID: "sqlite.I001", Level: check.Info, Place: "this program", Hint: fts5Hint,
			Message: "it was built without FTS5, so tables for full-text search cannot be used",
		})
	}
	if f.cleanup != nil || runtime.GOOS == "windows" { // permissions have no meaning there
		return list
	}
	for _, name := range f.shared() {
		list = append(list, check.Problem{
			ID: "sqlite.W001", Level: check.Warning, Place: name,
			Message: "every user of this machine may open the file, and the permissions cannot be changed by this user",
			Hint:    "Have its owner run: chmod 600 " + name,
		})
	}
	return list
}

// Explain implements [dialect.Explainer]: it names the build tag that a missing module needs.
func (sqliteDialect) Explain(err error) error {
	if hasFTS5 || !strings.Contains(err.Error(), "no such module: fts5") {
		return nil
	}
	return fmt.Errorf("%w: this program was built without it. %s", err, fts5Hint)
}
