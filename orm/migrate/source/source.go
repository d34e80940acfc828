// Package source writes migrations as Go files into the folders of their apps.
package source

import (
	"fmt"
	"go/format"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// Import is the path under which migration files import the package with the operations, as m.
const Import = "github.com/quintetgo/quintet/orm/migrate/operations"

// Variable returns the name of the variable of a migration: "m0002PostLang" for "0002_post_lang".
func Variable(name string) string {
	var b strings.Builder
	b.WriteByte('m')
	for word := range strings.SplitSeq(name, "_") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

// Source returns the formatted Go file of a migration, with a comment above it unless comment is empty. It returns an error
// for an operation that has no source form, such as RunGo.
func Source(m operations.Migration, comment string) ([]byte, error) {
	w := &writer{}
	w.line("package migrations\n")
	w.line("import m %q\n", Import)
	for line := range strings.SplitSeq(comment, "\n") {
		if line != "" {
			w.line("// %s", line)
		}
	}
	w.line("var %s = m.Migration{", Variable(m.Name))
	w.line("Name: %q,", m.Name)
	if len(m.Depends) > 0 {
		depends := make([]string, len(m.Depends))
		for i, d := range m.Depends {
			depends[i] = dependency(d)
		}
		w.line("Depends: []m.Dependency{%s},", strings.Join(depends, ", "))
	}
	if len(m.Replaces) > 0 {
		w.line("Replaces: %s,", texts(m.Replaces))
	}
	if len(m.Operations) == 0 {
		w.line("Operations: []m.Operation{},")
	} else {
		w.line("Operations: []m.Operation{")
		for _, op := range m.Operations {
			w.operation(op)
		}
		w.line("},")
	}
	w.line("}")
	if w.err != nil {
		return nil, fmt.Errorf("write migration %s: %w", m.Name, w.err)
	}
	source, err := format.Source([]byte(w.b.String()))
	if err != nil {
		return nil, fmt.Errorf("write migration %s: %w", m.Name, err)
	}
	return source, nil
}

func dependency(d operations.Dependency) string {
	if d.Model != "" {
		return fmt.Sprintf("m.OnModel(%q)", d.Model)
	}
	return fmt.Sprintf("m.On(%q, %q)", d.App, d.Name)
}

// writer builds a file and keeps the first error.
type writer struct {
	b   strings.Builder
	err error
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(&w.b, format+"\n", args...) }

func (w *writer) operation(op operations.Operation) {
	switch op := op.(type) {
	case operations.CreateModel:
		w.createModel(op)
	case operations.DeleteModel:
		w.line("m.DeleteModel{Name: %q},", op.Name)
	case operations.RenameModel:
		w.line("m.RenameModel{From: %q, To: %q},", op.From, op.To)
	case operations.AlterModelOptions:
		w.line("m.AlterModelOptions{Name: %q, Unmanaged: %t},", op.Name, op.Unmanaged)
	case operations.AlterModelTable:
		w.line("m.AlterModelTable{Name: %q, Table: %q},", op.Name, op.Table)
	case operations.AddField:
		w.line("m.AddField{Model: %q, Field: %s},", op.Model, w.field(op.Field))
	case operations.RemoveField:
		w.line("m.RemoveField{Model: %q, Name: %q},", op.Model, op.Name)
	case operations.AlterField:
		w.line("m.AlterField{Model: %q, Field: %s},", op.Model, w.field(op.Field))
	case operations.RenameField:
		w.line("m.RenameField{Model: %q, From: %q, To: %q},", op.Model, op.From, op.To)
	case operations.AddIndex:
		w.line("m.AddIndex{Model: %q, Index: m.Index%s},", op.Model, index(op.Index))
	case operations.RemoveIndex:
		w.line("m.RemoveIndex{Model: %q, Name: %q},", op.Model, op.Name)
	case operations.AddConstraint:
		w.line("m.AddConstraint{Model: %q, Constraint: %s},", op.Model, w.constraint(op.Constraint))
	case operations.RemoveConstraint:
		w.line("m.RemoveConstraint{Model: %q, Name: %q},", op.Model, op.Name)
	case operations.RunSQL:
		w.runSQL(op)
	default:
		w.fail(fmt.Errorf("an operation of type %T has no source form", op))
	}
}

func (w *writer) runSQL(op operations.RunSQL) {
	w.line("m.RunSQL{\nForward: %s,", text(op.Forward))
	if op.Backward != "" {
		w.line("Backward: %s,", text(op.Backward))
	}
	if len(op.State) > 0 {
		w.line("State: []m.Operation{")
		for _, o := range op.State {
			w.operation(o)
		}
		w.line("},")
	}
	if len(op.Dialects) > 0 {
		w.line("Dialects: map[string]m.SQLPair{")
		for _, name := range slices.Sorted(maps.Keys(op.Dialects)) {
			w.line("%q: {Forward: %s, Backward: %s},", name, text(op.Dialects[name].Forward), text(op.Dialects[name].Backward))
		}
		w.line("},")
	}
	if op.Model != "" {
		w.line("Model: %q,", op.Model)
	}
	w.line("},")
}

func (w *writer) createModel(op operations.CreateModel) {
	w.line("m.CreateModel{\nName: %q,", op.Name)
	if op.Table != "" {
		w.line("Table: %q,", op.Table)
	}
	if op.Unmanaged {
		w.line("Unmanaged: true,")
	}
	w.line("Fields: []m.Field{")
	for _, f := range op.Fields {
		w.line("%s,", w.field(f))
	}
	w.line("},")
	if len(op.Indexes) > 0 {
		w.line("Indexes: []m.Index{")
		for _, x := range op.Indexes {
			w.line("%s,", index(x))
		}
		w.line("},")
	}
	if len(op.Unique) > 0 {
		w.line("Unique: []m.Unique{")
		for _, x := range op.Unique {
			w.line("%s,", unique(x))
		}
		w.line("},")
	}
	if len(op.Checks) > 0 {
		w.line("Checks: []m.Check{")
		for _, x := range op.Checks {
			w.line("{Name: %q, SQL: %s},", x.Name, text(x.SQL))
		}
		w.line("},")
	}
	w.line("},")
}

func (w *writer) constraint(c operations.Constraint) string {
	switch c := c.(type) {
	case operations.Unique:
		return "m.Unique" + unique(c)
	case operations.Check:
		return fmt.Sprintf("m.Check{Name: %q, SQL: %s}", c.Name, text(c.SQL))
	}
	w.fail(fmt.Errorf("a constraint of type %T has no source form", c))
	return "nil"
}

// value writes a backfill.
func (w *writer) value(v any) string {
	switch v := v.(type) {
	case operations.Special:
		if v == operations.Now {
			return "m.Now"
		}
	case operations.SQL:
		return "m.SQL(" + text(string(v)) + ")"
	case []byte:
		return "[]byte(" + text(string(v)) + ")"
	}
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.String:
		return text(rv.String())
	case reflect.Bool:
		return strconv.FormatBool(rv.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(rv.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.FormatUint(rv.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(rv.Float(), 'g', -1, 64)
	}
	w.fail(fmt.Errorf("a backfill of type %T has no source form", v))
	return "nil"
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

func call(name string, args ...string) string {
	return name + "(" + join(args) + ")"
}

// text returns a string literal, with backquotes where that needs no escapes.
func text(s string) string {
	if strings.Contains(s, `"`) && strconv.CanBackquote(s) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}

func texts(list []string) string { return "[]string{" + join(list) + "}" }

func join(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = text(s)
	}
	return strings.Join(quoted, ", ")
}
