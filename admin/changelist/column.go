package changelist

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm/schema"
)

// Column is one column of a list.
type Column struct {
	Name    string
	Label   string
	Numeric bool

	order []term // what sorting by the column means; empty if it cannot be sorted
	value func(p display.Printer, obj any) display.Cell
	// relation and id lead to the object that the cell names; nil for plain values.
	relation *schema.Model
	id       func(obj any) any
}

// Sortable reports whether the list can be ordered by the column.
func (c *Column) Sortable() bool { return len(c.order) > 0 }

// Cell gives the column's cell for obj, without link.
func (c *Column) Cell(p display.Printer, obj any) display.Cell {
	cell := c.value(p, obj)
	cell.Label = c.Label
	return cell
}

// column finds out what name means: the object itself (""), a computed column, a field or path, or a method.
func (c *Config) column(name string, computed []Computed) (*Column, *Problem) {
	model := c.Model
	if name == "" || name == "__str__" {
		return &Column{Name: "object", Label: Capitalize(model.Label), value: func(p display.Printer, obj any) display.Cell {
			return p.Value(nil, p.Object(model, obj))
		}}, nil
	}
	for _, one := range computed {
		if one.Name == name {
			return c.computed(one)
		}
	}
	path, err := model.Resolve(name)
	if err == nil && (path.Lookup != schema.Exact || len(path.Transforms) > 0 || len(path.Keys) > 0 || strings.HasSuffix(name, "__exact")) {
		return nil, &Problem{Option: "List", Name: name, Message: quote(name) + " is a comparison, not a field", Hint: "Name the field only."}
	}
	if err == nil {
		return c.fieldColumn(name, path)
	}
	if column := methodColumn(model, name); column != nil {
		return column, nil
	}
	names := methodNames(model)
	for _, one := range computed {
		names = append(names, one.Name)
	}
	return nil, unresolved("List", name, model, err, names...)
}

func (c *Config) computed(one Computed) (*Column, *Problem) {
	column := &Column{Name: one.Name, Label: one.Label, value: func(p display.Printer, obj any) display.Cell {
		return p.Value(nil, one.Value(obj))
	}}
	if column.Label == "" {
		column.Label = Humanize(one.Name)
	}
	if one.Value == nil {
		return nil, &Problem{Option: "Computed", Name: one.Name, Message: "column " + quote(one.Name) + " has no Value function", Hint: "Set Value."}
	}
	for _, need := range one.Needs {
		path, err := c.Model.Resolve(need)
		if err != nil {
			return nil, unresolved("Computed", need, c.Model, err)
		}
		c.load(need, path)
	}
	if one.Order != "" {
		t := parseTerm(one.Order)
		if _, err := c.Model.Resolve(t.path); err != nil {
			return nil, unresolved("Computed", t.path, c.Model, err)
		}
		column.order = []term{t}
	}
	return column, nil
}

// fieldColumn shows the field at the end of a path, or the related object or objects.
func (c *Config) fieldColumn(name string, path *schema.Path) (*Column, *Problem) {
	column := &Column{Name: name, Label: pathLabel(path)}
	many := path.ToMany()
	for i, step := range path.Steps {
		if goName(step) == "" {
			return nil, &Problem{Option: "List", Name: name, Message: quote(name) + " passes " + quote(step.Name()) + ", for which " + step.From().String() + " has no struct field", Hint: "Add one of type *" + step.To().Name + ", or remove the column."}
		}
		if step.ToMany() && i != len(path.Steps)-1 {
			return nil, &Problem{Option: "List", Name: name, Message: quote(name) + " passes a relation to many objects", Hint: "Write a method or a Computed column instead."}
		}
	}
	c.load(name, path)
	switch {
	case many && path.Relation:
		column.value = func(p display.Printer, obj any) display.Cell { return manyCell(p, path, obj) }
		return column, nil
	case many:
		return nil, &Problem{Option: "List", Name: name, Message: quote(name) + " is a field of many objects", Hint: "List " + quote(strings.TrimSuffix(name, "__"+path.Field.Name)) + " itself, or write a Computed column."}
	case path.Field.Relation != nil && path.Relation:
		rel := path.Field.Relation
		column.relation = rel.To
		column.id = func(obj any) any {
			if owner := follow(obj, path.Steps); owner != nil {
				return indirect(path.Field.Value(owner))
			}
			return nil
		}
		column.value = func(p display.Printer, obj any) display.Cell { return oneCell(p, path, rel, obj) }
		column.order = relatedOrder(name, rel.To)
	default:
		column.Numeric = display.Numeric(path.Field)
		column.value = func(p display.Printer, obj any) display.Cell {
			owner := follow(obj, path.Steps)
			if owner == nil {
				return display.Cell{Kind: display.None}
			}
			return p.Field(path.Field, owner)
		}
		column.order = []term{{path: name}}
	}
	return column, nil
}

// load notes which relations a page needs for the path.
func (c *Config) load(name string, path *schema.Path) {
	names := make([]string, 0, len(path.Steps)+1)
	for _, step := range path.Steps {
		names = append(names, step.Name())
	}
	if path.Relation && path.Field.Relation != nil && path.Field.Relation.GoName != "" && !path.ToMany() {
		names = append(names, path.Field.Name)
	}
	if len(names) == 0 {
		return
	}
	target := &c.related
	if path.ToMany() {
		target = &c.prefetch
	}
	joined := strings.Join(names, "__")
	for _, have := range *target {
		if have == joined {
			return
		}
	}
	*target = append(*target, joined)
}

func oneCell(p display.Printer, path *schema.Path, rel *schema.Relation, obj any) display.Cell {
	owner := follow(obj, path.Steps)
	if owner == nil {
		return display.Cell{Kind: display.None}
	}
	if rel.GoName != "" {
		if related := member(owner, rel.GoName); related != nil {
			return p.Value(nil, p.Object(rel.To, related))
		}
	}
	id := path.Field.Value(owner)
	cell := p.Value(nil, id)
	if cell.Kind != display.None && !isZero(id) {
		return display.Cell{Kind: display.Text, Text: rel.To.KeyName(id)}
	}
	return display.Cell{Kind: display.None}
}

// manyNamed is how many objects of a relation to many a cell names.
const manyNamed = 100

func manyCell(p display.Printer, path *schema.Path, obj any) display.Cell {
	last := path.Steps[len(path.Steps)-1]
	owner := follow(obj, path.Steps[:len(path.Steps)-1])
	if owner == nil {
		return display.Cell{Kind: display.None}
	}
	rv := reflect.Indirect(reflect.ValueOf(owner)).FieldByName(goName(last))
	if !rv.IsValid() || rv.Kind() != reflect.Slice || rv.Len() == 0 {
		return display.Cell{Kind: display.None}
	}
	labels := make([]string, 0, min(rv.Len(), manyNamed))
	for i := range min(rv.Len(), manyNamed) {
		one := rv.Index(i)
		if one.Kind() != reflect.Pointer && one.CanAddr() {
			one = one.Addr()
		}
		labels = append(labels, p.Object(last.To(), one.Interface()))
	}
	if more := rv.Len() - len(labels); more > 0 {
		labels = append(labels, "and "+display.Group(strconv.Itoa(more))+" more")
	}
	return p.Value(nil, strings.Join(labels, ", "))
}

// follow walks relations to one from obj; nil if one of them is empty.
func follow(obj any, steps []schema.Step) any {
	for _, step := range steps {
		if obj = member(obj, goName(step)); obj == nil {
			return nil
		}
	}
	return obj
}

func goName(step schema.Step) string {
	if step.Reverse {
		return step.Relation.ReverseGoName
	}
	return step.Relation.GoName
}

// member gives a pointer to the struct in a field, nil if there is none.
func member(obj any, name string) any {
	rv := reflect.Indirect(reflect.ValueOf(obj))
	if rv.Kind() != reflect.Struct {
		return nil
	}
	rv = rv.FieldByName(name)
	switch {
	case !rv.IsValid():
		return nil
	case rv.Kind() == reflect.Pointer:
		if rv.IsNil() {
			return nil
		}
		return rv.Interface()
	case rv.Kind() == reflect.Struct && rv.CanAddr():
		return rv.Addr().Interface()
	}
	return nil
}

// methodColumn finds a method without arguments and with one result, named as in Go or in snake case.
func methodColumn(model *schema.Model, name string) *Column {
	if model.Type == nil {
		return nil
	}
	t := reflect.PointerTo(model.Type)
	for i := range t.NumMethod() {
		m := t.Method(i)
		if m.Name != name && schema.SnakeName(m.Name) != name || !plainMethod(m) {
			continue
		}
		index := m.Index
		return &Column{
			Name: schema.SnakeName(m.Name), Label: Humanize(schema.SnakeName(m.Name)),
			Numeric: isNumber(m.Type.Out(0).Kind()),
			value: func(p display.Printer, obj any) display.Cell {
				return p.Value(nil, reflect.ValueOf(obj).Method(index).Call(nil)[0].Interface())
			},
		}
	}
	return nil
}

func plainMethod(m reflect.Method) bool { return m.Type.NumIn() == 1 && m.Type.NumOut() == 1 }

func methodNames(model *schema.Model) []string {
	var names []string
	if model.Type == nil {
		return nil
	}
	t := reflect.PointerTo(model.Type)
	for i := range t.NumMethod() {
		if plainMethod(t.Method(i)) {
			names = append(names, schema.SnakeName(t.Method(i).Name))
		}
	}
	return names
}

func isNumber(k reflect.Kind) bool {
	return k >= reflect.Int && k <= reflect.Float64 && k != reflect.Uintptr
}

// pathLabel names the end of a path, with the relation before it where the field's name alone says little.
func pathLabel(path *schema.Path) string {
	if len(path.Steps) == 0 {
		return FieldLabel(path.Field)
	}
	last := path.Steps[len(path.Steps)-1]
	relation := Humanize(last.Name())
	if !last.Reverse && last.Relation.Field.Label != "" {
		relation = Capitalize(last.Relation.Field.Label)
	}
	if path.Relation && path.Field == last.To().PK {
		return relation
	}
	return relation + " " + strings.ToLower(FieldLabel(path.Field))
}

// FieldLabel is the field's label, beginning with a capital.
func FieldLabel(f *schema.Field) string {
	if f.Label != "" {
		return Capitalize(f.Label)
	}
	return Humanize(f.Name)
}

// Humanize turns "created_at" into "Created at".
func Humanize(name string) string { return Capitalize(strings.ReplaceAll(name, "_", " ")) }

// Capitalize returns s with its first letter in upper case.
func Capitalize(s string) string {
	for i, r := range s {
		if i == 0 {
			return string(unicode.ToUpper(r)) + s[len(string(r)):]
		}
	}
	return s
}

func quote(s string) string { return strconv.Quote(s) }

func errorsAs(err error) (*schema.LookupError, bool) { return errors.AsType[*schema.LookupError](err) }

func isZero(v any) bool { return v == nil || reflect.ValueOf(v).IsZero() }

func indirect(v any) any {
	rv := reflect.ValueOf(v)
	for rv.Kind() == reflect.Pointer && !rv.IsNil() {
		rv = rv.Elem()
	}
	if !rv.IsValid() {
		return nil
	}
	return rv.Interface()
}
