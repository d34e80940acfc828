package admin

import (
	"net/http"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

// view responds to a request.
type view func(q *request) error

// Routes adds the pages of the admin. All but the login require a staff user, and each checks the permission for
// what it shows or does.
func (a *App) Routes(r *web.Router) {
	r.Get("/", a.staff((*request).index)).Name("index")
	r.Get("/login/", a.public((*request).loginPage)).Name("login")
	r.Post("/login/", a.public((*request).login))
	r.Post("/logout/", a.public((*request).logout)).Name("logout")
	r.Post("/theme/", a.public((*request).theme)).Name("theme")
	r.Get("/search/", a.staff((*request).palette)).Name("search")
	r.Form("/password/", a.staff((*request).ownPassword)).Name("password")

	r.Get("/{app}/", a.staff((*request).appIndex)).Name("app")
	r.Get("/{app}/{model}/", a.model((*request).list)).Name("list")
	r.Post("/{app}/{model}/", a.model((*request).act))
	r.Form("/{app}/{model}/add/", a.model((*request).add)).Name("add")
	r.Get("/{app}/{model}/autocomplete/", a.model((*request).complete)).Name("autocomplete")
	r.Get("/{app}/{model}/{pk}/", a.model((*request).object)).Name("object")
	r.Form("/{app}/{model}/{pk}/change/", a.model((*request).change)).Name("change")
	r.Form("/{app}/{model}/{pk}/delete/", a.model((*request).remove)).Name("delete")
	r.Get("/{app}/{model}/{pk}/history/", a.model((*request).history)).Name("history")
	r.Form("/{app}/{model}/{pk}/password/", a.model((*request).setPassword)).Name("set_password")
}

// public serves a page to everyone.
func (a *App) public(v view) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		q, err := a.request(w, r)
		if err != nil {
			return err
		}
		return v(q)
	}
}

// staff serves a page to staff users. Visitors are redirected to the login; other users get a login page with
// status 403.
func (a *App) staff(v view) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		q, err := a.request(w, r)
		if err != nil {
			return err
		}
		if !q.user.IsAuthenticated() {
			return q.toLogin()
		}
		if !q.user.Account().IsStaff || !q.user.Account().IsActive {
			if r.Method == http.MethodGet {
				return q.loginRefused()
			}
			return web.Forbidden("Only staff users may use these pages.")
		}
		return q.inFrame(v(q))
	}
}

// model serves a page of the model that the address names, to users with any permission for it.
func (a *App) model(v view) web.HandlerFunc {
	return a.staff(func(q *request) error {
		e := q.site.find(web.Param(q.Request, "app"), web.Param(q.Request, "model"))
		if e == nil {
			return web.NotFound("There is no such model here.")
		}
		if !q.canSee(e) {
			return web.Forbidden("You have no permission for {objects}.", message.Args{"objects": e.model.LabelPlural})
		}
		q.entry = e
		return v(q)
	})
}

func (a *App) request(w http.ResponseWriter, r *http.Request) (*request, error) {
	site := a.site()
	if len(site.problems) > 0 {
		return nil, site.problems[0]
	}
	base, err := web.URL(r, "admin:index")
	if err != nil {
		return nil, err
	}
	user, err := auth.LoadUser(r)
	if err != nil {
		return nil, err
	}
	q := &request{Request: r, w: w, app: a, site: site, base: base, user: user}
	if q.user.IsAuthenticated() {
		q.perms = auth.PermsFor(r)
	}
	return q, nil
}

// theme stores the choice of light or dark for browsers without JavaScript.
func (q *request) theme() error {
	value := q.PostFormValue("theme")
	if value != "light" && value != "dark" {
		value = ""
	}
	http.SetCookie(q.w, &http.Cookie{
		Name: "admin_theme", Value: value, Path: "/", MaxAge: 365 * 24 * 3600,
		SameSite: http.SameSiteLaxMode, Secure: web.IsSecure(q.Request),
	})
	return q.redirect(web.SafeRedirect(q.Request, q.PostFormValue("next"), q.base))
}
