package browser_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/quintetgo/quintet/docs/examples/blog/sample"
	"github.com/quintetgo/quintet/docs/examples/blog/site"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/sqlite"
)

// blog returns the example blog with its content, on a database of its own.
func blog(t *testing.T) http.Handler {
	t.Helper()
	db, err := orm.Open("sqlite:///"+t.TempDir()+"/blog.sqlite3", sqlite.Driver)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	project := site.Project(framework.Settings{}, db)
	if err := project.Err(); err != nil {
		t.Fatal(err)
	}
	apps := make([]any, 0, len(project.Apps()))
	for _, app := range project.Apps() {
		apps = append(apps, app)
	}
	for _, err := range []error{
		migrate.Up(t.Context(), db, apps...),
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
