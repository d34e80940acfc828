package world_test

import (
	"net/http"
	"os"
	"testing"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm/ormtest/testdb"

	"github.com/quintetgo/quintet/docs/examples/countries/world"
)

func TestIndexAnswers(t *testing.T) {
	t.Parallel()
	app := world.App{DB: testdb.Open(t, world.App{})}
	project := framework.New(framework.Settings{
		Assets: os.DirFS(".."),
		Routes: func(r *web.Router) { r.Include("/world/", app) },
	}, app)
	client := webtest.New(t, project)
	client.Get("/world/").WantStatus(t, http.StatusOK)
}
