package auth

import (
	"context"

	"github.com/quintetgo/quintet/orm"
)

// Covers reports whether someone who may do what p holds may do everything that other holds. Only
// AllPerms covers AllPerms.
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

// MayManage reports whether actor may change, delete or log in as the account of target, as far as
// rights go: nobody gets what they do not have by way of another account. Actor needs every permission
// that target has, also through groups and also if target is not active at the moment, and must be
// staff if target is. Superusers may manage everybody. Every page that changes an account, its password
// or its address asks this.
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
	c := &core{db: db}
	mine, err := c.granted(ctx, own)
	if err != nil {
		return false, err
	}
	theirs, err := c.granted(ctx, account)
	if err != nil {
		return false, err
	}
	return mine.Covers(theirs), nil
}

// MayManageGroup is [MayManage] for a group: actor needs every permission that it gives its members.
func MayManageGroup(ctx context.Context, db *orm.DB, actor Identity, group *Group) (bool, error) {
	own := actor.Account()
	switch {
	case !actor.IsAuthenticated() || !own.IsActive:
		return false, nil
	case own.IsSuperuser:
		return true, nil
	}
	c := &core{db: db}
	mine, err := c.granted(ctx, own)
	if err != nil {
		return false, err
	}
	theirs, err := c.permsWhere(ctx, orm.Lookup[Permission]("groups__id", group.ID))
	if err != nil {
		return false, err
	}
	return mine.Covers(theirs), nil
}
