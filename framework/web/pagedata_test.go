package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/templates"
)

type base struct{ Title string }

type notePage struct {
	base
	*extra
	Notes  []string
	hidden string
}

type extra struct{ Words string }

func TestPageDataIsAStructOrAMap(t *testing.T) {
	t.Parallel()
	engine, err := templates.New(templates.Options{Sources: []templates.Source{{Name: "t", FS: fstest.MapFS{
		"a.html": {Data: []byte(`{{ .path }}|{{ .Title }}|{{ .Words }}|{{ range .Notes }}{{ . }},{{ end }}|{{ .hidden }}`)},
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	var data any
	r := web.NewRouter()
	r.Get("/", func(w http.ResponseWriter, req *http.Request) error { return web.Render(w, req, "a.html", data) })
	site := (&web.Site{Router: r, Templates: engine}).Handler()
	full := notePage{base: base{"T"}, extra: &extra{"w"}, Notes: []string{"a", "b"}, hidden: "h"}
	for name, c := range map[string]struct {
		data any
		want string // "" for an error
	}{
		"struct":              {full, "/|T|w|a,b,|"},
		"pointer":             {&full, "/|T|w|a,b,|"},
		"nil embedded struct": {notePage{Notes: []string{"a"}}, "/|||a,|"},
		"Data":                {web.Data{"Title": "D", "path": "mine"}, "mine|D|||"},
		"map":                 {map[string]any{"Title": "M"}, "/|M|||"},
		"nil":                 {nil, "/||||"},
		"a slice":             {[]string{"a"}, ""},
		"a nil pointer":       {(*notePage)(nil), ""},
	} {
		data = c.data
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if c.want == "" && w.Code != http.StatusInternalServerError || c.want != "" && strings.ReplaceAll(w.Body.String(), "&lt;no value&gt;", "") != c.want {
			t.Errorf("%s: %d %q, want %q", name, w.Code, w.Body, c.want)
		}
	}
}
