package readings_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
	"github.com/quintetgo/quintet/orm/ormtest"

	"github.com/quintetgo/quintet/docs/examples/meters/readings"
)

func TestReadingsAreTakenAndShown(t *testing.T) {
	t.Parallel()
	app := readings.App{DB: ormtest.Open(t, readings.App{})}
	client := webtest.New(t, framework.New(framework.Settings{
		Routes: func(r *web.Router) { r.Include("/readings/", "readings") },
	}, app))
	client.Get("/readings/").WantStatus(t, http.StatusOK).WantContains(t, "No meter has reported yet.")
	client.Post("/readings/", url.Values{"id": {"m1-1"}, "watts": {"42"}}).WantStatus(t, http.StatusCreated)
	client.Post("/readings/", url.Values{"id": {"m1-2"}}).WantStatus(t, http.StatusCreated)
	client.Post("/readings/", url.Values{"id": {"m1-3"}, "watts": {"many"}}).WantStatus(t, http.StatusBadRequest)
	client.Post("/readings/", url.Values{"watts": {"42"}}).WantStatus(t, http.StatusUnprocessableEntity).WantContains(t, "key: This field is required.")
	client.Get("/readings/").WantContains(t, "<td>m1-1</td><td>42</td>")
	client.Get("/readings/keys/").WantContains(t, "m1-2\nm1-1\n")
}
