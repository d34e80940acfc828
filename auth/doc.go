// Package auth authenticates visitors and checks their permissions. It provides users, groups, permissions, pages for login,
// logout and passwords, and middleware that protects views.
//
// The project defines the user model. It embeds [Base] and adds fields, at any time:
//
//	type User struct {
//		auth.Base
//		Phone string `gorm:"size:40"`
//	}
//
//	framework.New(s, migrate.New(db), auth.New[accounts.User](db), accounts.App{})
//
// Views get the visitor, who is loaded on first use:
//
//	if auth.User(r).IsAuthenticated() { … }
//	me, ok := auth.UserAs[accounts.User](r)
//
// Middleware protects them:
//
//	r.With(auth.LoginRequired).Get("/me/", a.me)
//	r.With(auth.PermissionRequired("blog.change_post")).Post("/{slug}/edit/", a.edit)
//
// Templates have the values user and perms: {{ if .perms.Has "blog.add_post" }}.
package auth
