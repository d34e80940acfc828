// Package router chooses the databases of models in a project that has several; see orm.DB's method Route.
package router

import (
	"slices"
	"strings"
)

// Default is the alias of the default database, that of the setting DATABASE_URL.
const Default = "default"

// Router chooses the databases of models, by their names such as "blog.Post". [Map] is one. Its methods return the same
// results for as long as the program runs, and may be called concurrently. The names may be those of models that only
// migrations know.
type Router interface {
	// Database returns the alias of the database that the rows of a model are read from and written to, unless a query or a
	// handle is Using another one. "" is the default database.
	Database(model string) string
	// HasTable reports whether a database has the table of a model: migrations create it there. It is true for the database
	// that Database returns, and for others with copies or parts of the rows.
	HasTable(alias, model string) bool
}

// Map is the usual [Router]: the aliases of the databases of apps and of single models, whose names take precedence.
// Queries use the first alias; the others have the table too, for Using. What is not in the map is in the default database.
//
//	db.Route(router.Map{
//		"audit":      {"logs"},
//		"shop.Order": {"default", "archive"},
//	})
type Map map[string][]string

// Database implements [Router].
func (r Map) Database(model string) string { return r.of(model)[0] }

// HasTable implements [Router].
func (r Map) HasTable(alias, model string) bool { return slices.Contains(r.of(model), alias) }

// of returns the aliases of a model's databases.
func (r Map) of(model string) []string {
	app, _, _ := strings.Cut(model, ".")
	for _, name := range []string{model, app} {
		for key, aliases := range r {
			if strings.EqualFold(key, name) && len(aliases) > 0 {
				return aliases
			}
		}
	}
	return []string{Default}
}
