package admin

import (
	"errors"
	"net/http"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
)

// view is a page of the admin.
type view func(q *request) error

// Routes are the admin's pages. Each of them asks for a staff login except the login itself, and checks the permission for
// what it shows or does.
func (a *App) Routes(r *web.Router) {
	r.Get("/", a.staff((*request).index)).Name("index")
	r.Get("/login/", a.open((*request).loginPage)).Name("login")
	r.Post("/login/", a.open((*request).login))
	r.Post("/logout/", a.open((*request).logout)).Name("logout")
	r.Post("/theme/", a.open((*request).theme)).Name("theme")
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

// open serves a page to everyone.
func (a *App) open(v view) web.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		q, err := a.request(w, r)
		if err != nil {
			return err
		}
		return v(q)
	}
}

// staff serves a page to staff. Visitors are sent to the login; users who are not staff are told so.
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
			return web.Forbidden("Only staff may use these pages.")
		}
		return q.framed(v(q))
	}
}

// framed shows staff what is wrong with a request inside of the admin's frame. Failures stay errors: they are logged, and
// shown in full while developing.
func (q *request) framed(err error) error {
	known, ok := errors.AsType[*web.Error](err)
	if !ok || known.HTTPStatus() >= http.StatusInternalServerError || known.Message.IsZero() {
		return err
	}
	data := web.Data{"title": http.StatusText(known.HTTPStatus()), "message": display.Plain(known.Message.String()), "back_url": q.base, "back_label": "Back to the overview", "crumbs": []crumb{{"Overview", q.base}, {http.StatusText(known.HTTPStatus()), ""}}}
	if e := q.entry; e != nil && q.can("view", e) {
		data["back_url"], data["back_label"] = q.listURL(e), "Back to "+e.model.LabelPlural
	}
	return q.render(known.HTTPStatus(), "admin/error.html", data)
}

// model serves a page of the model that the address names. Models that the user may not see at all do not exist for them.
func (a *App) model(v view) web.HandlerFunc {
	return a.staff(func(q *request) error {
		e := q.site.find(web.Param(q.Request, "app"), web.Param(q.Request, "model"))
		if e == nil {
			return web.NotFound("There is no such model here.")
		}
		if !q.sees(e) {
			return web.Forbidden("You have no permission for {models}.", message.Args{"models": e.model.LabelPlural})
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

// refusals are the messages for what a user has no permission to do, by action.
var refusals = map[string]string{
	"add":                     "You may not add {models}.",
	"change":                  "You may not change {models}.",
	"delete":                  "You may not delete {models}.",
	"view":                    "You may not view {models}.",
	"view the history of":     "You may not view the history of {models}.",
	"change the passwords of": "You may not change the passwords of {models}.",
}

// refuse answers a request for something that the user has no permission for.
func (q *request) refuse(action string) error {
	return web.Forbidden(refusals[action], message.Args{"models": q.entry.model.LabelPlural})
}

// theme stores the choice of light or dark for browsers without scripts.
func (q *request) theme() error {
	value := q.PostFormValue("theme")
	if value != "light" && value != "dark" {
		value = ""
	}
	http.SetCookie(q.w, &http.Cookie{
		Name: "admin_theme", Value: value, Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode, Secure: web.IsSecure(q.Request),
	})
	return q.redirect(web.SafeRedirect(q.Request, q.PostFormValue("next"), q.base))
}

func (q *request) success(text string, args ...message.Args) {
	messages.Success(q.Request, text, args...)
}
