package declare

import (
	"reflect"
	"slices"

	"github.com/quintetgo/quintet/orm/schema"
)

// A type of one's own stores itself with Value and Scan, as in package database/sql, and names the type of its column with
// GormDataType, as in GORM: "varchar(7)". The interfaces below and [Chooser] add to that; package modelforms asks for the
// form field, and the admin shows the result of String.
type (
	// ColumnTyper is implemented by types whose columns have a type of their own in some databases.
	ColumnTyper interface {
		// ColumnTypes returns the types by the name of the database, such as {"postgres": "point"}. Other databases have
		// the type of GormDataType.
		ColumnTypes() map[string]string
	}
	// Looker is implemented by types whose values only some lookups can compare.
	Looker interface {
		// Lookups returns the names of these lookups, such as "exact" and "in".
		Lookups() []string
	}
)

// custom reads what a field's own type declares about its column.
func (p *parser) custom(f *schema.Field, typ reflect.Type) {
	zero := reflect.New(typ).Interface()
	if t, ok := zero.(ColumnTyper); ok {
		f.ColumnTypes = t.ColumnTypes()
	}
	l, ok := zero.(Looker)
	if !ok {
		return
	}
	f.Lookups = l.Lookups()
	for _, name := range f.Lookups {
		if !slices.Contains(schema.Lookups(f.Kind), name) {
			p.bad(
				"orm.E057",
				f.String(),
				"the type "+typ.String()+" declares the lookup \""+name+"\", which a "+f.Kind.String()+" does not have",
				"Return names of "+f.Kind.String()+"'s lookups, or store the values as another kind.",
			)
		}
	}
}
