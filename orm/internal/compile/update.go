package compile

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/quintetgo/quintet/orm/schema"
)

// Set gives a column a new value: a Go value, or an Expr over columns of the same row.
type Set struct {
	Root  reflect.Type // of the struct that Name is a field of; nil for any
	Name  string
	Value any
}

// Update compiles the change of every row that q selects.
func Update(d Dialect, q *Query, sets []Set) (Statement, error) {
	if len(sets) == 0 {
		return Statement{}, fmt.Errorf("orm: %s: Update needs at least one assignment", q.Model.Name)
	}
	c, err := newCompiler(d)
	if err != nil {
		return Statement{}, err
	}
	bare := *q
	bare.Related = nil
	s := c.begin(&bare)
	c.text("UPDATE ")
	c.quote(s.table)
	c.text(" AS ")
	c.text(s.alias)
	c.text(" SET ")
	for i, set := range sets {
		if i > 0 {
			c.text(", ")
		}
		if err := c.set(&bare, s, set); err != nil {
			return Statement{}, err
		}
	}
	if len(s.joins) > 0 {
		return Statement{}, fmt.Errorf("orm: %s: Update cannot take values from related rows", q.Model.Name)
	}
	simple := q.Limit <= 0 && q.Offset <= 0 && !q.Distinct
	bound, aliases := len(c.args), c.aliases
	where, _, err := c.conditions(&bare, s)
	if err != nil {
		return Statement{}, err
	}
	if simple && len(s.joins) == 0 {
		c.buf = append(c.buf, where...)
		return c.done()
	}
	// Joined tables and limits need a SELECT. It is compiled anew, inside of which t0 is its own.
	c.args, c.aliases, s.joins = c.args[:bound], aliases, nil
	list, err := c.apart(func() error { c.column(s.alias, q.Model.PK.Column); return nil })
	if err != nil {
		return Statement{}, err
	}
	c.text(" WHERE ")
	c.column(s.alias, q.Model.PK.Column)
	c.text(" IN (")
	if err := c.query(&bare, s, list); err != nil {
		return Statement{}, err
	}
	c.text(")")
	return c.done()
}

func (c *compiler) set(q *Query, s *scope, set Set) error {
	if err := CheckRoot(q.Model, set.Root, set.Name); err != nil {
		return err
	}
	f, err := q.Model.Field(set.Name)
	if err != nil {
		return err
	}
	if f.Column == "" {
		return &schema.LookupError{
			Model: q.Model, Path: set.Name, Part: set.Name,
			Problem: fmt.Sprintf("Update cannot set the many-to-many %q; use Related", set.Name),
		}
	}
	c.quote(f.Column)
	c.text(" = ")
	if e, ok := set.Value.(Expr); ok {
		if strings.Contains(e.Path, "__") {
			return &schema.LookupError{Model: q.Model, Path: e.Path, Part: e.Path, Problem: "Update cannot take values from related rows"}
		}
		write := func() error {
			_, _, err := c.expression(e, s)
			return err
		}
		if f.ColumnKind() == schema.KindDecimal {
			return c.shapes.decimal(c, f, write)
		}
		return write()
	}
	value := dereference(set.Value)
	if value == nil {
		if !f.Null {
			return &schema.LookupError{Model: q.Model, Path: set.Name, Part: set.Name, Problem: fmt.Sprintf("%q does not take NULL", set.Name)}
		}
		c.text("NULL")
		return nil
	}
	k := comparison{field: f, kind: f.ColumnKind(), model: q.Model, path: set.Name, lookup: "set"}
	bound, err := k.assigned(value)
	if err != nil {
		return err
	}
	c.bind(bound)
	return nil
}

// assigned is what a value is stored as. One that the field does not take is a [*schema.ValueError].
func (k *comparison) assigned(v any) (any, error) {
	f := k.field
	v = k.keyIn(v)
	if f.Serialized() || k.kind == schema.KindJSON {
		text, err := k.jsonText(v)
		if err != nil || k.kind != schema.KindJSON {
			return text, err
		}
		return f.Encode(text)
	}
	if k.kind.IsText() && !isText(v) {
		return nil, k.problem("a text is wanted, not %s", shown(v))
	}
	converted, err := f.Convert(v)
	if err != nil {
		return nil, err
	}
	if err := f.Check(converted); err != nil {
		return nil, err
	}
	return f.Encode(converted)
}
