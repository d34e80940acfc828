package framework

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/csrf"
	"github.com/quintetgo/quintet/framework/i18n"
	"github.com/quintetgo/quintet/framework/signing"
	"github.com/quintetgo/quintet/framework/staticfiles"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/templates"
)

// Project is a site: settings and apps, assembled by [New]. It is an http.Handler and safe for concurrent use.
type Project struct {
	settings     Settings
	apps         []App
	logger       *slog.Logger
	signer       *signing.Signer
	router       *web.Router
	assets       []assetSet
	static       *staticfiles.Files
	templates    *templates.Engine
	handler      http.Handler
	location     *time.Location
	languages    *i18n.Languages // nil if a catalog cannot be read
	problems     []check.Problem // found by New
	generatedKey bool
	closers      []func() error
	closeOnce    sync.Once
	closeErr     error
}

var _ http.Handler = (*Project)(nil)

// New assembles a project. It never fails: all problems are reported together by [Project.Check] and [Project.Err],
// and a project with errors responds to every request with status 500.
func New(s Settings, apps ...App) *Project {
	p := &Project{settings: s, logger: s.Logger, router: web.NewRouter()}
	if p.logger == nil {
		level := slog.LevelInfo
		p.logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	}
	p.setLocation()
	if !languageForm.MatchString(s.languageCode()) {
		p.problem("framework.E014", check.Error, "LANGUAGE_CODE",
			fmt.Sprintf("%q is not a language tag", s.LanguageCode), "Please "+languageHint+".")
	}
	p.apps = p.validApps(apps)
	key, fallbacks := s.keys()
	if key == "" {
		p.generatedKey = true
		key = rand.Text() + rand.Text()
	}
	p.signer = signing.New(key, fallbacks...)
	for _, app := range p.apps {
		if a, ok := app.(SetupApp); ok {
			if err := a.Setup(p); err != nil {
				p.errors("framework.E003", "app "+app.Name(), "", err)
			}
		}
	}
	p.problems = append(p.problems, p.checkMethods()...)
	p.assets = p.collectAssets()
	p.collectStatic()
	p.setLanguages()
	p.build()
	return p
}

// validApps returns the apps without those that cannot be used, which it reports.
func (p *Project) validApps(apps []App) (list []App) {
	seen := map[string]App{}
	for i, app := range apps {
		if app == nil {
			p.problem("framework.E001", check.Error, "framework.New", fmt.Sprintf("app %d is nil", i+1), "")
			continue
		}
		name := app.Name()
		switch first := seen[name]; {
		case !isName(name):
			p.problem("framework.E001", check.Error, fmt.Sprintf("%T", app), fmt.Sprintf("its name %q is not usable", name),
				"Name() must return one lower-case word of letters, digits and underscores, such as \"blog\".")
		case first != nil:
			p.problem("framework.E002", check.Error, "framework.New",
				fmt.Sprintf("two apps are named %q: %T and %T", name, first, app), "Give one of them another name, or pass it only once.")
		default:
			seen[name] = app
			list = append(list, app)
		}
	}
	return list
}

func isName(s string) bool {
	for i, c := range s {
		if c != '_' && (c < 'a' || c > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// setLocation loads the time zone. LoadSettings rejects an unknown one already, but not every project uses it.
func (p *Project) setLocation() {
	var err error
	if p.location, err = p.settings.location(); err != nil {
		p.location = time.UTC
		p.problem("framework.E011", check.Error, "TIME_ZONE",
			fmt.Sprintf("%q is not a time zone", p.settings.TimeZone), "Use a name such as Europe/Paris, or UTC.")
	}
}

func (p *Project) problem(id string, level check.Level, place, message, hint string) {
	p.problems = append(p.problems, check.Problem{ID: id, Level: level, Place: place, Message: message, Hint: hint})
}

// errors adds a problem for each error that err joins.
func (p *Project) errors(id, place, hint string, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			p.errors(id, place, hint, e)
		}
		return
	}
	if err == nil {
		return
	}
	if problem, ok := errors.AsType[check.Problem](err); ok {
		p.problems = append(p.problems, problem)
		return
	}
	if broken, ok := errors.AsType[*templates.Error](err); ok {
		p.problem(id, check.Error, broken.Place(), broken.Message, strings.Trim(broken.Hint+"\n"+broken.Excerpt, "\n"))
		return
	}
	p.problem(id, check.Error, place, err.Error(), hint)
}

// collectStatic collects the static files of the project and its apps.
func (p *Project) collectStatic() {
	var sources []staticfiles.Source
	for _, set := range p.assets {
		if files := set.folder("static"); files != nil {
			sources = append(sources, staticfiles.Source{Name: set.name, FS: files})
		}
	}
	files, err := staticfiles.New(sources, staticfiles.Options{Prefix: p.settings.StaticURL})
	if err != nil {
		p.errors("framework.E004", "static files", "", err)
	} else {
		p.problems = append(p.problems, files.Problems()...)
	}
	p.static = files
}

// Apps returns the apps in their order, as a copy.
func (p *Project) Apps() []App { return slices.Clone(p.apps) }

// Settings returns the settings that were passed to New.
func (p *Project) Settings() Settings { return p.settings }

// Location returns the time zone of the setting TIME_ZONE. In views use web.Location, since middleware may select
// another one.
func (p *Project) Location() *time.Location { return p.location }

// Router returns the routes.
func (p *Project) Router() *web.Router { return p.router }

// Templates returns the template engine, or nil if a template has an error.
func (p *Project) Templates() *templates.Engine { return p.templates }

// Static returns the static files, or nil if they have an error.
func (p *Project) Static() *staticfiles.Files { return p.static }

// Signer returns the signer with the project's secret key.
func (p *Project) Signer() *signing.Signer { return p.signer }

// Logger returns the project's logger.
func (p *Project) Logger() *slog.Logger { return p.logger }

// Handler returns the project's handler. The project itself is a handler too.
func (p *Project) Handler() http.Handler { return p.handler }

// ServeHTTP responds to a request.
func (p *Project) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.handler.ServeHTTP(w, r) }

// Start starts the apps in their order. If one fails, those that were started are stopped, and all errors are
// returned.
func (p *Project) Start(ctx context.Context) error {
	for i, app := range p.apps {
		a, ok := app.(StartApp)
		if !ok {
			continue
		}
		if err := a.Start(ctx); err != nil {
			err = fmt.Errorf("start %s: %w", app.Name(), err)
			return errors.Join(err, stop(context.WithoutCancel(ctx), p.apps[:i]))
		}
	}
	return nil
}

// Stop stops the apps in reverse order and returns all their errors. It is safe to call for a project that was not
// started.
func (p *Project) Stop(ctx context.Context) error { return stop(ctx, p.apps) }

// OnClose registers a function for [Project.Close], for resources that main.go opens and that belong to no app. Call
// it before the project runs a command.
func (p *Project) OnClose(fn func() error) { p.closers = append(p.closers, fn) }

// Close closes the apps (see [CloseApp]) and calls the functions of [Project.OnClose], each in reverse order, and
// returns all errors. Only the first call has an effect; others return the same error. The project must not be used
// after it. [Main] calls it; a program without Main has to call it itself.
func (p *Project) Close() error {
	p.closeOnce.Do(func() {
		var errs []error
		for _, app := range slices.Backward(p.apps) {
			if a, ok := app.(CloseApp); ok {
				if err := a.Close(); err != nil {
					errs = append(errs, fmt.Errorf("close %s: %w", app.Name(), err))
				}
			}
		}
		for _, fn := range slices.Backward(p.closers) {
			errs = append(errs, fn())
		}
		p.closeErr = errors.Join(errs...)
	})
	return p.closeErr
}

func stop(ctx context.Context, apps []App) error {
	var errs []error
	for _, app := range slices.Backward(apps) {
		if a, ok := app.(StopApp); ok {
			if err := a.Stop(ctx); err != nil {
				errs = append(errs, fmt.Errorf("stop %s: %w", app.Name(), err))
			}
		}
	}
	return errors.Join(errs...)
}

// sourcesOf lists the templates in order of precedence: those of the project, of the apps, and of the framework.
func (p *Project) sourcesOf(own fs.FS) []templates.Source {
	var sources []templates.Source
	for _, set := range p.assets {
		if files := set.folder("templates"); files != nil {
			sources = append(sources, templates.Source{Name: set.name, FS: files})
		}
	}
	return append(sources,
		templates.Source{Name: "forms", FS: own}, templates.Source{Name: "csrf", FS: csrf.Templates()},
		templates.Source{Name: "web", FS: web.Templates()})
}
