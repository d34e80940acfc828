package auth

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm"
)

// PermissionsApp is implemented by apps with permissions that belong to no model:
//
//	func (App) Permissions() []orm.Permission {
//		return []orm.Permission{{Codename: "publish", Name: "Can publish the newsletter"}}
//	}
type PermissionsApp interface {
	framework.App
	Permissions() []orm.Permission
}

// actions are the permissions that every model has.
var actions = []string{"view", "add", "change", "delete"}

// PostMigrate makes the rows of permissions that are missing and updates the names of others. Rows
// of models that no longer exist stay, as groups may still have them.
func (a *App[U]) PostMigrate(ctx context.Context) error {
	db := a.db
	return db.Atomic(ctx, func(ctx context.Context) error {
		rows, err := orm.From(db, Permissions).All(ctx)
		if err != nil {
			return fmt.Errorf("make permissions: %w", err)
		}
		known := make(map[string]*Permission, len(rows))
		for _, row := range rows {
			known[row.Perm()] = row
		}
		var missing []*Permission
		for _, want := range a.core().wanted() {
			row, ok := known[want.Perm()]
			switch {
			case !ok:
				missing = append(missing, want)
				known[want.Perm()] = want
			case row.Name != want.Name || row.Model != want.Model:
				row.Name, row.Model = want.Name, want.Model
				if err := db.Save(ctx, row); err != nil {
					return fmt.Errorf("update permission %s: %w", want.Perm(), err)
				}
			}
		}
		if len(missing) == 0 {
			return nil
		}
		if err := db.CreateAll(ctx, missing); err != nil {
			return fmt.Errorf("make permissions: %w", err)
		}
		return nil
	})
}

var counterType = reflect.TypeFor[Counter]()

// wanted lists the permissions of all models and apps.
func (c *core) wanted() []*Permission {
	var list []*Permission
	for _, model := range c.db.Models() {
		if model.Auto || model.Type == counterType { // counters are nobody's business
			continue
		}
		add := func(codename, name string) {
			list = append(list, &Permission{App: strings.ToLower(model.App), Model: model.String(), Codename: codename, Name: cut(name)})
		}
		for _, action := range actions {
			add(action+"_"+strings.ToLower(model.Name), "Can "+action+" "+model.Label)
		}
		for _, extra := range model.Permissions {
			add(extra.Codename, extra.Name)
		}
	}
	if c.project == nil {
		return list
	}
	for _, app := range c.project.Apps() {
		if with, ok := app.(PermissionsApp); ok {
			for _, p := range with.Permissions() {
				list = append(list, &Permission{App: strings.ToLower(app.Name()), Codename: p.Codename, Name: cut(p.Name)})
			}
		}
	}
	return list
}

// cut keeps a name within its column.
func cut(name string) string {
	if runes := []rune(name); len(runes) > 255 {
		return string(runes[:255])
	}
	return name
}
