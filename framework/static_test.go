package framework_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/settings"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
)

func TestMissingStaticReferenceIsAWarning(t *testing.T) {
	t.Parallel()
	p := framework.New(framework.Settings{
		Debug: true, SecretKey: settings.Secret(strings.Repeat("k", 50)),
		Assets: fstest.MapFS{"static/site.css": {Data: []byte("a{}\nb{background:url(gone.png)}")}},
		Routes: func(r *web.Router) {
			r.Get("/", func(w http.ResponseWriter, r *http.Request) error { return web.Text(w, "up") })
		},
	})
	var got []string
	for _, problem := range p.Check(t.Context()) {
		if problem.Level >= check.Warning {
			got = append(got, problem.String())
		}
	}
	if len(got) != 1 || !strings.HasPrefix(got[0], `warning (staticfiles.W001): project: static/site.css:2: the address "gone.png"`) {
		t.Errorf("problems %q, want the missing file alone", got)
	}
	webtest.New(t, p).Get("/").WantStatus(t, http.StatusOK)
	address, err := p.Static().URL("site.css")
	if err != nil {
		t.Fatal(err)
	}
	webtest.New(t, p).Get(address).WantContains(t, "url(gone.png)")
}
