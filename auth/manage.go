package auth

import (
	"context"
	"errors"
	"fmt"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
)

// Covers reports whether p contains every permission of other. Only AllPerms covers AllPerms.
func (p Perms) Covers(other Perms) bool {
	switch {
	case p.all:
		return true
	case other.all:
		return false
	}
	for name := range other.set {
		if !p.set[name] {
			return false
		}
	}
	return true
}

// MayManage reports whether actor may change, delete or log in as the account of target without gaining permissions by it.
// Actor needs every permission that target has, including those of groups and also if target is not active, and must be staff
// if target is. Superusers may manage all accounts. Every page that changes an account, its password or its email address must
// call this. The error is that of the database.
func MayManage(ctx context.Context, db *orm.DB, actor, target Identity) (bool, error) {
	own, account := actor.Account(), target.Account()
	switch {
	case !actor.IsAuthenticated() || !own.IsActive:
		return false, nil
	case own.IsSuperuser:
		return true, nil
	case account.IsSuperuser || account.IsStaff && !own.IsStaff:
		return false, nil
	}
	s := &service{db: db}
	mine, err := s.granted(ctx, own)
	if err != nil {
		return false, err
	}
	theirs, err := s.granted(ctx, account)
	if err != nil {
		return false, err
	}
	return mine.Covers(theirs), nil
}

// MayManageGroup is [MayManage] for a group: actor needs every permission of the group.
func MayManageGroup(ctx context.Context, db *orm.DB, actor Identity, group *Group) (bool, error) {
	own := actor.Account()
	switch {
	case !actor.IsAuthenticated() || !own.IsActive:
		return false, nil
	case own.IsSuperuser:
		return true, nil
	}
	s := &service{db: db}
	mine, err := s.granted(ctx, own)
	if err != nil {
		return false, err
	}
	theirs, err := s.permsWhere(ctx, orm.Lookup[Permission]("groups__id", group.ID))
	if err != nil {
		return false, err
	}
	return mine.Covers(theirs), nil
}

// MayDeleteGroup is [MayManageGroup] for a deletion, which removes the group's permissions from its members: actor also needs
// every permission that any of them has, as for managing them one by one.
func MayDeleteGroup(ctx context.Context, db *orm.DB, actor Identity, group *Group) (bool, error) {
	may, err := MayManageGroup(ctx, db, actor, group)
	if err != nil || !may || actor.Account().IsSuperuser {
		return may, err
	}
	users, err := db.Model("auth.User")
	if err != nil {
		return false, err
	}
	super, err := dynamic.From(db, users).Where("groups__id", group.ID).Where("is_superuser", true).Exists(ctx)
	if err != nil || super {
		return false, err
	}
	s := &service{db: db}
	mine, err := s.granted(ctx, actor.Account())
	if err != nil {
		return false, err
	}
	theirs, err := s.permsWhere(ctx, orm.Or(
		orm.Lookup[Permission]("users__groups__id", group.ID),
		orm.Lookup[Permission]("groups__users__groups__id", group.ID),
	))
	if err != nil {
		return false, err
	}
	return mine.Covers(theirs), nil
}

// ErrPasswordChanged is the error of [ReplacePassword] if the stored password is no longer the expected one.
var ErrPasswordChanged = errors.New("the password was changed in the meantime")

// ReplacePassword stores the password hash of user if the stored hash is still before, and returns [ErrPasswordChanged]
// otherwise. A request that was authorized by the old password must not undo a change that was made in the meantime, which
// would make the old password valid again.
func ReplacePassword(ctx context.Context, db *orm.DB, user Identity, before string) error {
	model, err := db.ModelOf(user)
	if err != nil {
		return err
	}
	now := user.Account().Password
	return db.Atomic(ctx, func(ctx context.Context) error {
		n, err := dynamic.From(db, model).Where("id", user.UserID()).Where("password", before).Update(ctx, map[string]any{"password": now})
		if err != nil {
			return fmt.Errorf("store password: %w", err)
		}
		if n == 0 {
			return ErrPasswordChanged
		}
		return (&service{db: db}).saveFields(ctx, user, "password") // for the hooks of the model
	})
}
