package framework_test

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
)

type wrong struct{}

func (*wrong) Start(context.Context) error { return nil }

type broken struct{ blog }

type nameless struct{}

func TestAllProblemsAreFoundAtOnce(t *testing.T) {
	t.Parallel()
	view := func(w http.ResponseWriter, r *http.Request) error { return nil }
	s := framework.Settings{Debug: true, Logger: quiet(), TrustedProxies: []string{"nonsense"}, Routes: func(r *web.Router) {
		r.Get("/a/", view)
		r.Get("/a/", view)
		r.Get("b", view)
	}}
	app := blog{events: new([]string)}
	p := framework.New(s, app, wrong{}, broken{app}, nil, nameless{}, blog{})
	code, out, errs := run(t, p, "check")
	if code != 1 {
		t.Errorf("code %d", code)
	}
	for _, want := range []string{
		"the route GET /a/ exists already, at problems_test.go:", `the pattern "b" is wrong`,
		"broken/a.html:2", "broken/b.html:1", "upper", "first thing", "second thing",
		"its method Assets() []string does not fit framework.AssetsApp", "Make it Assets() fs.FS",
		"Start has a pointer receiver", "Pass &framework_test.wrong{…}",
		"app 4 is nil", `its name "No Name" is not usable`, `two apps are named "blog"`, "nonsense", "broken.W001",
		`its command "greet" already exists in the app blog`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("missing %q", want)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
	if strings.Contains(out+errs, "goroutine") {
		t.Error("a stack trace")
	}
	if code, _, errs := run(t, p, "serve"); code != 1 || !strings.Contains(errs, "not started, because of") {
		t.Errorf("serve: code %d, %s", code, errs)
	}
	page := webtest.New(t, p).Get("/a/")
	page.WantStatus(t, 500)
	page.WantContains(t, "broken/a.html:2")
}

func TestTemplatesNameThingsThatExist(t *testing.T) {
	t.Parallel()
	p := project(t, framework.Settings{Assets: fstest.MapFS{"templates/a.html": {Data: []byte(
		"{{ url \"blog:list\" }}{{/* url \"blog:commented\" */}} url \"blog:text\"\n{{ if (url \"blog:detial\" 1) }}{{ end }}\n{{- static \"blog/x.cs\" -}}\n{{ url \"shop:absent\" }}{{ url \"home\" }}")}}})
	_, out, _ := run(t, p, "check")
	for _, want := range []string{
		`error (framework.E010): a.html:2: no route is named "blog:detial"; did you mean "blog:detail"?`,
		"error (framework.E009): a.html:3: ", `"blog/x.css"`,
		`warning (framework.E010): a.html:4: no route is named "home"`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("missing %q in\n%s", want, out)
		}
	}
	for _, not := range []string{"commented", "text", "absent"} {
		if strings.Contains(out, not) {
			t.Errorf("%q is reported in\n%s", not, out)
		}
	}
}
func (wrong) Name() string { return "wrong" }

func (wrong) Assets() []string { return nil }

func (broken) Name() string { return "broken" }

func (broken) Setup(*framework.Project) error {
	return errors.Join(errors.New("first thing"), errors.New("second thing"))
}

func (broken) Assets() fs.FS {
	return fstest.MapFS{"templates/broken/a.html": {Data: []byte("one\n{{ if }}")}, "templates/broken/b.html": {Data: []byte("{{ .x | uper }}")}}
}

func (broken) Checks(context.Context) []check.Problem {
	return []check.Problem{{ID: "broken.W001", Level: check.Warning, Message: "careful"}}
}

func (nameless) Name() string { return "No Name" }

type page struct{ Slug string }

func (p *page) Route() web.Ref { return web.Reverse("blog:detial", p.Slug) }

type orphan struct{ Parent *page }

func (o *orphan) Route() web.Ref { return web.Reverse("blog:"+o.Parent.Slug, 1) }

type modelsApp struct{ blog }

func (modelsApp) Models() []any { return []any{&page{}, &orphan{}} }

func TestRoutesOfModelsExist(t *testing.T) {
	t.Parallel()
	p := framework.New(framework.Settings{
		Logger: quiet(), Routes: func(r *web.Router) { r.Include("/posts/", "blog") },
	}, modelsApp{blog{events: new([]string)}})
	_, out, _ := run(t, p, "check")
	want := `error (framework.E010): framework_test.page.Route: no route is named "blog:detial"; did you mean "blog:detail"?`
	if !strings.Contains(out, want) {
		t.Errorf("missing %q in\n%s", want, out)
	}
}
