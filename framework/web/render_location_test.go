package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
	"time"

	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/templates"
)

// located notes the zone that it is given, as forms do.
type located struct{ zone *time.Location }

func (l *located) UseLocation(zone *time.Location) { l.zone = zone }

func TestPagesShowTimesInTheZoneOfTheRequest(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "t", FS: fstest.MapFS{
		"t.html": {Data: []byte(`{{ .at | date "H:i" }} {{ .at }} {{ include .part "at" .at }}`)}, "p.html": {Data: []byte(`{{ .at | time }}`)},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		site, user, want *time.Location
		body             string
	}{
		{nil, nil, time.UTC, "22:30 May 17, 2026, 10:30 p.m. 22:30"},
		{paris, nil, paris, "00:30 May 18, 2026, 12:30 a.m. 00:30"},
		{paris, tokyo, tokyo, "07:30 May 18, 2026, 7:30 a.m. 07:30"},
	} {
		one, listed, keyed, none := &located{}, &located{}, &located{}, (*located)(nil)
		router := web.NewRouter()
		router.Get("/", func(w http.ResponseWriter, r *http.Request) error {
			if c.user != nil {
				r = r.WithContext(web.WithLocation(r.Context(), c.user))
			}
			return web.Render(w, r, "t.html", web.Data{
				"at": time.Date(2026, 5, 17, 22, 30, 0, 0, time.UTC), "part": "p.html", "form": one, "forms": []*located{listed}, "byName": map[string]*located{"a": keyed}, "none": none,
			})
		})
		site := &web.Site{Router: router, Templates: engine, Location: c.site}
		w := httptest.NewRecorder()
		site.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
		if got := w.Body.String(); got != c.body {
			t.Errorf("got %q, want %q", got, c.body)
		}
		for _, l := range []*located{one, listed, keyed} {
			if l.zone != c.want {
				t.Errorf("a form got %v, want %v", l.zone, c.want)
			}
		}
	}
}
