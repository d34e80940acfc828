package compile

import (
	"database/sql/driver"
	"fmt"
	"reflect"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/decimal"
	"github.com/quintetgo/quintet/orm/internal/operand"
	"github.com/quintetgo/quintet/orm/schema"
)

// side is one side of an operator.
type side struct {
	text  []byte
	kind  schema.Kind
	scale int  // decimal places
	exact bool // scale is known
}

// binary writes arithmetic. Decimals are divided as decimals, even if the database stores them as integers, and rounded to the
// places of the result, as SQLite computes with binary fractions and 0.1 + 0.2 must be 0.3.
func (c *compiler) binary(e *Expr, s *scope) (schema.Kind, *schema.Field, error) {
	switch e.Op {
	case "+", "-", "*", "/", "%":
	default:
		return 0, nil, fmt.Errorf("orm: unknown operator %q in an expression", e.Op)
	}
	left, err := c.side(e.Left, e.Op, s)
	if err != nil {
		return 0, nil, err
	}
	right, err := c.side(e.Right, e.Op, s)
	if err != nil {
		return 0, nil, err
	}
	kind := wider(left.kind, right.kind)
	scale, exact := resultScale(e.Op, left, right)
	if !exact {
		scale = -1
	}
	c.Calculate(dialect.Calculation{Operator: e.Op, Left: left.text, Right: right.text, Type: kind.StorageType(), Scale: scale})
	if kind == schema.KindDecimal {
		return kind, computed(scale, exact), nil
	}
	return kind, nil, nil
}

// computed returns the field that converts a decimal result. The places of a quotient are not known.
func computed(scale int, exact bool) *schema.Field {
	f := &schema.Field{Name: "result", Kind: schema.KindDecimal}
	if exact {
		f.Precision, f.Scale = decimal.MaxExact, scale
	}
	return f
}

func resultScale(op string, left, right side) (scale int, exact bool) {
	if !left.exact || !right.exact {
		return 0, false
	}
	switch op {
	case "/":
		return 0, false
	case "*":
		scale = left.scale + right.scale
	default:
		scale = max(left.scale, right.scale)
	}
	return scale, scale < decimal.MaxExact
}

// side compiles one side into its own text, as the text before it depends on both sides.
func (c *compiler) side(e *Expr, op string, s *scope) (side, error) {
	var o side
	var field *schema.Field
	text, err := c.Capture(func() (err error) {
		if e.Kind == Literal {
			o, err = c.literal(e, op)
			return err
		}
		o.kind, field, err = c.expression(e, s)
		return err
	})
	if err != nil {
		return o, err
	}
	o.text = text
	switch {
	case e.Kind == Literal:
	case o.kind.IsInteger():
		o.exact = true
	case o.kind == schema.KindDecimal && field != nil && field.Precision > 0:
		o.scale, o.exact = field.Scale, true
	}
	if o.kind != schema.KindUnknown && !o.kind.IsNumber() && o.kind != schema.KindDuration {
		return o, fmt.Errorf("orm: %s: %q takes numbers, not %s", c.root().query.Model.Name, op, o.kind)
	}
	return o, nil
}

// literal binds a constant of an operation. An integer takes the other side's kind; a text is a decimal.
func (c *compiler) literal(e *Expr, op string) (side, error) {
	k := operand.Target{Model: c.root().query.Model, Path: op, Lookup: "value", Dialect: c.Dialect()}
	v := operand.Dereference(e.Value)
	if valuer, ok := v.(driver.Valuer); ok { // such as a decimal type
		if plain, err := valuer.Value(); err == nil {
			v = plain
		}
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() == reflect.String {
		n, ok := decimal.Parse(rv.String())
		if !ok || n.Significant() > decimal.MaxExact {
			return side{}, k.Problem("%s is not a number of at most %d digits", operand.Describe(v), decimal.MaxExact)
		}
		c.Bind(n.Float64())
		return side{kind: schema.KindDecimal, scale: n.Scale(), exact: true}, nil
	}
	bound, err := k.Bound(v)
	if err != nil {
		return side{}, err
	}
	c.Bind(bound)
	if rv.CanFloat() {
		return side{kind: schema.KindFloat}, nil
	}
	return side{exact: rv.CanInt() || rv.CanUint()}, nil
}

// wider returns the kind of a result. That of a decimal and a float is a decimal, as SQLite computes both as floats.
func wider(a, b schema.Kind) schema.Kind {
	for _, kind := range []schema.Kind{schema.KindDecimal, schema.KindFloat} {
		if a == kind || b == kind {
			return kind
		}
	}
	if a == schema.KindUnknown {
		return b
	}
	return a
}
