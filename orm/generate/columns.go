package generate

import (
	"go/ast"
	"strings"
)

// column is one line of a Cols struct: Title columns.String, created by columns.StringAt(r, "title").
type column struct{ goName, name, kind, value string }

// relation is a field that leads from a model to another one.
type relation struct {
	goName string // of the method: "Author"
	name   string // in lookups: "author"
	target *declaration
	field  *field
	key    string // Go name of the companion, "AuthorID"; "" for many-to-many
}

// split sorts the fields of a model into columns and relations. Fields that are neither, such as the reverse side of a
// foreign key and types that cannot be named, are omitted.
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
		if _, named := m.calls[f.goName]["FKTo"]; named {
			relations = append(relations, relation{
				goName: strings.TrimSuffix(f.goName, "ID"), name: strings.TrimSuffix(f.name, "_id"), field: f, key: f.goName,
			})
		}
	}
	return columns, relations
}

func (l *loader) relationOf(m *model, f *field) (relation, bool) {
	if stored(f.tag) {
		return relation{}, false
	}
	r := relation{goName: f.goName, name: f.name, target: f.target, field: f}
	if f.slice {
		_, tagged := f.tag["MANY2MANY"]
		_, described := m.calls[f.goName]["M2M"]
		return r, f.target != nil && (tagged || described)
	}
	_, isSelector := f.typ.(*ast.SelectorExpr)
	if f.target == nil && (!isSelector || l.standard(f.file, f.typ) != "" || l.resolve(f.file, f.typ) != nil) {
		return relation{}, false
	}
	r.key = l.companion(m, f)
	return r, r.key != ""
}

// companion returns the Go name of the key column of a to-one relation, or "" if the model has none.
func (l *loader) companion(m *model, f *field) string {
	names := []string{f.goName + "ID", f.goName + "Id"}
	if key := l.keyName(f.target, map[*declaration]bool{}); key != "" {
		names = append(names, f.goName+key)
	}
	if reference := f.tag["REFERENCES"]; reference != "" {
		names = append([]string{f.goName + reference}, names...)
	}
	if key := f.tag["FOREIGNKEY"]; key != "" {
		names = []string{strings.TrimSpace(key)}
	}
	for _, name := range names {
		if m.field(name) != nil {
			return name
		}
	}
	return ""
}

// keyName returns the Go name of the field with the primary key tag, also in embedded structs, or "".
func (l *loader) keyName(d *declaration, seen map[*declaration]bool) string {
	if d == nil || !isStruct(d) || seen[d] {
		return ""
	}
	seen[d] = true
	for _, f := range d.spec.Type.(*ast.StructType).Fields.List {
		tag := gormTag(f.Tag)
		_, joined := tag["PRIMARYKEY"]
		_, separate := tag["PRIMARY_KEY"]
		if names := fieldNames(f); (joined || separate) && len(names) > 0 {
			return names[0]
		}
		if f.Names == nil {
			if name := l.keyName(l.resolve(d.file, withoutPointer(f.Type)), seen); name != "" {
				return name
			}
		}
	}
	return ""
}

// columnType returns the kind of column for a type, "String" or "NullNumeric", and the value type that kinds of any
// value need.
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
		return prefix + "Numeric", o.use("time", "time") + ".Duration", true
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
		return prefix + "String", "", true
	case basic == value && basic == "bool":
		return prefix + "Bool", "", true
	case basic != "" && basic != "string" && basic != "bool" && basic != "any" && basic != "error":
		if kind := compiled[value]; kind != "" && basic == value {
			return prefix + kind, "", true
		}
		return prefix + "Numeric", value, true
	}
	return prefix + "Column", value, true
}

// compiled are the number types whose columns package columns has compiled already.
var compiled = map[string]string{"int64": "Int64", "int": "Int", "float64": "Float64"}

type kindAndValue struct{ kind, value string }

func (k kindAndValue) split() (kind, value string, ok bool) { return k.kind, k.value, k.kind != "" }

var nullTypes = map[string]kindAndValue{
	"String": {"NullString", ""}, "Bool": {"NullBool", ""}, "Time": {"NullTime", ""},
	"Int64": {"NullInt64", ""}, "Int32": {"NullNumeric", "int32"}, "Int16": {"NullNumeric", "int16"}, "Byte": {"NullNumeric", "byte"},
	"Float64": {"NullFloat64", ""},
}
