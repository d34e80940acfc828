package sample

import (
	"context"
	"errors"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/docs/examples/blog/accounts"
	"github.com/quintetgo/quintet/orm"
)

// Admin creates a superuser with that name and password, or sets the password of the existing one.
func Admin(ctx context.Context, db *orm.DB, username, password string) error {
	users := accounts.Users
	user, err := orm.From(db, users).Filter(users.Username.Eq(username)).Get(ctx)
	switch {
	case errors.Is(err, orm.ErrNotFound):
		user = &accounts.User{Base: auth.Base{
			Username: username, Email: username + "@lantern.example", Name: "The editor", IsActive: true, IsStaff: true, IsSuperuser: true,
		}}
	case err != nil:
		return err
	default:
		if same, err := user.CheckPassword(ctx, password); same || err != nil {
			return err
		}
	}
	if err := user.SetPassword(ctx, password); err != nil {
		return err
	}
	if user.ID == 0 {
		return db.Create(ctx, user)
	}
	return db.SaveFields(ctx, user, "password")
}
