package admin

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/web"
)

// page is the data that every page has. The structs of pages embed it, so that templates read .Title and .Site.HomeURL.
type page struct {
	Site  siteView
	Model *modelView // nil on pages without a model

	Title    string
	Subtitle string
	Crumbs   []crumb
	Notices  []message.Message // warnings above the content
}

// crumb is a step of the breadcrumbs. The last one has no URL.
type crumb struct{ Label, URL string }

// siteView is the frame around the content of every page.
type siteView struct {
	Title, Logo, Accent, Density, Theme, Sidebar string
	Language, Direction, Path                    string
	HomeURL, SiteURL, LogoutURL, PasswordURL     string
	ThemeURL, SearchURL                          string
	UserName, UserDetail, Initials               string
	Nav                                          []navGroup
}

// navGroup is an app in the navigation.
type navGroup struct {
	Name, Label, URL string
	Models           []navModel
}

// navModel is a model in the navigation.
type navModel struct {
	Label, Singular, URL, AddURL string
	Count                        string // number of rows, on the overview only
	Current                      bool

	entry *entry
}

// modelView is the labels of the request's model.
type modelView struct{ Title, Singular, Plural string }

// pageData is implemented by pointers to structs that embed [page].
type pageData interface{ frame() *page }

func (p *page) frame() *page { return p }

// render responds with a page, whose frame it fills.
func (q *request) render(status int, template string, data pageData) error {
	frame := data.frame()
	frame.Site = q.siteView()
	if e := q.entry; e != nil {
		frame.Model = &modelView{Title: e.title(), Singular: e.model.Label, Plural: e.model.LabelPlural}
	}
	q.w.Header().Set("Cache-Control", "no-store")
	return web.RenderStatus(q.w, q.Request, status, template, data)
}

// nav lists the models that the user may see.
func (q *request) nav() []navGroup {
	var groups []navGroup
	for _, g := range q.site.groups {
		view := navGroup{Name: g.name, Label: g.label, URL: q.base + g.name + "/"}
		for _, e := range g.entries {
			if !q.canSee(e) {
				continue
			}
			model := navModel{
				Label: e.title(), Singular: e.model.Label, URL: q.listURL(e), AddURL: q.addURL(e), Current: e == q.entry, entry: e,
			}
			if model.AddURL != "" && !q.can(ActionView, e) {
				model.URL = model.AddURL
			}
			view.Models = append(view.Models, model)
		}
		if len(view.Models) > 0 {
			groups = append(groups, view)
		}
	}
	return groups
}

func (q *request) siteView() siteView {
	config := q.app.config
	v := siteView{
		Title: config.Title, Logo: config.Logo, SiteURL: config.SiteURL,
		Theme: q.cookieChoice("admin_theme", "light", "dark"), Sidebar: q.cookieChoice("admin_sidebar", "closed"),
		Language: q.site.language, Direction: direction(q.site.language), Path: q.URL.RequestURI(),
		HomeURL: q.base, LogoutURL: q.base + "logout/", ThemeURL: q.base + "theme/", SearchURL: q.base + "search/",
	}
	if config.Accent != Blue {
		v.Accent = string(config.Accent)
	}
	if config.Density != Comfortable {
		v.Density = string(config.Density)
	}
	if q.user.IsAuthenticated() {
		account := q.user.Account()
		v.UserName, v.UserDetail = display.Plain(account.FullName()), display.Plain(account.Email)
		v.Initials = initials(v.UserName)
		v.Nav = q.nav()
		if q.site.accounts.users != nil {
			v.PasswordURL = q.base + "password/"
		}
	}
	return v
}

// crumbs returns the breadcrumbs from the overview over app and model to a page.
func (q *request) crumbs(last ...crumb) []crumb {
	crumbs := []crumb{{"Overview", q.base}}
	if e := q.entry; e != nil {
		crumbs = append(crumbs, crumb{e.group.label, q.base + e.group.name + "/"}, crumb{e.title(), q.listURL(e)})
	}
	crumbs = append(crumbs, last...)
	crumbs[len(crumbs)-1].URL = ""
	return crumbs
}

// errorPage is the page of a request that is refused.
type errorPage struct {
	page
	Message string
	BackURL string
	Objects string // label of the list that BackURL leads to, "" for the overview
}

// inFrame shows staff a refused request inside the admin's frame. Server errors stay errors: they are logged, and
// shown in full during development.
func (q *request) inFrame(err error) error {
	public, ok := errors.AsType[*web.Error](err)
	if !ok || public.HTTPStatus() >= http.StatusInternalServerError || public.Message.IsZero() {
		return err
	}
	title := http.StatusText(public.HTTPStatus())
	data := errorPage{
		page:    page{Title: title, Crumbs: []crumb{{"Overview", q.base}, {Label: title}}},
		Message: display.Plain(public.Message.String()), BackURL: q.base,
	}
	if e := q.entry; e != nil && q.can(ActionView, e) {
		data.BackURL, data.Objects = q.listURL(e), e.model.LabelPlural
	}
	return q.render(public.HTTPStatus(), "admin/error.html", &data)
}

// rightToLeft are the languages that are written from right to left.
var rightToLeft = []string{"ar", "fa", "he", "ur", "yi", "ps", "ckb", "sd", "ug", "dv"}

// direction returns the direction of text of a language: "rtl" or "ltr".
func direction(language string) string {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	if slices.Contains(rightToLeft, base) {
		return "rtl"
	}
	return "ltr"
}

// cookieChoice returns the value of a cookie if it is one of the choices, else "".
func (q *request) cookieChoice(name string, choices ...string) string {
	cookie, err := q.Cookie(name)
	if err != nil || !slices.Contains(choices, cookie.Value) {
		return ""
	}
	return cookie.Value
}

// initials returns the first letters of the first two words of a name, in upper case.
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
