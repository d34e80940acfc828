// Package env describes what the parts of the admin may know about the request that they serve: the database, the
// permissions of the current user, and the addresses of pages. It keeps lists, forms, deletions and the history free of
// routing and sessions.
package env

import (
	"context"
	"fmt"
	"slices"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dynamic"
	"github.com/quintetgo/quintet/orm/schema"
)

// Env is the environment of one request. All functions must be set. They are called by one request at a time.
type Env struct {
	DB      *orm.DB
	Printer display.Printer
	UserID  int64 // primary key of the current user

	// CanView reports whether the current user may view the objects of a model, registered in the admin or not.
	CanView func(model *schema.Model) bool

	// Link returns the address of an object's page, "" if the model is not registered, the user may not view it, or
	// pk is nil.
	Link func(model *schema.Model, pk any) string

	// Autocomplete returns the address that finds objects of a model by text, "" if the model is not registered or
	// the user may not view it.
	Autocomplete func(model *schema.Model) string

	// Unscoped returns the names of the default scopes that do not apply to a model in the admin. Default: nil, all apply.
	Unscoped func(model *schema.Model) []string
}

// Objects returns a query of all objects of a model that the admin may read for the current user.
func (e Env) Objects(model *schema.Model) dynamic.Query {
	query := dynamic.From(e.DB, model)
	if e.Unscoped != nil {
		if names := e.Unscoped(model); len(names) > 0 {
			query = query.Unscoped(names...)
		}
	}
	return query
}

// Name returns the name of an object as one visible line: its String if the user may view the model, and its key
// otherwise. It may contain characters that change the direction of text, so templates put it into <bdi>. Use
// [Env.Plain] elsewhere.
func (e Env) Name(model *schema.Model, obj any) string {
	if !e.CanView(model) && model.PK != nil {
		return model.KeyName(model.PK.Value(obj))
	}
	return display.Line(model.Display(obj))
}

// Plain returns the name of an object for titles, messages and attributes, shortened to limit characters.
func (e Env) Plain(model *schema.Model, obj any, limit int) string {
	return display.Cut(display.Plain(e.Name(model, obj)), limit)
}

// Names returns the plain names of the objects whose field holds one of the keys, by the text of the key. It runs
// one query, or none without keys.
func (e Env) Names(ctx context.Context, field *schema.Field, keys []any) (map[string]string, error) {
	names := make(map[string]string, len(keys))
	if len(keys) == 0 {
		return names, nil
	}
	model := field.Model
	found, err := e.Objects(model).Where(field.Name+"__in", slices.Clip(keys)).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, obj := range found {
		names[fmt.Sprint(field.Value(obj))] = e.Plain(model, obj, 200)
	}
	return names, nil
}
