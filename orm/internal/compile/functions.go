package compile

import (
	"fmt"
	"reflect"
	"regexp"
	"time"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/operand"
	"github.com/quintetgo/quintet/orm/internal/signature"
	"github.com/quintetgo/quintet/orm/schema"
)

// operandType is what is known about the values of an expression: their kind, and the field that converts them, if any.
type operandType struct {
	kind  schema.Kind
	field *schema.Field
}

// bindLiteral binds a constant. Beside other values, like is their type; the constant is converted to it.
func (c *compiler) bindLiteral(v any, like *operandType) (schema.Kind, *schema.Field, error) {
	k := operand.Target{Model: c.root().query.Model, Path: "value", Lookup: schema.Exact, Dialect: c.Dialect()}
	v = operand.Dereference(v)
	kind := literalKind(v)
	if like != nil && like.kind != schema.KindUnknown {
		kind, k.Kind, k.Field = like.kind, like.kind, like.field
	}
	if v == nil {
		c.Text("NULL")
		return kind, k.Field, nil
	}
	bound, err := k.Bound(v)
	if err != nil {
		return 0, nil, err
	}
	if _, ok := bound.(operand.Gap); ok {
		return 0, nil, k.Problem("%s has no place in an expression, as no database stores it", operand.Describe(v))
	}
	c.BindTyped(bound, kind.StorageType())
	return kind, k.Field, nil
}

// literalKind returns the kind of a Go value.
func literalKind(v any) schema.Kind {
	switch v.(type) {
	case time.Duration:
		return schema.KindDuration
	case time.Time:
		return schema.KindDateTime
	}
	switch rv := reflect.ValueOf(v); {
	case !rv.IsValid():
	case rv.CanInt(), rv.CanUint():
		return schema.KindBigInt
	case rv.CanFloat():
		return schema.KindFloat
	case rv.Kind() == reflect.Bool:
		return schema.KindBool
	case rv.Kind() == reflect.String:
		return schema.KindText
	}
	return schema.KindUnknown
}

// call writes a function.
func (c *compiler) call(e *Expr, s *scope) (schema.Kind, *schema.Field, error) {
	if signature.NeedsWindow(e.Func) && e.Window == nil {
		return 0, nil, fmt.Errorf("orm: %s is a window function; add Over with a window", e.Func)
	}
	return c.callFunction(e, s)
}

func (c *compiler) callFunction(e *Expr, s *scope) (schema.Kind, *schema.Field, error) {
	of, known := signature.Of(e.Func)
	if !known {
		if part, isPart := extractedPart(e); isPart {
			return c.extract(e, part, s)
		}
		return 0, nil, fmt.Errorf("orm: unknown function %q", e.Func)
	}
	call := dialect.Call{Function: dialect.Function(e.Func), Text: e.Text, Args: make([]dialect.Type, len(e.Args))}
	var common *operandType // of the arguments that are of the same kind
	if of.Family(0) == signature.Alike {
		var err error
		if common, err = c.commonType(e.Args, of, s); err != nil {
			return 0, nil, err
		}
	}
	args := make([]func() error, len(e.Args))
	for i, arg := range e.Args {
		t, err := c.typeOf(arg, s)
		if err != nil {
			return 0, nil, err
		}
		if family := of.Family(i); !family.Takes(t.kind) {
			return 0, nil, fmt.Errorf("orm: %s: %s takes %s, not %s", c.root().query.Model, e.Func, family, t.kind)
		}
		like := (*operandType)(nil)
		if of.Family(i) == signature.Alike {
			like = common
		}
		if arg.Kind == Literal && like != nil {
			t = *like
		}
		call.Args[i] = t.kind.StorageType()
		if e.Func == "concat" && !t.kind.IsText() {
			args[i] = func() error {
				return c.Cast(t.kind.StorageType(), dialect.TypeText, 0, 0, func() error { _, _, err := c.expression(arg, s); return err })
			}
			continue
		}
		args[i] = func() (err error) {
			if arg.Kind == Literal {
				_, _, err = c.bindLiteral(arg.Value, like)
			} else {
				_, _, err = c.expression(arg, s)
			}
			return err
		}
	}
	kind, field := of.Result, (*schema.Field)(nil)
	if kind == schema.KindUnknown {
		if common == nil && len(e.Args) > 0 {
			t, err := c.typeOf(e.Args[0], s)
			if err != nil {
				return 0, nil, err
			}
			common = &t
		}
		if common != nil {
			kind, field = common.kind, common.field
		}
		kind, field = roundedKind(e.Func, kind, field)
	}
	call.Result = kind.StorageType()
	if e.Window != nil {
		call.Over = func() error { return c.over(e.Window, s) }
	}
	return kind, field, c.Call(call, args)
}

// roundedKind returns the type of a result that has the kind of a function's argument.
func roundedKind(function string, kind schema.Kind, field *schema.Field) (schema.Kind, *schema.Field) {
	switch function {
	case "abs", "ceil", "floor", "round", "mod":
		if kind == schema.KindDecimal {
			return kind, computed(0, false)
		}
		return kind, nil
	}
	if function[:min(6, len(function))] == "trunc_" {
		return kind, nil
	}
	return kind, field
}

// alike is the signature of values that have one kind.
var alike = signature.Signature{Arguments: []signature.Family{signature.Alike}}

// commonType returns the type of the arguments that must have the same: that of the first that is not a constant, or the
// widest of numbers.
func (c *compiler) commonType(args []*Expr, of signature.Signature, s *scope) (*operandType, error) {
	var common *operandType
	for i, arg := range args {
		if of.Family(i) != signature.Alike || arg.Kind == Literal {
			continue
		}
		t, err := c.typeOf(arg, s)
		switch {
		case err != nil:
			return nil, err
		case common == nil || common.kind == schema.KindUnknown:
			common = &t
		case common.kind.IsNumber() && t.kind.IsNumber():
			if wide := wider(common.kind, t.kind); wide != common.kind {
				common = &t
			}
		case t.kind != schema.KindUnknown && t.kind.StorageType() != common.kind.StorageType() &&
			!(t.kind.IsText() && common.kind.IsText()):
			return nil, fmt.Errorf("orm: %s: values of one kind are needed, not %s and %s; convert one with Cast",
				c.root().query.Model, common.kind, t.kind)
		}
	}
	if common == nil && len(args) > 0 { // constants only
		common = &operandType{kind: literalKind(operand.Dereference(args[0].Value))}
	}
	return common, nil
}

// typeOf returns the type of an expression without writing it.
func (c *compiler) typeOf(e *Expr, s *scope) (operandType, error) {
	if e == nil {
		_, _, err := c.expression(nil, s)
		return operandType{}, err
	}
	if e.Kind == Literal {
		return operandType{kind: literalKind(operand.Dereference(e.Value))}, nil
	}
	key := typedExpr{e, c.root().query}
	if t, ok := c.types[key]; ok {
		return t, nil
	}
	bound := c.Bound()
	var t operandType
	text, err := c.Capture(func() (err error) {
		t.kind, t.field, err = c.expression(e, s)
		return err
	})
	c.Unbind(bound)
	if err != nil {
		return operandType{}, err
	}
	c.Release(text)
	if c.types == nil {
		c.types = map[typedExpr]operandType{}
	}
	if t.kind.IsRelation() && t.field != nil {
		t.kind = t.field.ColumnKind()
	}
	c.types[key] = t
	return t, nil
}

// typedExpr is an expression in a query.
type typedExpr struct {
	expr  *Expr
	query *Query
}

// caseWhen writes CASE. All values have the kind of the first that is not a constant.
func (c *compiler) caseWhen(e *Expr, s *scope) (schema.Kind, *schema.Field, error) {
	values := make([]*Expr, 0, len(e.Cases)+1)
	for _, when := range e.Cases {
		values = append(values, when.Then)
	}
	if e.Else != nil {
		values = append(values, e.Else)
	}
	common, err := c.commonType(values, alike, s)
	if err != nil {
		return 0, nil, err
	}
	value := func(v *Expr) (err error) {
		if v.Kind == Literal {
			_, _, err = c.bindLiteral(v.Value, common)
		} else {
			_, _, err = c.expression(v, s)
		}
		return err
	}
	c.Text("CASE")
	for _, when := range e.Cases {
		c.Text(" WHEN ")
		if err := c.nodes([]Node{when.When}, s); err != nil {
			return 0, nil, err
		}
		c.Text(" THEN ")
		if err := value(when.Then); err != nil {
			return 0, nil, err
		}
	}
	if e.Else != nil {
		c.Text(" ELSE ")
		if err := value(e.Else); err != nil {
			return 0, nil, err
		}
	}
	c.Text(" END")
	return common.kind, common.field, nil
}

func (c *compiler) cast(e *Expr, s *scope) (schema.Kind, *schema.Field, error) {
	from, err := c.typeOf(e.Left, s)
	if err != nil {
		return 0, nil, err
	}
	to := &e.To
	err = c.Cast(from.kind.StorageType(), to.Kind.StorageType(), to.Precision, to.Scale, func() error {
		_, _, err := c.expression(e.Left, s)
		return err
	})
	if to.Kind == schema.KindDecimal {
		return to.Kind, to, err
	}
	return to.Kind, nil, err
}

// collationName is a name of a collation. Names are written as identifiers, but are no names of the schema.
var collationName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.@-]{0,62}$`)

func (c *compiler) collate(e *Expr, s *scope) (schema.Kind, *schema.Field, error) {
	if !collationName.MatchString(e.Text) {
		return 0, nil, fmt.Errorf("orm: %q is not the name of a collation", e.Text)
	}
	kind, field, err := c.expression(e.Left, s)
	if err == nil && !kind.IsText() && kind != schema.KindUnknown {
		err = fmt.Errorf("orm: %s: a collation is for text, not for %s", c.root().query.Model, kind)
	}
	c.Text(" COLLATE ")
	c.Name(e.Text)
	return kind, field, err
}

// scalar writes a query as a value: that of its first row, NULL if it selects none.
func (c *compiler) scalar(e *Expr) (kind schema.Kind, field *schema.Field, err error) {
	q := e.Query
	if q.Err != nil {
		return 0, nil, q.Err
	}
	inner := *q
	inner.Related, inner.Limit = nil, 1
	s := c.pushQuery(&inner)
	defer c.popQuery()
	defer func(outer int, perRow bool) { c.conditional, c.perRow = outer, perRow }(c.conditional, c.perRow)
	c.conditional, c.perRow = 0, false
	value := e.Left
	if value == nil {
		value = &Expr{Kind: Ref, Path: "pk"}
	}
	list, err := c.Capture(func() error {
		kind, field, err = c.expression(value, s)
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	c.Text("(")
	if err := c.query(&inner, s, list); err != nil {
		return 0, nil, err
	}
	c.Text(")")
	return kind, field, nil
}

// holds writes whether conditions hold. It is never NULL.
func (c *compiler) holds(e *Expr, s *scope) (schema.Kind, *schema.Field, error) {
	c.Text("CASE WHEN ")
	if err := c.nodes(e.Where, s); err != nil {
		return 0, nil, err
	}
	c.Text(" THEN ")
	c.BindTyped(true, dialect.TypeBool)
	c.Text(" ELSE ")
	c.BindTyped(false, dialect.TypeBool)
	c.Text(" END")
	return schema.KindBool, nil, nil
}

// extractedPart returns the part of a date that a function such as "extract_year" takes out.
func extractedPart(e *Expr) (dialect.DatePart, bool) {
	const prefix = "extract_"
	if len(e.Func) <= len(prefix) || e.Func[:len(prefix)] != prefix || len(e.Args) != 1 {
		return "", false
	}
	return dialect.DatePart(e.Func[len(prefix):]), true
}

func (c *compiler) extract(e *Expr, part dialect.DatePart, s *scope) (schema.Kind, *schema.Field, error) {
	var kind schema.Kind
	value, err := c.Capture(func() (err error) {
		kind, _, err = c.expression(e.Args[0], s)
		return err
	})
	switch {
	case err != nil:
		return 0, nil, err
	case !signature.Time.Takes(kind):
		return 0, nil, fmt.Errorf("orm: %s: %s takes a date or a time, not %s", c.root().query.Model, e.Func, kind)
	}
	return schema.KindInt, nil, c.ExtractDate(value, part)
}
