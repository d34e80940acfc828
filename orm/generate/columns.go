package generate

import (
	"go/ast"
	"slices"
	"strings"
)

// column is one line of a Cols struct: Title orm.Str[M], made by orm.StrAt[M](path, "title").
type column struct{ goName, name, kind, value string }

// relation is a way from a model to another one, forward or back.
type relation struct {
	goName string // of the method: "Author"
	name   string // in lookups: "author"
	target *declaration
	field  *field
	query  string // name of the way back, "" if there is none
}

// split sorts the fields of a model into columns and relations. Fields that are neither (the other side of somebody
// else's foreign key, types that cannot be named) are left out.
func (l *loader) split(o *file, m *model) (columns []column, relations []relation) {
	for _, f := range m.fields {
		if r, ok := l.relationOf(m, f); ok {
			relations = append(relations, r)
			continue
		}
		if f.target != nil && !stored(f.tag) {
			continue
		}
		if kind, value, ok := l.columnType(o, f.file, f.typ, f.null); ok {
			columns = append(columns, column{goName: f.goName, name: f.name, kind: kind, value: value})
		}
	}
	return columns, relations
}

func (l *loader) relationOf(m *model, f *field) (relation, bool) {
	if stored(f.tag) {
		return relation{}, false
	}
	r := relation{goName: f.goName, name: f.name, target: f.target, field: f, query: m.reverseName(f)}
	if f.slice {
		_, tagged := f.tag["MANY2MANY"]
		_, said := m.calls[f.goName]["M2M"]
		return r, f.target != nil && (tagged || said)
	}
	_, isSelector := f.typ.(*ast.SelectorExpr)
	if f.target == nil && (!isSelector || l.standard(f.file, f.typ) != "" || l.resolve(f.file, f.typ) != nil) {
		return relation{}, false
	}
	return r, l.companion(m, f)
}

// companion reports whether the model has the column that a relation to one object needs.
func (l *loader) companion(m *model, f *field) bool {
	if names := f.tag["FOREIGNKEY"]; names != "" {
		first, _, _ := strings.Cut(names, ",")
		return m.field(strings.TrimSpace(first)) != nil
	}
	if m.field(f.goName+"ID") != nil {
		return true
	}
	if f.target == nil {
		return false
	}
	target := l.modelOf(f.target.file.source, f.target.spec.Name.Name)
	return slices.ContainsFunc(target.fields, func(k *field) bool {
		_, primary := k.tag["PRIMARYKEY"]
		_, spaced := k.tag["PRIMARY_KEY"]
		return (primary || spaced) && m.field(f.goName+k.goName) != nil
	})
}

// reverseName is the name of the way back: what Related says, else the model's own name; "" if there is none.
func (m *model) reverseName(f *field) string {
	name, said := m.calls[f.goName]["Related"]
	switch {
	case name == "-" || name == "+":
		return ""
	case said && name != "":
		return name
	}
	return defaultReverse(m.name)
}

// columnType answers the kind of column for a type, "Str" or "NullNum", and the value type that kinds of any value need.
func (l *loader) columnType(o *file, f *sourceFile, e ast.Expr, null bool) (kind, value string, ok bool) {
	prefix := ""
	if null {
		prefix = "Null"
	}
	f, e = l.unalias(f, e)
	if instance, isInstance := e.(*ast.IndexExpr); isInstance && l.standard(f, instance.X) == "sql.Null" {
		return l.columnType(o, f, instance.Index, true)
	}
	switch name := l.standard(f, e); {
	case name == "time.Time":
		return prefix + "Time", "", true
	case name == "time.Duration":
		return prefix + "Num", o.use("time", "time") + ".Duration", true
	case strings.HasPrefix(name, "sql.Null"):
		return nullTypes[strings.TrimPrefix(name, "sql.Null")].split()
	}
	value, ok = l.typeText(o, f, e)
	if !ok {
		return "", "", false
	}
	basic := l.basic(f, e)
	switch {
	case basic == value && basic == "string":
		return prefix + "Str", "", true
	case basic == value && basic == "bool":
		return prefix + "Bool", "", true
	case basic != "" && basic != "string" && basic != "bool" && basic != "any" && basic != "error":
		return prefix + "Num", value, true
	}
	return prefix + "Col", value, true
}

type kindAndValue struct{ kind, value string }

func (k kindAndValue) split() (kind, value string, ok bool) { return k.kind, k.value, k.kind != "" }

var nullTypes = map[string]kindAndValue{
	"String": {"NullStr", ""}, "Bool": {"NullBool", ""}, "Time": {"NullTime", ""},
	"Int64": {"NullNum", "int64"}, "Int32": {"NullNum", "int32"}, "Int16": {"NullNum", "int16"}, "Byte": {"NullNum", "byte"},
	"Float64": {"NullNum", "float64"},
}
