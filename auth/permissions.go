package auth

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm"
)

// Perms is a set of permissions. The zero value is empty. It is immutable and safe for concurrent use. In templates, perms is
// that of the visitor:
//
//	{{ if .perms.Has "blog.add_post" }}…{{ end }}
type Perms struct {
	all bool
	set map[string]bool // "blog.add_post", lower case
}

// PermsOf returns the set of the named permissions, such as "blog.change_post". Names are case-insensitive.
func PermsOf(names ...string) Perms {
	p := Perms{set: make(map[string]bool, len(names))}
	for _, name := range names {
		p.set[strings.ToLower(name)] = true
	}
	return p
}

// AllPerms returns the set of a superuser, which contains every permission.
func AllPerms() Perms { return Perms{all: true} }

// Has reports whether the set contains a permission, such as "blog.add_post".
func (p Perms) Has(name string) bool { return p.all || p.set[strings.ToLower(name)] }

// HasAll reports whether the set contains all of the permissions.
func (p Perms) HasAll(names ...string) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return !p.Has(name) })
}

// HasAny reports whether the set contains one of the permissions.
func (p Perms) HasAny(names ...string) bool { return slices.ContainsFunc(names, p.Has) }

// HasApp reports whether the set contains any permission of an app.
func (p Perms) HasApp(app string) bool {
	if p.all {
		return true
	}
	prefix := strings.ToLower(app) + "."
	for name := range p.set {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// Names returns the names in alphabetical order. The set of a superuser has no names.
func (p Perms) Names() []string {
	names := make([]string, 0, len(p.set))
	for name := range p.set {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// PermName returns the name of the permission for an action (view, add, change, delete) on the objects of a model:
// PermName("change", "blog.Post") is "blog.change_post".
func PermName(action, model string) string {
	app, name, _ := strings.Cut(strings.ToLower(model), ".")
	return app + "." + action + "_" + name
}

// PermissionsApp is implemented by apps with permissions that belong to no model:
//
//	func (App) Permissions() []orm.Permission {
//		return []orm.Permission{{Codename: "publish", Name: "Can publish the newsletter"}}
//	}
type PermissionsApp interface {
	framework.App
	Permissions() []orm.Permission
}

// createPermissions creates missing permissions and updates the names of others.
func (s *service) createPermissions(ctx context.Context) error {
	return s.db.Atomic(ctx, func(ctx context.Context) error {
		rows, err := orm.From(s.db, Permissions).All(ctx)
		if err != nil {
			return fmt.Errorf("create permissions: %w", err)
		}
		existing := make(map[string]*Permission, len(rows))
		for _, row := range rows {
			existing[row.Perm()] = row
		}
		var missing []*Permission
		for _, want := range s.permissions() {
			row, ok := existing[want.Perm()]
			switch {
			case !ok:
				missing = append(missing, want)
				existing[want.Perm()] = want
			case row.Name != want.Name || row.Model != want.Model:
				row.Name, row.Model = want.Name, want.Model
				if err := s.db.Save(ctx, row); err != nil {
					return fmt.Errorf("update permission %s: %w", want.Perm(), err)
				}
			}
		}
		if len(missing) == 0 {
			return nil
		}
		if err := s.db.CreateAll(ctx, missing); err != nil {
			return fmt.Errorf("create permissions: %w", err)
		}
		return nil
	})
}

var counterType = reflect.TypeFor[Counter]()

// permissions returns the permissions of all models and apps.
func (s *service) permissions() []*Permission {
	var list []*Permission
	for _, model := range s.db.Models() {
		if model.Auto || model.Type == counterType { // counters are internal
			continue
		}
		add := func(codename, name string) {
			list = append(list, &Permission{App: strings.ToLower(model.App), Model: model.String(), Codename: codename, Name: cut(name)})
		}
		for _, action := range model.DefaultPermissions {
			add(action+"_"+strings.ToLower(model.Name), "Can "+action+" "+model.Label)
		}
		for _, extra := range model.Permissions {
			add(extra.Codename, extra.Name)
		}
	}
	if s.project == nil {
		return list
	}
	for _, app := range s.project.Apps() {
		if with, ok := app.(PermissionsApp); ok {
			for _, p := range with.Permissions() {
				list = append(list, &Permission{App: strings.ToLower(app.Name()), Codename: p.Codename, Name: cut(p.Name)})
			}
		}
	}
	return list
}

// cut shortens a name to the size of its column.
func cut(name string) string {
	if runes := []rune(name); len(runes) > 255 {
		return string(runes[:255])
	}
	return name
}
