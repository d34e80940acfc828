package members

import (
	"embed"
	"io/fs"
	"net/http"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/forms"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/messages"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/modelforms"
)

//go:embed all:templates
var files embed.FS

// App is the app.
type App struct{ DB *orm.DB }

// Name returns "members".
func (App) Name() string { return "members" }

// Models lists the models.
func (App) Models() []any { return []any{&User{}} }

// Routes adds the app's addresses.
func (a App) Routes(r *web.Router) {
	r.Form("/join/", a.join).Name("join")
	r.With(auth.LoginRequired).Form("/me/", a.me).Name("me")
	r.With(auth.PermissionRequired("members.view_user")).Get("/all/", a.all).Name("all")
}

// Assets returns the templates.
func (App) Assets() fs.FS { return files }

// Permissions lists what is not about a model.
func (App) Permissions() []orm.Permission {
	return []orm.Permission{{Codename: "print_program", Name: "Can print the program"}}
}

// joinPage is the data of members/join.html.
type joinPage struct{ Form *forms.Form }

// mePage is the data of members/me.html.
type mePage struct{ Form *modelforms.Form }

// allPage is the data of members/all.html.
type allPage struct {
	Members   []*User
	Printable bool
}

// join creates a user and logs them in.
func (a App) join(w http.ResponseWriter, r *http.Request) error {
	var sent signUp
	form := forms.New(&sent)
	if r.Method != http.MethodPost || !form.Parse(r) {
		return web.Render(w, r, "members/join.html", joinPage{form})
	}
	user := &User{Base: auth.Base{Username: sent.Username, Email: sent.Email, IsActive: true}, Instrument: sent.Plays}
	if err := user.SetPassword(r.Context(), sent.Password); err != nil {
		return err
	}
	err := a.DB.Create(r.Context(), user)
	if err != nil && web.Status(err) < 500 {
		form.AddErrors(err) // such as a name that is taken, at its field
		return web.Render(w, r, "members/join.html", joinPage{form})
	}
	if err != nil {
		return err
	}
	if err := auth.Login(r, user); err != nil {
		return err
	}
	messages.Success(r, "Welcome, {name}.", message.Args{"name": user.FullName()})
	return web.Redirect(w, r, "members:me")
}

// me lets users change their own account.
func (a App) me(w http.ResponseWriter, r *http.Request) error {
	user, ok := auth.UserAs[User](r)
	if !ok {
		return auth.RedirectToLogin(w, r)
	}
	form, err := modelforms.New(r.Context(), a.DB, user, "name", "phone", "instrument")
	if err != nil {
		return err
	}
	if r.Method == http.MethodPost {
		saved, err := form.Submit(r)
		if err != nil {
			return err
		}
		if saved {
			return web.Redirect(w, r, "members:me")
		}
	}
	return web.Render(w, r, "members/me.html", mePage{form})
}

// all lists the members.
func (a App) all(w http.ResponseWriter, r *http.Request) error {
	members, err := orm.From(a.DB, Users).All(r.Context())
	if err != nil {
		return err
	}
	return web.Render(w, r, "members/all.html", allPage{members, auth.HasPerm(r, "members.print_program")})
}

var (
	_ framework.RoutesApp = App{}
	_ framework.AssetsApp = App{}
	_ orm.ModelsApp       = App{}
	_ auth.PermissionsApp = App{}
)
