package changelist

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm/schema"
)

// Column is one column of a list.
type Column struct {
	Name    string
	Label   string
	Numeric bool // values are aligned at the end

	order []term // the order of the list when sorted by the column; empty if it cannot be
	value func(p display.Printer, obj any) display.Cell
	// relation and key are the model and the primary key of the object that the cell names; nil for plain values.
	relation *schema.Model
	key      func(obj any) any
}

// Sortable reports whether the list can be sorted by the column.
func (c *Column) Sortable() bool { return len(c.order) > 0 }

// Cell returns the column's cell for obj, without a link.
func (c *Column) Cell(p display.Printer, obj any) display.Cell {
	cell := c.value(p, obj)
	cell.Label = c.Label
	return cell
}

// column resolves a name: "" is the object itself, then computed columns, fields and paths, and methods.
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
	switch {
	case err == nil && isComparison(name, path):
		return nil, listProblem(name, strconv.Quote(name)+" is a comparison, not a field", "Name the field only.")
	case err == nil:
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

// isComparison reports whether a path ends with a lookup, a transform or a JSON key.
func isComparison(name string, path *schema.Path) bool {
	return path.Lookup != schema.Exact || len(path.Transforms) > 0 || len(path.Keys) > 0 || strings.HasSuffix(name, "__"+schema.Exact)
}

func listProblem(name, message, hint string) *Problem {
	return &Problem{Option: "List", Name: name, Message: message, Hint: hint}
}

func (c *Config) computed(one Computed) (*Column, *Problem) {
	column := &Column{Name: one.Name, Label: one.Label, value: func(p display.Printer, obj any) display.Cell {
		return p.Value(nil, one.Value(obj))
	}}
	if column.Label == "" {
		column.Label = Humanize(one.Name)
	}
	if one.Value == nil {
		return nil, &Problem{
			Option: "Computed", Name: one.Name, Message: "column " + strconv.Quote(one.Name) + " has no Value function", Hint: "Set Value.",
		}
	}
	for _, need := range one.Needs {
		path, err := c.Model.Resolve(need)
		if err != nil {
			return nil, unresolved("Computed", need, c.Model, err)
		}
		c.load(path)
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

// fieldColumn shows the field at the end of a path, or the related objects.
func (c *Config) fieldColumn(name string, path *schema.Path) (*Column, *Problem) {
	quoted := strconv.Quote(name)
	for i, step := range path.Steps {
		if structField(step) == "" {
			return nil, listProblem(name,
				quoted+" follows "+strconv.Quote(step.Name())+", for which "+step.From().String()+" has no struct field",
				"Add a field of type *"+step.To().Name+", or remove the column.")
		}
		if step.ToMany() && i != len(path.Steps)-1 {
			return nil, listProblem(name, quoted+" follows a relation to many objects", "Write a method or a Computed column instead.")
		}
	}
	column := &Column{Name: name, Label: pathLabel(path)}
	many := path.ToMany()
	c.load(path)
	switch {
	case many && path.Relation:
		column.value = func(p display.Printer, obj any) display.Cell { return manyCell(p, path, obj) }
	case many:
		relation := strconv.Quote(strings.TrimSuffix(name, "__"+path.Field.Name))
		return nil, listProblem(name, quoted+" is a field of many objects", "List "+relation+" itself, or write a Computed column.")
	case path.Field.Relation != nil && path.Relation:
		to := path.Field.Relation.To
		column.relation = to
		column.key = func(obj any) any {
			if owner := follow(obj, path.Steps); owner != nil {
				return schema.Indirect(path.Field.Value(owner))
			}
			return nil
		}
		column.value = func(p display.Printer, obj any) display.Cell { return relatedCell(p, path, obj) }
		column.order = relatedOrder(name, to)
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

// load adds the relations of a path to those that a page loads.
func (c *Config) load(path *schema.Path) {
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
	relations := &c.related
	if path.ToMany() {
		relations = &c.prefetch
	}
	if joined := strings.Join(names, "__"); !slices.Contains(*relations, joined) {
		*relations = append(*relations, joined)
	}
}

// methodColumn shows the result of a method without arguments, named as in Go or in snake case; nil if there is none.
func methodColumn(model *schema.Model, name string) *Column {
	for m := range columnMethods(model) {
		if m.Name != name && schema.SnakeName(m.Name) != name {
			continue
		}
		return &Column{
			Name: schema.SnakeName(m.Name), Label: Humanize(schema.SnakeName(m.Name)), Numeric: isNumber(m.Type.Out(0).Kind()),
			value: func(p display.Printer, obj any) display.Cell {
				return p.Value(nil, reflect.ValueOf(obj).Method(m.Index).Call(nil)[0].Interface())
			},
		}
	}
	return nil
}

func methodNames(model *schema.Model) []string {
	var names []string
	for m := range columnMethods(model) {
		names = append(names, schema.SnakeName(m.Name))
	}
	return names
}

// columnMethods yields the methods of a model without arguments and with one result.
func columnMethods(model *schema.Model) func(yield func(reflect.Method) bool) {
	return func(yield func(reflect.Method) bool) {
		if model.Type == nil {
			return
		}
		t := reflect.PointerTo(model.Type)
		for i := range t.NumMethod() {
			if m := t.Method(i); m.Type.NumIn() == 1 && m.Type.NumOut() == 1 && !yield(m) {
				return
			}
		}
	}
}

func isNumber(k reflect.Kind) bool {
	return k >= reflect.Int && k <= reflect.Float64 && k != reflect.Uintptr
}
