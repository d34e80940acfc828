package sample

import (
	"context"
	"errors"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/docs/examples/blog/accounts"
	"github.com/quintetgo/quintet/orm"
)

// Admin makes a superuser with that name and password, or gives the one that exists the password.
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
