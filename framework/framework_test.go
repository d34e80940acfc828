package framework_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/settings"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/framework/webtest"
)

type blog struct{ events *[]string }

func (blog) Name() string { return "blog" }

func (blog) Assets() fs.FS {
	return fstest.MapFS{
		"static/blog/x.css":        {Data: []byte("a{}")},
		"templates/base.html":      {Data: []byte(`<title>{{ block "title" . }}{{ end }}</title>{{ range .messages }}<p>{{ . }}</p>{{ end }}{{ block "body" . }}{{ end }}`)},
		"templates/blog/list.html": {Data: []byte(`{{ extends "base.html" }}{{ define "body" }}<a href="{{ url "blog:detail" "a b" }}">{{ .who }}</a><link href="{{ static "blog/x.css" }}"><form method="post">{{ .csrf_field }}</form>{{ end }}`)},
	}
}

func (blog) Context() map[string]web.ContextFunc {
	return map[string]web.ContextFunc{"who": func(*http.Request) any { return "<Ada>" }}
}

func (b blog) Routes(r *web.Router) {
	r.Get("/", func(w http.ResponseWriter, r *http.Request) error { return web.Render(w, r, "blog/list.html", nil) }).Name("list")
	r.Post("/", func(w http.ResponseWriter, r *http.Request) error {
		messages.Success(r, "Saved & done")
		return web.Redirect(w, r, "blog:list")
	})
	r.Get("/{slug}/", func(w http.ResponseWriter, r *http.Request) error { return web.Text(w, web.Param(r, "slug")) }).Name("detail")
}

func (b blog) Middleware() []web.Middleware {
	return []web.Middleware{func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Blog", "yes")
			next.ServeHTTP(w, r)
		})
	}}
}

func (b blog) Commands() []command.Command {
	return []command.Command{{Name: "greet", Short: "Greet", Run: func(_ context.Context, c *command.Call) error {
		c.Printf("hello\n")
		return nil
	}}}
}

func (b blog) Start(context.Context) error { *b.events = append(*b.events, "start"); return nil }

func (b blog) Stop(context.Context) error { *b.events = append(*b.events, "stop"); return nil }

var (
	_ framework.RoutesApp     = blog{}
	_ framework.AssetsApp     = blog{}
	_ framework.ContextApp    = blog{}
	_ framework.MiddlewareApp = blog{}
	_ framework.CommandsApp   = blog{}
	_ framework.StartApp      = blog{}
	_ framework.StopApp       = blog{}
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func project(t *testing.T, s framework.Settings) *framework.Project {
	t.Helper()
	app := blog{events: new([]string)}
	if s.Routes == nil {
		s.Routes = func(r *web.Router) { r.Include("/posts/", app) }
	}
	s.Logger = quiet()
	return framework.New(s, app)
}

// run runs a command as the program would.
func run(t *testing.T, p *framework.Project, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = p.Run(t.Context(), args, command.Call{In: strings.NewReader(""), Out: &o, Err: &e})
	return code, o.String(), e.String()
}

func TestProjectServesItsApps(t *testing.T) {
	t.Parallel()
	p := project(t, framework.Settings{})
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
	client := webtest.New(t, p)
	page := client.Get("/posts/")
	page.WantStatus(t, 200)
	for _, want := range []string{`href="/posts/a%20b/"`, "&lt;Ada&gt;", `href="/static/blog/x.`, `name="csrf_token"`} {
		page.WantContains(t, want)
	}
	if page.Header.Get("X-Blog") != "yes" || page.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("middleware is missing: %v", page.Header)
	}
	_, rest, _ := strings.Cut(page.Body, `<link href="`)
	address, _, _ := strings.Cut(rest, `"`)
	client.Get(address).WantStatus(t, 200)
	client.Get("/static/absent.css").WantStatus(t, 404)
	client.Post("/posts/", url.Values{}).WantStatus(t, 303)
	client.Get("/posts/").WantContains(t, "<p>Saved &amp; done</p>")
	if strings.Contains(client.Get("/posts/").Body, "Saved") {
		t.Error("a message is shown once")
	}
	client.Get("/absent/").WantStatus(t, 404)
	client.Host = "evil.example"
	client.Get("/posts/").WantStatus(t, 400)
}

func TestProjectTemplatesAndPagesWin(t *testing.T) {
	t.Parallel()
	p := project(t, framework.Settings{
		Assets: fstest.MapFS{
			"templates/blog/list.html": {Data: []byte("mine")}, "templates/404.html": {Data: []byte("lost {{ .settings.language_code }}")},
			"static/blog/x.css": {Data: []byte("b{}")},
		}, LanguageCode: "fr",
	})
	client := webtest.New(t, p)
	client.Get("/posts/").WantContains(t, "mine")
	client.Get("/static/blog/x.css").WantContains(t, "b{}")
	client.Get("/absent/").WantContains(t, "lost fr")
}

func TestLanguageReachesTemplates(t *testing.T) {
	t.Parallel()
	assets := fstest.MapFS{"templates/404.html": {Data: []byte(`<html lang="{{ .settings.language_code }}">`)}}
	for code, want := range map[string]string{"": "en", "de": "de", "pt-BR": "pt-BR", "zh-Hant-TW": "zh-Hant-TW"} {
		p := project(t, framework.Settings{LanguageCode: code, Assets: assets})
		webtest.New(t, p).Get("/absent/").WantContains(t, `<html lang="`+want+`">`)
	}
	for _, code := range []string{"pt_BR", "english language", "x", "en-", `en" onload="x`} {
		if err := project(t, framework.Settings{LanguageCode: code}).Err(); err == nil || !strings.Contains(err.Error(), "is not a language tag") {
			t.Errorf("%q: %v", code, err)
		}
	}
}

func TestTimeZoneReachesViews(t *testing.T) {
	t.Parallel()
	routes := func(r *web.Router) {
		r.Get("/", func(w http.ResponseWriter, r *http.Request) error {
			return web.Text(w, web.Location(r.Context()).String())
		})
	}
	for zone, want := range map[string]string{"": "UTC", "UTC": "UTC", "Europe/Paris": "Europe/Paris"} {
		p := project(t, framework.Settings{TimeZone: zone, Routes: routes})
		webtest.New(t, p).Get("/").WantContains(t, want)
		if got := p.Location().String(); got != want {
			t.Errorf("%q: Location is %s", zone, got)
		}
	}
	if err := project(t, framework.Settings{TimeZone: "Europe/Pari"}).Err(); err == nil || !strings.Contains(err.Error(), `"Europe/Pari" is not a time zone`) {
		t.Errorf("an unknown zone: %v", err)
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	p := project(t, framework.Settings{Debug: true})
	for _, c := range []struct {
		args      string
		code      int
		out, errs string
	}{
		{"greet", 0, "hello\n", ""},
		{"gret", 2, "", `did you mean "greet"?`},
		{"check", 0, "No problems found in 1 app.\n", ""},
		{"check --deploy", 1, "debug mode is on", "found 1 problem"},
		{"check --deploy --fail-level warning", 1, "debug mode is on", "found 3 problems"},
		{"check --fail-level warnin", 2, "", `did you mean "warning"?`},
		{"routes", 0, "GET   /posts/{slug}/  blog:detail  framework_test.go:", ""},
		{"routes --jsn", 2, "", `--json`},
		{"version", 0, "Quintet", ""},
		{"runserver --help", 0, "--no-reload", ""},
		{"runserver nonsense:x", 2, "", "nonsense:x"},
		{"serve --bind", 2, "", "--bind"},
		{"serve --bind nonsense", 2, "", "nonsense"},
	} {
		code, out, errs := run(t, p, strings.Fields(c.args)...)
		if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(errs, c.errs) {
			t.Errorf("%s: code %d\nout: %s\nerr: %s", c.args, code, out, errs)
		}
	}
	for _, command := range []string{"routes", "check"} {
		_, out, _ := run(t, p, command, "--json")
		var list []map[string]any
		if err := json.Unmarshal([]byte(out), &list); err != nil {
			t.Errorf("%s --json: %v\n%s", command, err, out)
		}
	}
	dir := filepath.Join(t.TempDir(), "static")
	if code, out, errs := run(t, p, "collectstatic", dir); code != 0 {
		t.Errorf("collectstatic: %d %s %s", code, out, errs)
	}
	if _, err := os.Stat(filepath.Join(dir, "blog", "x.css")); err != nil {
		t.Error(err)
	}
}

func TestServeStartsAndStopsTheApps(t *testing.T) {
	t.Parallel()
	app := blog{events: new([]string)}
	p := framework.New(framework.Settings{Logger: quiet(), Routes: func(r *web.Router) { r.Include("/posts/", app) }}, app)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reader, writer := io.Pipe()
	done := make(chan int)
	go func() {
		done <- p.Run(ctx, []string{"serve", "--bind", "127.0.0.1:0"}, command.Call{Out: writer, Err: io.Discard})
		_ = writer.Close()
	}()
	line := make([]byte, 200)
	n, err := reader.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	address := strings.TrimSpace(strings.TrimPrefix(string(line[:n]), "Listening on "))
	res, err := http.Get(address + "posts/x/")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	cancel()
	if code := <-done; code != 0 || res.StatusCode != 200 {
		t.Errorf("code %d, status %d", code, res.StatusCode)
	}
	if got := strings.Join(*app.events, " "); got != "start stop" {
		t.Errorf("events: %s", got)
	}
}

// TestServeRefusesWhatIsForDevelopment has settings with which a site would show its source or accept forged
// sessions.
func TestServeRefusesWhatIsForDevelopment(t *testing.T) {
	t.Parallel()
	const good = "kV2pXq7LmZt0RwYb9sNc4HfGj1DuEaIo8K3yTQxS5Br6"
	for name, c := range map[string]struct {
		settings framework.Settings
		want     string // part of the error; "" if the site may be served
	}{
		"a good key":          {framework.Settings{SecretKey: good}, ""},
		"DEBUG":               {framework.Settings{Debug: true, SecretKey: good}, "framework.E012"},
		"a short key":         {framework.Settings{SecretKey: "x"}, "it has 1 characters"},
		"a key of an example": {framework.Settings{SecretKey: "change-me-change-me-change-me-change-me-change-me"}, "consists of words"},
		"a repeated key":      {framework.Settings{SecretKey: settings.Secret(strings.Repeat("a1", 30))}, "framework.E013"},
		"a weak former key":   {framework.Settings{SecretKey: good, SecretKeyFallbacks: []settings.Secret{good, "old"}}, "SECRET_KEY_FALLBACKS, key 2"},
	} {
		p := project(t, c.settings)
		ended, cancel := context.WithCancel(t.Context())
		cancel() // sites that are not refused stop at once
		var out, errs bytes.Buffer
		code := p.Run(ended, []string{"serve", "--bind", "127.0.0.1:0"}, command.Call{Out: &out, Err: &errs})
		if c.want == "" && code != 0 || c.want != "" && (code != 1 || !strings.Contains(errs.String(), c.want) || strings.Contains(errs.String(), good)) {
			t.Errorf("%s: status %d\n%s", name, code, &errs)
		}
		if c.want == "" {
			continue
		}
		if problems := check.AtLeast(p.CheckDeploy(t.Context()), check.Error); len(problems) == 0 {
			t.Errorf("%s: check --deploy finds no error", name)
		}
		if code := p.Run(ended, []string{"serve", "--debug", "--bind", "127.0.0.1:0"}, command.Call{Out: &out, Err: &errs}); code != 0 {
			t.Errorf("%s: with --debug the status is %d\n%s", name, code, &errs)
		}
	}
}

// closing is an app with a resource.
type closing struct {
	name   string
	events *[]string
	err    error
}

func (c closing) Name() string { return c.name }

func (c closing) Close() error { *c.events = append(*c.events, c.name); return c.err }

func TestCloseGivesBackWhatAppsHold(t *testing.T) {
	t.Parallel()
	var events []string
	broken := errors.New("the disk is full")
	p := framework.New(framework.Settings{Logger: quiet()}, closing{"first", &events, nil}, closing{"second", &events, broken}, closing{"third", &events, nil})
	p.OnClose(func() error { events = append(events, "file"); return nil })
	for range 2 {
		if err := p.Close(); !errors.Is(err, broken) || !strings.Contains(err.Error(), "close second") {
			t.Errorf("got %v", err)
		}
	}
	if got := strings.Join(events, " "); got != "third second first file" {
		t.Errorf("closed %s", got)
	}
}

func TestDebugPageHidesSecrets(t *testing.T) {
	t.Parallel()
	key := strings.ToLower("HUNTER2HUNTER2")
	p := project(t, framework.Settings{
		Debug: true, SecretKey: "hunter2hunter2", DatabaseURL: "postgres://me:" + key + "@host/shop", SecretKeyFallbacks: nil,
		Routes: func(r *web.Router) {
			r.Get("/fail", func(http.ResponseWriter, *http.Request) error { return errors.New("it broke") })
		},
	})
	page := webtest.New(t, p).Get("/fail")
	page.WantStatus(t, 500)
	page.WantContains(t, "it broke")
	page.WantContains(t, "postgres://me:xxxxx@host/shop")
	if strings.Contains(page.Body, key) {
		t.Error("the page shows a secret")
	}
	if strings.Contains(page.Body, "<script") || !strings.Contains(page.Body, `<style nonce="`) {
		t.Error("the page must fit the policy")
	}
}

// BenchmarkMiddleware measures a request without a session through the default middleware.
func BenchmarkMiddleware(b *testing.B) {
	p := framework.New(framework.Settings{Logger: quiet(), Routes: func(r *web.Router) {
		r.Get("/", func(w http.ResponseWriter, r *http.Request) error { return web.Text(w, "Hello") })
	}})
	r := httptest.NewRequest("GET", "http://localhost/", nil)
	b.ReportAllocs()
	for b.Loop() {
		p.ServeHTTP(&discard{header: http.Header{}}, r)
	}
}

type discard struct{ header http.Header }

func (d *discard) Header() http.Header { return d.header }

func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
