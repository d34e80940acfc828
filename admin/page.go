package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/quintetgo/quintet/admin/changelist"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm/schema"
)

// request is one request to the admin with what its pages need: who asks, what they may do, where the admin is mounted.
type request struct {
	*http.Request
	w     http.ResponseWriter
	app   *App
	site  *site
	base  string // "/admin/"
	user  auth.Identity
	perms auth.Perms
	entry *entry // the model the address names, nil on other pages

	kept   string // a form that the login page holds, signed; see auth.KeepForm
	failed error  // what went wrong where no error can be returned; the request fails with it
}

// crumb is a step of the way to a page; the last one has no URL.
type crumb struct{ Label, URL string }

// siteView is what every page shows around its content.
type siteView struct {
	Title, Logo, Accent, Density, Theme, Sidebar string
	Language, Direction, Path                    string
	HomeURL, SiteURL, LogoutURL, PasswordURL     string
	ThemeURL, SearchURL                          string
	UserName, UserDetail, Initials               string
	Nav                                          []navGroup
}

type navGroup struct {
	Name, Label, URL string
	Models           []navModel
}

type navModel struct {
	Label, Singular, URL, AddURL, Count string
	Current                             bool
}

// modelView names a model in pages.
type modelView struct{ Title, Singular, Plural string }

func (e *entry) view() modelView {
	return modelView{Title: e.title(), Singular: e.model.Label, Plural: e.model.LabelPlural}
}

// can reports whether the user may do something with the objects of a model. What is switched off in the options is
// forbidden to everyone. Who may change may view.
func (q *request) can(action string, e *entry) bool {
	if e == nil {
		return false
	}
	switch action {
	case "add":
		if e.options.NoAdd {
			return false
		}
	case "change":
		if e.options.NoChange {
			return false
		}
	case "delete":
		if e.options.NoDelete {
			return false
		}
	case "view":
		return q.perms.HasAny(e.permission("view"), e.permission("change"))
	}
	return q.perms.Has(e.permission(action))
}

// sees reports whether the model is shown to the user at all.
func (q *request) sees(e *entry) bool {
	return q.can("view", e) || q.can("add", e) || q.can("delete", e)
}

// listURL is the address of a model's list.
func (q *request) listURL(e *entry) string {
	return q.base + e.model.App + "/" + strings.ToLower(e.model.Name) + "/"
}

// objectURL is the address of a page of an object: "change", "delete", "history".
func (q *request) objectURL(e *entry, pk any, page string) string {
	return q.listURL(e) + url.PathEscape(fmt.Sprint(pk)) + "/" + page + "/"
}

// link is the address of an object's page, "" if the user may not view it.
func (q *request) link(model *schema.Model, pk any) string {
	e := q.site.entryOf(model)
	if e == nil || pk == nil || !q.can("view", e) {
		return ""
	}
	return q.objectURL(e, pk, "change")
}

// autocomplete is the address that finds objects of a model, "" if the user may not view them.
func (q *request) autocomplete(model *schema.Model) string {
	e := q.site.entryOf(model)
	if e == nil || !q.can("view", e) {
		return ""
	}
	return q.listURL(e) + "autocomplete/"
}

func (q *request) location() *time.Location {
	return q.site.location
}

// printer formats values for cells; long text is cut.
func (q *request) printer() display.Printer {
	return display.Printer{Location: q.location(), Now: q.app.config.Now, Limit: 120, Name: q.name}
}

// nav lists the models that the user may see.
func (q *request) nav() []navGroup {
	var groups []navGroup
	for _, g := range q.site.groups {
		view := navGroup{Name: g.name, Label: g.label, URL: q.base + g.name + "/"}
		for _, e := range g.entries {
			if !q.sees(e) {
				continue
			}
			model := navModel{Label: e.title(), Singular: e.model.Label, URL: q.listURL(e), Current: e == q.entry}
			if q.can("add", e) {
				model.AddURL = q.listURL(e) + "add/"
				if !q.can("view", e) {
					model.URL = model.AddURL
				}
			}
			view.Models = append(view.Models, model)
		}
		if len(view.Models) > 0 {
			groups = append(groups, view)
		}
	}
	return groups
}

// view gathers what the frame of every page shows.
func (q *request) view() siteView {
	v := siteView{
		Title: q.app.config.Title, Logo: q.app.config.Logo, Theme: q.choice("admin_theme", "light", "dark"),
		Sidebar: q.choice("admin_sidebar", "closed"), Language: q.site.language, Direction: direction(q.site.language), Path: q.URL.RequestURI(),
		HomeURL: q.base, SiteURL: q.app.config.SiteURL, LogoutURL: q.base + "logout/", ThemeURL: q.base + "theme/", SearchURL: q.base + "search/",
	}
	if q.app.config.Accent != Blue {
		v.Accent = string(q.app.config.Accent)
	}
	if q.app.config.Density != Comfortable {
		v.Density = string(q.app.config.Density)
	}
	if q.user != nil && q.user.IsAuthenticated() {
		account := q.user.Account()
		v.UserName, v.UserDetail = display.Plain(account.FullName()), display.Plain(account.Email)
		v.Initials = initials(v.UserName)
		v.Nav = q.nav()
		if e := q.site.users; e != nil {
			v.PasswordURL = q.base + "password/"
		}
	}
	return v
}

// direction is the direction of text of a language: "rtl" or "ltr".
func direction(language string) string {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	if slices.Contains([]string{"ar", "fa", "he", "ur", "yi", "ps", "ckb", "sd", "ug", "dv"}, base) {
		return "rtl"
	}
	return "ltr"
}

// choice reads a cookie that holds one of a few words.
func (q *request) choice(name string, words ...string) string {
	cookie, err := q.Cookie(name)
	if err != nil {
		return ""
	}
	for _, word := range words {
		if cookie.Value == word {
			return word
		}
	}
	return ""
}

// render answers with a page.
func (q *request) render(status int, template string, data web.Data) error {
	if q.failed != nil {
		return q.failed
	}
	data["site"] = q.view()
	if q.entry != nil {
		data["model"] = q.entry.view()
	}
	q.w.Header().Set("Cache-Control", "no-store")
	return web.RenderStatus(q.w, q.Request, status, template, data)
}

// crumbs leads from the overview over app and model to a page.
func (q *request) crumbs(more ...crumb) []crumb {
	crumbs := []crumb{{"Overview", q.base}}
	if e := q.entry; e != nil {
		crumbs = append(crumbs, crumb{e.group.label, q.base + e.group.name + "/"}, crumb{e.title(), q.listURL(e)})
	}
	crumbs = append(crumbs, more...)
	crumbs[len(crumbs)-1].URL = ""
	return crumbs
}

// redirect sends the browser to another page of the admin.
func (q *request) redirect(to string) error { return web.Redirect(q.w, q.Request, to) }

// env is what lists need.
func (q *request) env() changelist.Env {
	return changelist.Env{DB: q.app.db, Printer: q.printer(), Base: q.listURL(q.entry), Link: q.link, Autocomplete: q.autocomplete}
}

func initials(name string) string {
	var out []rune
	for word := range strings.FieldsSeq(name) {
		if first, _ := utf8.DecodeRuneInString(word); unicode.IsLetter(first) || unicode.IsDigit(first) {
			out = append(out, unicode.ToUpper(first))
		}
		if len(out) == 2 {
			break
		}
	}
	return string(out)
}
