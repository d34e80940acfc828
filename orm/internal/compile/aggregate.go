package compile

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// aggregates are the aggregate functions, with the kind of their result: KindUnknown for that of the values.
var aggregates = map[string]schema.Kind{
	"count": schema.KindBigInt, "sum": schema.KindUnknown, "avg": schema.KindFloat, "min": schema.KindUnknown, "max": schema.KindUnknown,
	"std_dev": schema.KindFloat, "std_dev_sample": schema.KindFloat, "variance": schema.KindFloat, "variance_sample": schema.KindFloat,
	"string_agg": schema.KindText, "any_value": schema.KindUnknown,
}

// aggregate writes an aggregate: of the rows of each group if the query has groups, or else of the rows related to each row.
func (c *compiler) aggregate(e *Expr, s *scope) (kind schema.Kind, field *schema.Field, err error) {
	grouped := c.root().query.Groups != nil && !s.many && !c.perRow
	if e.Else == nil {
		return c.aggregateRows(e, s, grouped)
	}
	c.Text("COALESCE(")
	if kind, field, err = c.aggregateRows(e, s, grouped); err != nil {
		return 0, nil, err
	}
	c.Text(", ")
	if e.Else.Kind == Literal {
		_, _, err = c.bindLiteral(e.Else.Value, &operandType{kind, field})
	} else {
		_, _, err = c.expression(e.Else, s)
	}
	c.Text(")")
	return kind, field, err
}

// aggregated returns what an aggregate is computed of, nil for whole rows.
func (q *Query) aggregated(e *Expr) *Expr {
	if e.Left != nil {
		return e.Left
	}
	if e.Path == "" || e.Path == "*" {
		return nil
	}
	if annotation, rest := q.annotation(e.Path); annotation != nil && rest == schema.Exact {
		return annotation.Expr
	}
	return &Expr{Kind: Ref, Root: e.Root, Path: e.Path}
}

func (c *compiler) aggregateRows(e *Expr, s *scope, grouped bool) (schema.Kind, *schema.Field, error) {
	if _, known := aggregates[e.Func]; !known {
		return 0, nil, fmt.Errorf("orm: unknown aggregate %q", e.Func)
	}
	if len(e.Order) > 0 && e.Func != "string_agg" {
		return 0, nil, fmt.Errorf("orm: %s has no order; only StringAgg does", strings.ToUpper(e.Func))
	}
	q := c.root().query
	if err := CheckRoot(q.Model, e.Root, e.Path); err != nil {
		return 0, nil, err
	}
	value := q.aggregated(e)
	if value == nil {
		if !grouped || e.Func != "count" {
			return 0, nil, fmt.Errorf("orm: %s: name what to aggregate, such as a to-many relation", q.Model.Name)
		}
		if len(e.Where) > 0 {
			value = &Expr{Kind: Ref, Path: "pk"}
		} else {
			c.Text("COUNT(*)")
			return schema.KindBigInt, nil, nil
		}
	}
	steps, err := c.stepsOf(value, s)
	if err != nil {
		return 0, nil, err
	}
	if err := checkAggregate(q.Model, e, value); err != nil {
		return 0, nil, err
	}
	base, remaining := s.enclosing(steps)
	many := base.firstMany(remaining)
	var of operandType
	text, err := c.Capture(func() error {
		switch {
		case many >= 0 && grouped:
			return c.nestedAggregate(e, s, &of)
		case many >= 0:
			return c.correlatedAggregate(e, value, steps, base, many, s, &of)
		case grouped:
			return c.aggregateColumn(e, value, s, &of)
		}
		return lookupError(q.Model, e.Path, e.Path,
			"each row has one value here, nothing to aggregate; follow a to-many relation, group the query, or use Aggregate")
	})
	if err != nil {
		return 0, nil, err
	}
	kind, field, before, after, err := c.aggregateResult(e, of)
	if err != nil {
		return 0, nil, err
	}
	c.Text(before)
	c.Put(text)
	c.Text(after)
	return kind, field, nil
}

// aggregateResult returns the kind and the field of an aggregate's result, and what is written around it.
func (c *compiler) aggregateResult(e *Expr, of operandType) (kind schema.Kind, field *schema.Field, before, after string, err error) {
	numbers := of.kind.IsNumber() || of.kind == schema.KindDuration || of.kind == schema.KindUnknown
	switch e.Func {
	case "count":
		return schema.KindBigInt, nil, "", "", nil
	case "min", "max", "any_value":
		return of.kind, of.field, "", "", nil
	case "string_agg":
		if !of.kind.IsText() && of.kind != schema.KindUnknown {
			return 0, nil, "", "", c.aggregateProblem(e, "%s takes text, not %s", strings.ToUpper(e.Func), of.kind)
		}
		return schema.KindText, nil, "", "", nil
	}
	if !numbers {
		return 0, nil, "", "", c.aggregateProblem(e, "%s takes a number, not %s", strings.ToUpper(e.Func), of.kind)
	}
	switch {
	case e.Func == "sum" && of.kind == schema.KindDecimal && of.field != nil && of.field.Precision > 0:
		before, after = c.Rounded(of.field.Scale)
		return schema.KindDecimal, computed(of.field.Scale, true), before, after, nil
	case (e.Func == "avg" || e.Func == "sum") && of.kind == schema.KindDecimal:
		return schema.KindDecimal, computed(0, false), "", "", nil
	case e.Func == "sum":
		return of.kind, nil, "", "", nil
	}
	return aggregates[e.Func], nil, "", "", nil
}

func (c *compiler) aggregateProblem(e *Expr, text string, values ...any) error {
	part := e.Path
	if i := strings.LastIndex(part, "__"); i >= 0 {
		part = part[i+2:]
	}
	return lookupError(c.root().query.Model, e.Path, part, text, values...)
}

// checkAggregate returns an error if the function does not take the values at the end of a path.
func checkAggregate(m *schema.Model, e, value *Expr) error {
	if value.Kind != Ref || e.Func == "count" {
		return nil
	}
	if path, err := resolvePath(m, value.Path); err == nil && len(path.Transforms)+len(path.Keys) > 0 {
		return lookupError(
			m,
			e.Path,
			e.Path,
			"%s takes a field, not a part of its value; group by the part instead",
			strings.ToUpper(e.Func),
		)
	}
	return nil
}

// callAggregate writes the call of an aggregate function.
func (c *compiler) callAggregate(e *Expr, value func() error, s *scope) error {
	call := dialect.Call{Function: dialect.Function(e.Func), Text: e.Text, Distinct: e.Distinct}
	if len(e.Order) > 0 {
		call.Order = func() error {
			defer func(selected []string) { c.selected = selected }(c.selected)
			c.selected = nil // whose numbers have no meaning in an aggregate
			return c.orderBy(e.Order, s)
		}
	}
	if e.Window != nil {
		call.Over = func() error { return c.over(e.Window, s) }
	}
	return c.Call(call, []func() error{value})
}

// aggregateColumn writes FUNC(value) over the rows for which the aggregate's conditions hold.
func (c *compiler) aggregateColumn(e, value *Expr, s *scope, of *operandType) error {
	defer func(outer bool) { c.perRow = outer }(c.perRow)
	c.perRow = true
	return c.callAggregate(e, func() (err error) {
		if len(e.Where) == 0 {
			of.kind, of.field, err = c.expression(value, s)
			return err
		}
		c.Text("CASE WHEN ")
		if err := c.nodes(e.Where, s); err != nil {
			return err
		}
		c.Text(" THEN ")
		of.kind, of.field, err = c.expression(value, s)
		c.Text(" END")
		return err
	}, s)
}

// correlatedAggregate writes a subquery over the rows related to the outer row.
func (c *compiler) correlatedAggregate(e, value *Expr, steps []schema.Step, base *scope, many int, s *scope, of *operandType) error {
	remaining := steps[len(base.prefix):]
	inner := c.innerScope(s, steps[:len(base.prefix)+many+1])
	inner.many = true
	correlation, err := c.Capture(func() error { c.correlate(inner, base, remaining[:many+1]); return nil })
	if err != nil {
		return err
	}
	call, err := c.Capture(func() error {
		return c.callAggregate(e, func() (err error) {
			start := c.Len()
			if of.kind, of.field, err = c.expression(value, inner); err != nil {
				return err
			}
			if e.Func == "count" && !e.Distinct && value.Kind == Ref && c.isKeyOf(inner, value) {
				c.Truncate(start)
				c.Text("*")
			}
			return nil
		}, inner)
	})
	if err != nil {
		return err
	}
	where, err := c.Capture(func() error {
		scopes, err := c.aggregateScopes(steps, len(inner.prefix))
		if err != nil {
			return err
		}
		if len(scopes) > 0 {
			c.Text(" AND ")
			if _, err := c.and(scopes, inner); err != nil {
				return err
			}
		}
		if len(e.Where) == 0 {
			return nil
		}
		c.Text(" AND ")
		return c.nodes(e.Where, inner)
	})
	if err != nil {
		return err
	}
	c.Text("(SELECT ")
	c.Put(call)
	inner.from(c)
	c.Text(" WHERE ")
	c.Put(correlation)
	c.Put(where)
	c.Text(")")
	return nil
}

// isKeyOf reports whether a reference is a column of the inner scope's own table that is never NULL.
func (c *compiler) isKeyOf(inner *scope, value *Expr) bool {
	path, steps, err := plainPath(c.root().query.Model, value.Path)
	if err != nil || len(path.Transforms)+len(path.Keys) > 0 {
		return false
	}
	base, remaining := inner.enclosing(steps)
	at := base.columnOf(c, remaining, path.Field)
	return at.alias == inner.alias && !at.null
}

// nestedAggregate writes an aggregate over the related rows of all rows of a group, as the aggregate of each row's aggregate.
func (c *compiler) nestedAggregate(e *Expr, s *scope, of *operandType) error {
	outer := e.Func
	switch {
	case e.Distinct || e.Func != "count" && e.Func != "sum" && e.Func != "min" && e.Func != "max" && e.Func != "any_value":
		return fmt.Errorf("orm: %s: %s over the to-many %q cannot be computed for groups; start the query at the other model",
			c.root().query.Model.Name, strings.ToUpper(e.Func), e.Path)
	case e.Func == "count":
		outer = "sum"
	}
	return c.Call(dialect.Call{Function: dialect.Function(outer)}, []func() error{func() (err error) {
		of.kind, of.field, err = c.aggregateRows(e, s, false)
		return err
	}})
}

// stepsOf returns the relations to follow to the rows that an expression has a value for: those of the path to many rows among
// its references. All such paths lead through the same rows.
func (c *compiler) stepsOf(e *Expr, s *scope) ([]schema.Step, error) {
	q := c.root().query
	var found []schema.Step
	err := e.references(func(ref *Expr) error {
		if annotation, _ := q.annotation(ref.Path); annotation != nil {
			return nil
		}
		path, steps, err := plainPath(q.Model, ref.Path)
		if err != nil {
			return err
		}
		base, remaining := s.enclosing(steps)
		if base.firstMany(remaining) < 0 && (found != nil || e != ref) {
			return nil
		}
		if found != nil && !samePrefix(found, steps) {
			return lookupError(q.Model, path.Text, path.Text, "an expression takes the values of one relation to many rows, not of several")
		}
		if len(steps) > len(found) {
			found = steps
		}
		return nil
	})
	return found, err
}

func samePrefix(a, b []schema.Step) bool {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
