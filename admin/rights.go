package admin

import (
	"context"
	"errors"
	"net/http"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// Refusals of changes to accounts.
const (
	selfDeletion  = "You cannot delete your own account. Another user with the permission can delete or deactivate it."
	rightsLost    = "Your own rights have changed since this page was opened. Load it again."
	rightsGained  = "This account now has more rights than you, so you may not change it."
	lastSuperuser = "This would leave the site without an active superuser. Create another one first."
)

// permitUser permits changes of a user only to those who have every right that the user has. Nobody deletes their own
// account: it could be the last one that can create others.
func (a *accounts) permitUser(r *http.Request, action Action, obj any) error {
	user := auth.User(r)
	if action == ActionDelete && isSelf(user, obj) {
		return web.Forbidden(selfDeletion)
	}
	may, err := a.manages(r.Context(), user, obj)
	return permitIf(may, err)
}

// permitGroup permits changes of a group only to those who have every permission that it grants, and its deletion
// to those who have every right that its members have.
func (a *accounts) permitGroup(r *http.Request, action Action, obj any) error {
	group, ok := obj.(*auth.Group)
	if !ok {
		return permitSuperuser(r, action, obj)
	}
	user := auth.User(r)
	may, err := a.manages(r.Context(), user, group)
	if err == nil && may && action == ActionDelete {
		may, err = auth.MayDeleteGroup(r.Context(), a.db, user, group)
	}
	return permitIf(may, err)
}

// permitSuperuser permits everything to superusers.
func permitSuperuser(r *http.Request, _ Action, _ any) error {
	return permitIf(auth.User(r).Account().IsSuperuser, nil)
}

func permitIf(permitted bool, err error) error {
	if err == nil && !permitted {
		return ErrNotPermitted
	}
	return err
}

// manages reports whether actor may change an account, a group or a permission.
func (a *accounts) manages(ctx context.Context, actor auth.Identity, obj any) (bool, error) {
	switch obj := obj.(type) {
	case auth.Identity:
		return auth.MayManage(ctx, a.db, actor, obj)
	case *auth.Group:
		return auth.MayManageGroup(ctx, a.db, actor, obj)
	}
	return actor.Account().IsSuperuser, nil
}

// guard runs change, which stores obj or deletes accounts and rights (obj is nil then), in the transaction of ctx.
// It returns an error with status 403, which undoes the change, if afterwards no active superuser is left where
// there was one or the user's own account is deleted, or if the user has lost rights or obj has gained rights since
// the request began.
func (a *accounts) guard(ctx context.Context, r *http.Request, obj any, change func(context.Context) error) error {
	if a.users == nil {
		return change(ctx)
	}
	superusers := dynamic.From(a.db, a.users).Where("is_superuser", true).Where("is_active", true)
	before, err := superusers.Exists(ctx)
	if err != nil {
		return err
	}
	user := auth.User(r)
	actor, err := a.reload(ctx, user)
	if err != nil {
		return err
	}
	if err := a.stillManages(ctx, actor, obj); err != nil {
		return err
	}
	if err := change(ctx); err != nil {
		return err
	}
	present, err := dynamic.From(a.db, a.users).Where("pk", user.UserID()).Exists(ctx)
	if err != nil {
		return err
	}
	after, err := superusers.Exists(ctx)
	switch {
	case err != nil:
		return err
	case before && !after:
		return web.Forbidden(lastSuperuser)
	case !present:
		return web.Forbidden(selfDeletion)
	}
	return nil
}

// reload reads the user again. It returns an error with status 403 if the user has lost the rights that the page
// was made for.
func (a *accounts) reload(ctx context.Context, user auth.Identity) (auth.Identity, error) {
	found, err := dynamic.From(a.db, a.users).Where("pk", user.UserID()).Get(ctx)
	if errors.Is(err, orm.ErrNotFound) {
		return nil, web.Forbidden(rightsLost)
	}
	if err != nil {
		return nil, err
	}
	actor, ok := found.(auth.Identity)
	if !ok {
		return user, nil
	}
	was, is := user.Account(), actor.Account()
	if !is.IsActive || !is.IsStaff || was.IsSuperuser && !is.IsSuperuser {
		return nil, web.Forbidden(rightsLost)
	}
	return actor, nil
}

// stillManages compares the rights of actor and a stored obj as they are now.
func (a *accounts) stillManages(ctx context.Context, actor auth.Identity, obj any) error {
	if obj == nil {
		return nil
	}
	model, err := a.db.ModelOf(obj)
	if err != nil || model.PK.IsZero(obj) {
		return err
	}
	stored, err := dynamic.From(a.db, model).Where("pk", model.PK.Value(obj)).Get(ctx)
	if errors.Is(err, orm.ErrNotFound) {
		return nil // the change reports it
	}
	if err != nil {
		return err
	}
	may, err := a.manages(ctx, actor, stored)
	if err == nil && !may {
		err = web.Forbidden(rightsGained)
	}
	return err
}
