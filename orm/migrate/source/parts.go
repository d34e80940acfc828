package source

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/schema"
)

// field writes a field as the call that makes it.
func (w *writer) field(f operations.Field) string {
	o := f.Options
	var b strings.Builder
	switch {
	case f.Kind == schema.KindDecimal:
		fmt.Fprintf(&b, "m.Decimal(%q, %d, %d)", f.Name, o.Precision, o.Scale)
	case f.Kind == schema.KindChar:
		fmt.Fprintf(&b, "m.Char(%q, %d)", f.Name, o.Size)
	case f.Kind.IsRelation():
		fmt.Fprintf(&b, "m.%s(%q, %q)", f.Constructor(), f.Name, o.To)
	default:
		fmt.Fprintf(&b, "m.%s(%q)", f.Constructor(), f.Name)
	}
	for _, flag := range []struct {
		set  bool
		call string
	}{
		{o.PrimaryKey, "PrimaryKey()"},
		{o.Null, "Null()"},
		{o.Unique, "Unique()"},
		{o.Index, "Index()"},
		{o.ToField != "", call("ToField", o.ToField)},
		{o.NoConstraint, "NoConstraint()"},
		{o.Through != "", call("Through", o.Through)},
		{o.Table != "", call("Table", o.Table)},
		{o.FromColumn != "", call("Columns", o.FromColumn, o.ToColumn)},
		{o.Column != "", call("Column", o.Column)},
		{o.Collation != "", call("Collation", o.Collation)},
		{o.DBDefault != "", call("DBDefault", o.DBDefault)},
		{o.Generated != "", call("Generated", o.Generated)},
		{o.Virtual, "Virtual()"},
		{f.Kind == schema.KindBinary && o.Size > 0, fmt.Sprintf("Size(%d)", o.Size)},
		{o.Types != "", typesCall(o.Types)},
		{o.OnUpdate != "", call("OnUpdate", o.OnUpdate)},
		{o.OnDelete != "", call("OnDelete", o.OnDelete)},
		{o.Comment != "", call("Comment", o.Comment)},
		{o.Using != "", call("Using", o.Using)},
	} {
		if flag.set {
			b.WriteString("." + flag.call)
		}
	}
	if o.Fill != nil {
		fmt.Fprintf(&b, ".Backfill(%s)", w.value(o.Fill))
	}
	return b.String()
}

// typesCall writes the call that sets column types by database.
func typesCall(types string) string {
	byDatabase := dialect.SplitTypes(types)
	parts := make([]string, 0, len(byDatabase))
	for _, name := range slices.Sorted(maps.Keys(byDatabase)) {
		parts = append(parts, fmt.Sprintf("%q: %s", name, text(byDatabase[name])))
	}
	return "Types(map[string]string{" + strings.Join(parts, ", ") + "})"
}

// index writes an index as the literal that follows its type.
func index(x operations.Index) string {
	parts := indexParts(x.Name, x.Fields, x.Expressions, x.Where, x.Include, x.OperatorClasses)
	if x.Method != "" {
		parts = append(parts, "Method: "+text(x.Method))
	}
	if x.Search {
		parts = append(parts, "Search: true")
	}
	if x.Language != "" {
		parts = append(parts, "Language: "+text(x.Language))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// unique writes a unique constraint as the literal that follows its type.
func unique(x operations.Unique) string {
	parts := indexParts(x.Name, x.Fields, x.Expressions, x.Where, x.Include, x.OperatorClasses)
	if x.NullsNotDistinct {
		parts = append(parts, "NullsNotDistinct: true")
	}
	if x.Deferrable != "" {
		parts = append(parts, "Deferrable: "+text(string(x.Deferrable)))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func indexParts(name string, fields, expressions []string, where string, include, classes []string) []string {
	parts := []string{fmt.Sprintf("Name: %q", name)}
	list := func(key string, values []string) {
		if len(values) > 0 {
			parts = append(parts, key+": "+texts(values))
		}
	}
	list("Fields", fields)
	list("Expressions", expressions)
	if where != "" {
		parts = append(parts, "Where: "+text(where))
	}
	list("Include", include)
	list("OperatorClasses", classes)
	return parts
}
