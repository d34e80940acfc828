package browser_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/quintetgo/quintet/docs/examples/blog/sample"
	"github.com/quintetgo/quintet/docs/examples/blog/site"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// blog returns the example blog with its content, on a database of its own.
func blog(t *testing.T) http.Handler {
	t.Helper()
	db := ormtest.Open(t)
	project := site.Project(framework.Settings{}, db)
	ormtest.Migrate(t, project)
	for _, err := range []error{
		sample.Fill(t.Context(), db, time.Now()),
		sample.Admin(t.Context(), db, username, password),
		project.Start(t.Context()),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return project
}
