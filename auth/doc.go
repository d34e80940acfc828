// Package auth knows who a visitor is and what they may do: users, groups, permissions, login and
// logout, and the guards in front of views.
//
// The project owns its user model. It embeds [Base] and adds what it needs, at any time:
//
//	type User struct {
//		auth.Base
//		Phone string `gorm:"size:40"`
//	}
//
//	framework.New(s, migrate.New(db), auth.New[accounts.User](db), accounts.App{})
//
// Views ask for the visitor, who is loaded when first asked for:
//
//	if auth.User(r).IsAuthenticated() { … }
//	me, ok := auth.UserAs[accounts.User](r)
//
// and guards stand in front of them:
//
//	r.With(auth.LoginRequired).Get("/me/", a.me)
//	r.With(auth.PermissionRequired("blog.change_post")).Post("/{slug}/edit/", a.edit)
//
// Templates have user and perms: {{ if .perms.Has "blog.add_post" }}.
package auth
