package framework

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/csrf"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/languages"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/middleware"
	"github.com/quintetgo/quintet/framework/server/exchange"
	"github.com/quintetgo/quintet/framework/sessions"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/templates"
)

// build creates the handler from routes, templates and middleware.
func (p *Project) build() {
	site := &web.Site{
		Router: p.router, Logger: p.logger, Debug: p.settings.Debug, Context: p.context(), Info: p.info, Location: p.location,
	}
	if p.static != nil {
		site.Static = p.static.URL
		if prefix := p.static.Prefix(); strings.HasPrefix(prefix, "/") {
			p.router.Handle(strings.TrimSuffix(prefix, "/")+"/*", p.static.Handler())
		}
	}
	for _, app := range p.apps {
		p.router.Register(app)
	}
	if p.settings.Routes != nil {
		p.settings.Routes(p.router)
	}
	p.problems = append(p.problems, p.router.Problems()...)
	p.problems = append(p.problems, p.notIncluded()...)
	p.problems = append(p.problems, p.modelRoutes()...)
	p.parseTemplates(site)
	site.Middleware = p.middleware()
	if err := p.Err(); err != nil {
		p.handler = errorHandler(err, p)
		return
	}
	p.handler = site.Handler()
}

// errorHandler returns a handler that responds with status 500, in debug mode with the error.
func errorHandler(err error, p *Project) http.Handler {
	router := web.NewRouter()
	router.Any("/*", func(http.ResponseWriter, *http.Request) error { return fmt.Errorf("the project has errors:\n%w", err) })
	return (&web.Site{Router: router, Logger: p.logger, Debug: p.settings.Debug}).Handler()
}

// parseTemplates parses all templates; an error becomes a problem with file and line.
func (p *Project) parseTemplates(site *web.Site) {
	funcs := site.Funcs()
	for _, app := range p.apps {
		if a, ok := app.(TemplateFuncsApp); ok {
			maps.Copy(funcs, a.TemplateFuncs())
		}
	}
	sources := p.sourcesOf(forms.Templates())
	p.problems = append(p.problems, p.checkReferences(sources)...)
	engine, err := templates.New(templates.Options{Sources: sources, Funcs: funcs, Nil: p.nilField()})
	if err != nil {
		p.errors("templates.E001", "templates", "", err)
		return
	}
	for _, warning := range engine.Warnings() {
		before := len(p.problems)
		p.errors("templates.W001", "templates", "", warning)
		for i := range p.problems[before:] {
			p.problems[before+i].Level = check.Warning
		}
	}
	p.templates, site.Templates = engine, engine
}

// nilField returns the function that asks the apps about nil fields in templates, nil if none wants to be asked.
func (p *Project) nilField() func(object any, field string) error {
	var apps []NilFieldsApp
	for _, app := range p.apps {
		if a, ok := app.(NilFieldsApp); ok {
			apps = append(apps, a)
		}
	}
	if apps == nil {
		return nil
	}
	return func(object any, field string) error {
		for _, app := range apps {
			if err := app.NilField(object, field); err != nil {
				return err
			}
		}
		return nil
	}
}

// context returns the values that are available in all templates.
func (p *Project) context() map[string]web.ContextFunc {
	public := map[string]any{"debug": p.settings.Debug, "language_code": p.settings.languageCode(), "time_zone": p.settings.TimeZone}
	values := map[string]web.ContextFunc{
		"csrf_token": func(r *http.Request) any { return csrf.Token(r) },
		"csrf_field": func(r *http.Request) any { return csrf.Field(r) },
		"messages":   func(r *http.Request) any { return messages.Take(r) },
		"settings":   func(*http.Request) any { return public },
	}
	if p.languages != nil {
		all := p.languages.All()
		values["language"] = p.languageOf
		values["languages"] = func(*http.Request) any { return all }
	}
	for _, app := range p.apps {
		if a, ok := app.(ContextApp); ok {
			maps.Copy(values, a.Context())
		}
	}
	return values
}

// middleware returns the framework's middleware, then that of the apps, then the project's own.
func (p *Project) middleware() []web.Middleware {
	s := &p.settings
	chain, err := middleware.Default(middleware.Options{
		Debug: s.Debug, Secure: s.SecureCookies, AllowedHosts: p.hosts(), TrustedOrigins: s.CSRFTrustedOrigins,
		TrustedProxies: s.TrustedProxies, Timeout: s.RequestTimeout, AccessLog: s.AccessLog, Logger: p.logger,
		Limits:   middleware.LimitOptions{MaxBody: s.MaxBody, MaxForm: s.MaxForm, MaxFields: s.MaxFields},
		Sessions: sessions.Options{Store: p.sessionStore(), Signer: p.signer, MaxAge: s.SessionAge},
	})
	if err != nil {
		p.errors("framework.E005", "settings", "", err)
	}
	chain = append([]web.Middleware{recordExchange}, chain...)
	if p.languages != nil {
		chain = append(chain, languages.Middleware(p.languages))
	}
	for _, app := range p.apps {
		if a, ok := app.(MiddlewareApp); ok {
			chain = append(chain, a.Middleware()...)
		}
	}
	chain = append(chain, p.userLanguages()...)
	return append(chain, s.Middleware...)
}

// recordExchange completes the server's record of a request with facts that only the site knows: route, client and request
// ID.
func recordExchange(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if x := exchange.From(r.Context()); x != nil {
			defer func() {
				x.Note(exchange.Notes{Route: web.RoutePattern(r), Client: web.ClientIP(r), RequestID: web.RequestID(r)})
			}()
		}
		next.ServeHTTP(w, r)
	})
}

// hosts returns the allowed hosts; by default those of this machine.
func (p *Project) hosts() []string {
	if len(p.settings.AllowedHosts) > 0 || p.settings.Debug {
		return p.settings.AllowedHosts
	}
	return []string{"localhost", "127.0.0.1", "[::1]"}
}

// sessionStore returns the store of the app that has one, or nil for memory.
func (p *Project) sessionStore() sessions.Store {
	var store sessions.Store
	var owner string
	for _, app := range p.apps {
		a, ok := app.(SessionsApp)
		if !ok {
			continue
		}
		if store != nil {
			p.problem("framework.E006", check.Error, "app "+app.Name(),
				fmt.Sprintf("the app %q already stores the sessions", owner), "Only one app can have a method SessionStore.")
			continue
		}
		store, owner = a.SessionStore(), app.Name()
	}
	return store
}

// info returns the settings for the debug page, without secrets.
func (p *Project) info() []web.Pair {
	var list []web.Pair
	v := reflect.ValueOf(p.settings)
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("env"), ",")
		if name == "" || name == "-" {
			continue
		}
		value := fmt.Sprint(v.Field(i).Interface())
		if u, err := url.Parse(value); err == nil && u.User != nil {
			value = u.Redacted()
		} else if err != nil && strings.Contains(value, "@") {
			value = "***"
		}
		if value != "" && web.Sensitive(name) {
			value = "***"
		}
		list = append(list, web.Pair{Name: name, Value: value})
	}
	return list
}
