package compile

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/operand"
	"github.com/quintetgo/quintet/orm/schema"
)

// comparison is the left side of a comparison in SQL, and the value that it is compared with.
type comparison struct {
	operand.Target
	left   []byte // SQL whose values are bound
	plain  bool   // left is a column and may be written more than once
	null   bool   // left may be NULL
	column []byte // of a JSON value: the column that contains it
	keys   []string
	value  any
	number int // of the condition; see Query.Numbered
	scope  *scope

	asBound bool // the values are what is bound already
}

// leaf writes one lookup.
func (c *compiler) leaf(l *leaf, s *scope) (null bool, err error) {
	if l.absent() {
		return false, c.absent(l, s.ofQuery())
	}
	if prefix := firstPrefix(condition{op: Lookup, leaf: l}, s); prefix != nil {
		return c.exists([]condition{{op: Lookup, leaf: l}}, prefix, s)
	}
	if l.path != nil && l.path.Search != nil {
		return c.search(l, s)
	}
	k := comparison{Target: operand.Target{Model: c.root().query.Model, Dialect: c.Dialect()}, value: l.value, scope: s}
	if l.path != nil && len(l.path.Transforms) == 0 && len(l.path.Keys) == 0 {
		k.number = l.number // other texts depend on the value
	}
	if l.computed != nil {
		err = c.computedLeft(&k, l, s)
	} else {
		err = c.left(&k, l, s)
	}
	if err != nil {
		return false, err
	}
	defer func() { c.Release(k.left) }()
	if !l.negate {
		return c.compare(&k)
	}
	return false, c.negated(&k)
}

// absent writes that there is no row at the end of a path. Like Not, it does not refer to the rows of an enclosing EXISTS.
func (c *compiler) absent(l *leaf, s *scope) error {
	present := *l
	present.value, present.negate = false, false
	some := condition{op: Lookup, leaf: &present}
	prefix := firstPrefix(some, s)
	if prefix == nil { // the aggregate around it is over these rows
		c.Text("1 = 0")
		return nil
	}
	c.Text("NOT ")
	_, err := c.exists([]condition{some}, prefix, s)
	return err
}

// left prepares the column of a lookup, with its transforms and JSON keys.
func (c *compiler) left(k *comparison, l *leaf, s *scope) error {
	base, remaining := s.enclosing(l.steps)
	at := base.columnOf(c, remaining, l.path.Field)
	k.null, k.plain, k.Kind, k.Field, k.Path, k.Lookup = at.null, true, l.path.Kind(), l.path.Field, l.path.Text, l.path.Lookup
	column, err := c.Capture(func() error { c.Column(at.alias, at.column); return nil })
	if err != nil {
		return err
	}
	k.left, k.column, k.keys = column, column, l.path.Keys
	if len(l.path.Keys) > 0 {
		if i := slices.IndexFunc(l.path.Keys, func(key string) bool { return !schema.StorableText(key) }); i >= 0 {
			return k.Problem("the key %q holds characters that no database stores", l.path.Keys[i])
		}
		k.null, k.plain, k.Field = true, false, nil
		if isJSONLookup(k) || isJSONList(k) { // which take the column and the keys
			return nil
		}
		k.left, err = c.Capture(func() error { return c.jsonValue(k, k.jsonType()) })
		return err
	}
	if len(l.path.Transforms) > 0 {
		k.Kind = l.path.Field.ColumnKind()
	}
	for i, name := range l.path.Transforms {
		if i == len(l.path.Transforms)-1 && c.period(k, name) {
			return nil
		}
		if err := c.transform(k, name); err != nil {
			return err
		}
	}
	return nil
}

// computedLeft prepares the value of an expression or annotation, with the transforms before the lookup.
func (c *compiler) computedLeft(k *comparison, l *leaf, s *scope) (err error) {
	k.Path, k.null = l.name+"__"+l.lookup, true
	c.conditional++
	k.left, err = c.Capture(func() error {
		k.Kind, k.Field, err = c.expression(l.computed, s)
		return err
	})
	c.conditional--
	if err != nil {
		return err
	}
	if k.Kind.IsRelation() && k.Field != nil {
		k.Kind = k.Field.ColumnKind()
	}
	parts := strings.Split(l.lookup, "__")
	for i, part := range parts {
		if slices.Contains(schema.Transforms(k.Kind), part) {
			if err := c.transform(k, part); err != nil {
				return err
			}
			if i == len(parts)-1 {
				k.Lookup = schema.Exact
			}
			continue
		}
		k.Lookup = part
		if choices := schema.Lookups(k.Kind); i < len(parts)-1 || k.Kind != schema.KindUnknown && !slices.Contains(choices, part) {
			return &schema.LookupError{
				Model: k.Model, Path: k.Path, Part: part, Choices: append(choices, schema.Transforms(k.Kind)...),
				Problem: fmt.Sprintf("the %s %q has no lookup %q", k.Kind, l.name, part),
			}
		}
	}
	return nil
}

// transform replaces the left side by a part of its value.
func (c *compiler) transform(k *comparison, name string) (err error) {
	inner := k.left
	custom, isCustom := schema.TransformNamed(name)
	k.left, err = c.Capture(func() error {
		raw := func() error { c.Raw(inner); return nil }
		switch {
		case isCustom:
			return c.custom("transform", name, custom.SQL, raw)
		case schema.IsFunction(name):
			return c.Call(dialect.Call{Function: dialect.Function(name), Args: []dialect.Type{k.Kind.StorageType()}}, []func() error{raw})
		}
		return c.ExtractDate(inner, dialect.DatePart(name))
	})
	k.plain, k.Field, k.Kind = false, nil, schema.Transformed(name)
	return err
}

// negated writes that a comparison does not hold. It is true if the left side is NULL.
func (c *compiler) negated(k *comparison) error {
	var null bool
	text, err := c.Capture(func() (err error) {
		null, err = c.compare(k)
		return err
	})
	if err != nil {
		return err
	}
	if !null {
		c.Text("NOT ")
	}
	c.Text("(")
	c.Put(text)
	c.Text(")")
	if null {
		c.Text(" IS NOT TRUE")
	}
	return nil
}

var operators = map[string]string{
	schema.Exact: " = ", schema.Gt: " > ", schema.Gte: " >= ", schema.Lt: " < ", schema.Lte: " <= ",
}

// compare writes a comparison. It returns whether its value may be NULL.
func (c *compiler) compare(k *comparison) (null bool, err error) {
	if k.Lookup == schema.IsNull {
		return false, c.isNull(k)
	}
	k.value = operand.Dereference(k.value)
	if k.value == nil {
		if k.Lookup != schema.Exact {
			return false, k.Problem("nil is a value for exact and isnull only")
		}
		c.Raw(k.left)
		c.Text(" IS NULL")
		return false, nil
	}
	if isJSONLookup(k) {
		return c.jsonLookup(k)
	}
	switch k.Lookup {
	case schema.Exact, schema.Gt, schema.Gte, schema.Lt, schema.Lte:
		return c.compareValue(k)
	case periodLookup:
		bounds, _ := k.value.([2]time.Time)
		return k.null, c.inPeriod(k, bounds)
	case schema.In:
		if isJSONList(k) {
			return k.null, c.inJSON(k)
		}
		return k.null, c.in(k)
	case schema.Range:
		return k.null, c.between(k)
	}
	if custom, ok := schema.LookupNamed(k.Lookup); ok {
		bound, err := k.Bound(k.value)
		if err != nil {
			return false, err
		}
		if _, none := bound.(operand.Gap); none {
			return false, k.Problem("%s is out of range", operand.Describe(k.value))
		}
		return true, c.custom("lookup", k.Lookup, custom.SQL, func() error { c.Raw(k.left); return nil },
			func() error { c.BindTyped(bound, k.Kind.StorageType()); return nil })
	}
	text, err := k.Text(k.value)
	if err != nil {
		return false, err
	}
	return k.null, c.matchText(k, text)
}

func (c *compiler) isNull(k *comparison) error {
	want, err := operand.Bool(operand.Dereference(k.value))
	switch {
	case err != nil:
		return k.Problem("isnull takes true or false, not %s", operand.Describe(k.value))
	case !k.null && want:
		c.Text("1 = 0")
		return nil
	case !k.null:
		c.Text("1 = 1")
		return nil
	}
	c.Raw(k.left)
	if want {
		c.Text(" IS NULL")
	} else {
		c.Text(" IS NOT NULL")
	}
	return nil
}

// compareValue writes the left side, an operator, and the value, expression or subquery that it is compared to.
func (c *compiler) compareValue(k *comparison) (null bool, err error) {
	var bound any
	switch k.value.(type) {
	case operand.SQL:
	default:
		if bound, err = k.Bound(k.value); err != nil {
			return false, err
		}
		if g, ok := bound.(operand.Gap); ok {
			return c.compareGap(k, g), nil
		}
	}
	c.Raw(k.left)
	c.Text(operators[k.Lookup])
	switch v := k.value.(type) {
	case *Expr:
		c.conditional++
		_, _, err := c.expression(v, k.scope)
		c.conditional--
		return true, err
	case *Query:
		return true, c.subquery(v, k)
	}
	c.bindFrom(k, -1, bound)
	return k.null, nil
}

// compareGap writes a comparison with a value that no row can have, as one with the nearest value. It returns whether its value may
// be NULL.
func (c *compiler) compareGap(k *comparison, g operand.Gap) bool {
	operator, neighbor := "", any(nil)
	switch k.Lookup {
	case schema.Gt, schema.Gte:
		operator, neighbor = " >= ", g.Above
	case schema.Lt, schema.Lte:
		operator, neighbor = " <= ", g.Below
	}
	if neighbor == nil {
		c.noRow(k)
		return false
	}
	c.Raw(k.left)
	c.Text(operator)
	c.Bind(neighbor)
	return k.null
}

// noRow writes a condition that no row meets. The left side is written all the same if values may be bound in it.
func (c *compiler) noRow(k *comparison) {
	if k.plain {
		c.Text("1 = 0")
		return
	}
	c.Text("(")
	c.Raw(k.left)
	c.Text(" IS NULL AND 1 = 0)")
}
