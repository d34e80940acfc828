package admin

import (
	"context"
	"errors"
	"slices"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/schema"
)

// privileged are the fields of users that give power; only superusers set them.
var privileged = []string{"is_staff", "is_superuser", "groups", "permissions"}

// locked reports whether the user may not set a field of obj although they may change the rest: power is given by
// superusers only, and nobody locks themselves out.
func (q *request) locked(name string, obj any) bool {
	if !q.site.isUsers(q.entry) {
		if q.entry == q.site.groupsEntry() { // whoever may edit groups could otherwise join them to every permission
			return name == "permissions" && !q.user.Account().IsSuperuser
		}
		return false
	}
	if slices.Contains(privileged, name) && !q.user.Account().IsSuperuser {
		return true
	}
	return q.isOwn(obj) && (name == "is_active" || name == "is_staff" || name == "is_superuser")
}

// isOwn reports whether obj is the account of the user.
func (q *request) isOwn(obj any) bool {
	other, ok := obj.(auth.Identity)
	return ok && other.UserID() != 0 && other.UserID() == q.user.UserID()
}

// mayTouch reports whether the user may change or delete this object: an account or a group that may do what they may
// not is left to those who may, and what rights consist of to superusers.
func (q *request) mayTouch(obj any) bool {
	may, err := q.manages(q.Context(), q.user, obj)
	if err != nil {
		q.failed = errors.Join(q.failed, err)
	}
	return may
}

func (q *request) manages(ctx context.Context, actor auth.Identity, obj any) (bool, error) {
	switch obj := obj.(type) {
	case auth.Identity:
		return auth.MayManage(ctx, q.app.db, actor, obj)
	case *auth.Group:
		return auth.MayManageGroup(ctx, q.app.db, actor, obj)
	case *auth.Permission, *auth.Session, *auth.Counter:
		return actor.Account().IsSuperuser, nil
	}
	return true, nil
}

// mayDelete reports whether the user may delete this object. Nobody deletes their own account: it could be the last one
// that may make others.
func (q *request) mayDelete(obj any) bool {
	if q.isOwn(obj) || !q.mayTouch(obj) {
		return false
	}
	group, ok := obj.(*auth.Group)
	if !ok {
		return true
	}
	may, err := auth.MayDeleteGroup(q.Context(), q.app.db, q.user, group)
	if err != nil {
		q.failed = errors.Join(q.failed, err)
	}
	return may
}

// refuseDelete is the error for an object that the user may not delete.
func (q *request) refuseDelete(obj any) error {
	if q.failed != nil {
		return q.failed
	}
	if q.isOwn(obj) {
		return web.Forbidden(ownDeletion)
	}
	return q.refuse("delete")
}

const (
	ownDeletion   = "You cannot delete your own account. Somebody else with the permission can, or you can ask for it to be made inactive."
	rightsLost    = "Your own rights have changed since this page was opened. Load it again."
	lastSuperuser = "This would leave the site without an active superuser. Make another one first."
)

// takesAccounts reports whether a group of a deletion holds accounts or rights that the user may not delete.
func (q *request) takesAccounts(group orm.DeletionGroup) bool {
	if slices.ContainsFunc(group.Objects, func(obj any) bool { return !q.mayDelete(obj) }) {
		return true
	}
	// Rows that are only counted cannot be compared.
	return int64(len(group.Objects)) < group.Count && q.holdsRights(group.Model) && !q.user.Account().IsSuperuser
}

// holdsRights reports whether the rows of a model are accounts, or say what accounts may do.
func (q *request) holdsRights(model *schema.Model) bool {
	for _, name := range []string{"auth.User", "auth.Group", "auth.Permission"} {
		if other, err := q.app.db.Model(name); err == nil && other == model {
			return true
		}
	}
	return false
}

// accountError tells why a change of accounts is not kept. It is a message for the user.
type accountError string

func (e accountError) Error() string { return string(e) }

// keepingAccounts runs fn, which changes or deletes rows, in the transaction of ctx. It returns an accountError, which
// undoes all of it, if no active superuser is left where there was one, if the user's own account is gone, or if obj, which
// fn changes and may be nil, has by now rights that the user does not have: somebody else may have given them, or taken the
// user's, since the page was loaded.
func (q *request) keepingAccounts(ctx context.Context, obj any, fn func() error) error {
	users, err := q.app.db.Model("auth.User")
	if err != nil {
		return fn() // a site without accounts
	}
	if obj != nil {
		if model, err := q.app.db.ModelOf(obj); err == nil && !q.holdsRights(model) {
			return fn()
		}
	}
	supers := q.app.db.Objects(users).Where("is_superuser", true).Where("is_active", true)
	before, err := supers.Exists(ctx)
	if err != nil {
		return err
	}
	actor, err := q.actorNow(ctx, users)
	if err != nil {
		return err
	}
	if err := q.stillManages(ctx, actor, obj); err != nil {
		return err
	}
	if err := fn(); err != nil {
		return err
	}
	own, err := q.app.db.Objects(users).Where("pk", q.user.UserID()).Exists(ctx)
	if err != nil {
		return err
	}
	after, err := supers.Exists(ctx)
	switch {
	case err != nil:
		return err
	case before && !after:
		return accountError(lastSuperuser)
	case !own:
		return accountError(ownDeletion)
	}
	return nil
}

// actorNow reads the user again. It is an accountError if they have lost what the page was made for: it may offer what only
// superusers give.
func (q *request) actorNow(ctx context.Context, users *schema.Model) (auth.Identity, error) {
	found, err := q.app.db.Objects(users).Where("pk", q.user.UserID()).Get(ctx)
	if errors.Is(err, orm.ErrNotFound) {
		return nil, accountError(rightsLost)
	}
	if err != nil {
		return nil, err
	}
	actor, ok := found.(auth.Identity)
	if !ok {
		return q.user, nil
	}
	was, is := q.user.Account(), actor.Account()
	if !is.IsActive || !is.IsStaff || was.IsSuperuser && !is.IsSuperuser {
		return nil, accountError(rightsLost)
	}
	return actor, nil
}

// stillManages compares rights as they are now, if obj is about rights.
func (q *request) stillManages(ctx context.Context, actor auth.Identity, obj any) error {
	if obj == nil {
		return nil
	}
	model, err := q.app.db.ModelOf(obj)
	if err != nil || !q.holdsRights(model) || model.PK.IsZero(obj) {
		return err
	}
	now, err := q.app.db.Objects(model).Where("pk", model.PK.Value(obj)).Get(ctx)
	if errors.Is(err, orm.ErrNotFound) {
		return nil // deleted: whatever writes it says so
	}
	if err != nil {
		return err
	}
	may, err := q.manages(ctx, actor, now)
	if err == nil && !may {
		err = accountError("This account has more rights than you by now, so you may not change it.")
	}
	return err
}
