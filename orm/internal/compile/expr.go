package compile

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/internal/operand"
	"github.com/quintetgo/quintet/orm/schema"
)

// ExprKind is the kind of an expression.
type ExprKind uint8

// The kinds of expressions.
const (
	Ref          ExprKind = iota // a field's value, by path, or an annotation's
	Literal                      // a bound value
	Binary                       // Left Op Right
	OuterRef                     // a field of the query around this one
	Aggregate                    // Func over the rows at the end of Path
	sourceColumn                 // the computed column of the query's source whose number is Value
)

// Expr is a value that the database computes. It is not modified once it has been returned, so that expressions can be
// shared.
type Expr struct {
	Kind     ExprKind
	Root     reflect.Type // of the struct that Path starts at; nil for any
	Path     string
	Value    any
	Op       string // + - * / %
	Left     *Expr
	Right    *Expr
	Func     string // COUNT SUM AVG MIN MAX
	Distinct bool
	Where    []Node // of an aggregate: count only rows where these hold, paths from the query's model
}

// WrittenAsSQL implements [operand.SQL].
func (*Expr) WrittenAsSQL() {}

// Constant returns the expression of a bound value.
//
//go:noinline
func Constant(v any) *Expr { return &Expr{Kind: Literal, Value: v} }

// Operation returns the expression of an arithmetic operator, one of + - * / and %.
//
//go:noinline
func Operation(left *Expr, op string, right *Expr) *Expr {
	return &Expr{Kind: Binary, Op: op, Left: left, Right: right}
}

// Distinctly returns the aggregate over each value once.
func (e *Expr) Distinctly() *Expr {
	distinct := *e
	distinct.Distinct = true
	return &distinct
}

// Filtered returns the aggregate over the rows for which a condition holds as well.
func (e *Expr) Filtered(condition Node) *Expr {
	filtered := *e
	filtered.Where = append(slices.Clip(e.Where), condition)
	return &filtered
}

// expression writes e. It returns the kind of the value, and its field if it is the value of one.
func (c *compiler) expression(e *Expr, s *scope) (schema.Kind, *schema.Field, error) {
	if e == nil {
		return 0, nil, errors.New("orm: the zero value of an expression has no value; start with a column or orm.Value")
	}
	switch e.Kind {
	case Ref:
		return c.reference(e, c.root().query, s)
	case OuterRef:
		if len(c.roots) < 2 {
			return 0, nil, fmt.Errorf("orm: OuterRef(%q) is only for queries inside another", e.Path)
		}
		if c.root().part {
			return 0, nil, fmt.Errorf("orm: OuterRef(%q) is not possible in a query that is combined with others, or has DistinctOn", e.Path)
		}
		outer := c.roots[len(c.roots)-2]
		return c.reference(e, outer.query, outer)
	case Literal:
		k := operand.Target{Model: c.root().query.Model, Path: "value", Lookup: schema.Exact, Dialect: c.Dialect()}
		bound, err := k.Bound(operand.Dereference(e.Value))
		if err != nil {
			return 0, nil, err
		}
		if _, ok := bound.(operand.Gap); ok {
			return 0, nil, k.Problem("%s is too large for an expression", operand.Describe(e.Value))
		}
		c.Bind(bound)
		return schema.KindUnknown, nil, nil
	case Binary:
		return c.binary(e, s)
	case sourceColumn:
		return c.sourceValue(e.Value.(int), s)
	}
	return c.aggregate(e, s)
}

func (c *compiler) reference(e *Expr, q *Query, s *scope) (schema.Kind, *schema.Field, error) {
	if err := CheckRoot(q.Model, e.Root, e.Path); err != nil {
		return 0, nil, err
	}
	annotation, lookup, err := q.annotation(e.Path)
	if err != nil {
		return 0, nil, err
	}
	if annotation != nil {
		if lookup != schema.Exact {
			return 0, nil, &schema.LookupError{Model: q.Model, Path: e.Path, Part: lookup, Problem: "an expression takes no lookup"}
		}
		return c.expression(annotation.Expr, s)
	}
	path, steps, err := plainPath(q.Model, e.Path)
	if err != nil {
		return 0, nil, err
	}
	base, remaining := s.enclosing(steps)
	if base.firstMany(remaining) >= 0 {
		return 0, nil, lookupError(q.Model, e.Path, e.Path,
			"the path leads to several rows, and an expression takes the value of one; use an aggregate")
	}
	at := base.columnOf(c, remaining, path.Field)
	if len(path.Transforms) == 0 && len(path.Keys) == 0 {
		c.Column(at.alias, at.column)
		return path.Kind(), path.Field, nil
	}
	k := comparison{}
	if err := c.left(&k, &leaf{path: path, steps: steps}, s); err != nil {
		return 0, nil, err
	}
	c.Raw(k.left)
	return k.Kind, nil, nil
}

// maxSteps is how many relations a path may follow. Databases have limits not far above, with less helpful errors.
const maxSteps = 12

func resolvePath(m *schema.Model, text string) (*schema.Path, error) {
	path, err := m.Resolve(text)
	if err == nil && len(path.Steps) > maxSteps {
		return nil, lookupError(
			m,
			text,
			path.Steps[maxSteps].Name(),
			"the path follows %d relations; the most is %d",
			len(path.Steps),
			maxSteps,
		)
	}
	return path, err
}

// plainPath resolves a path that names a value, without a lookup at its end.
func plainPath(m *schema.Model, text string) (*schema.Path, []schema.Step, error) {
	path, err := resolvePath(m, text)
	if err != nil {
		return nil, nil, err
	}
	if path.Lookup != schema.Exact || strings.HasSuffix(text, "__"+schema.Exact) {
		return nil, nil, &schema.LookupError{Model: m, Path: text, Part: path.Lookup, Problem: "a value is expected here, without a lookup"}
	}
	return path, expandThrough(path.Steps), nil
}

var functions = map[string]bool{"COUNT": true, "SUM": true, "AVG": true, "MIN": true, "MAX": true}

// aggregate writes an aggregate: of the rows of each group if the query has groups, or else of the rows related to each row.
func (c *compiler) aggregate(e *Expr, s *scope) (schema.Kind, *schema.Field, error) {
	grouped := c.root().query.Groups != nil && !s.many
	return c.aggregateRows(e, s, grouped)
}

func (c *compiler) aggregateRows(e *Expr, s *scope, grouped bool) (schema.Kind, *schema.Field, error) {
	if !functions[e.Func] {
		return 0, nil, fmt.Errorf("orm: unknown aggregate %q", e.Func)
	}
	q := c.root().query
	if err := CheckRoot(q.Model, e.Root, e.Path); err != nil {
		return 0, nil, err
	}
	if e.Path == "" || e.Path == "*" {
		if !grouped || e.Func != "COUNT" {
			return 0, nil, fmt.Errorf("orm: %s: name what to aggregate, such as a to-many relation", q.Model.Name)
		}
		c.Text("COUNT(*)")
		return schema.KindBigInt, nil, nil
	}
	path, steps, err := plainPath(q.Model, e.Path)
	if err != nil {
		return 0, nil, err
	}
	if err := checkAggregate(q.Model, e, path); err != nil {
		return 0, nil, err
	}
	sum, rounded := path.Field, e.Func == "SUM" && path.Kind() == schema.KindDecimal && path.Field.Precision > 0
	before, after := "", ""
	if rounded {
		before, after = c.Rounded(sum.Scale)
	}
	c.Text(before)
	base, remaining := s.enclosing(steps)
	many := base.firstMany(remaining)
	switch {
	case many >= 0 && grouped:
		if err := c.nestedAggregate(e, s); err != nil {
			return 0, nil, err
		}
	case many >= 0:
		if err := c.correlatedAggregate(e, path, steps, base, many, s); err != nil {
			return 0, nil, err
		}
	case grouped:
		if err := c.aggregateColumn(e, base.columnOf(c, remaining, path.Field), s); err != nil {
			return 0, nil, err
		}
	default:
		return 0, nil, lookupError(q.Model, e.Path, e.Path,
			"each row has one value here, nothing to aggregate; follow a to-many relation, group the query, or use Aggregate")
	}
	switch {
	case e.Func == "COUNT":
		return schema.KindBigInt, nil, nil
	case rounded:
		c.Text(after)
		return schema.KindDecimal, computed(sum.Scale, true), nil
	case (e.Func == "AVG" || e.Func == "SUM") && path.Kind() == schema.KindDecimal:
		return schema.KindDecimal, computed(0, false), nil
	case e.Func == "AVG":
		return schema.KindFloat, nil, nil
	case e.Func == "SUM":
		return path.Kind(), nil, nil
	}
	return path.Kind(), path.Field, nil
}

// checkAggregate returns an error if the function does not take the values at the end of a path.
func checkAggregate(m *schema.Model, e *Expr, path *schema.Path) error {
	kind := path.Kind()
	switch {
	case (e.Func == "SUM" || e.Func == "AVG") && !kind.IsNumber() && kind != schema.KindDuration:
		return lookupError(m, e.Path, path.Field.Name, "%s takes a number, not %s", e.Func, kind)
	case e.Func != "COUNT" && len(path.Transforms)+len(path.Keys) > 0:
		return lookupError(m, e.Path, e.Path, "%s takes a field, not a part of its value; group by the part instead", e.Func)
	}
	return nil
}

// aggregateColumn writes FUNC(column) over the rows for which the aggregate's conditions hold.
func (c *compiler) aggregateColumn(e *Expr, at columnRef, s *scope) error {
	c.Text(e.Func)
	c.Text("(")
	if e.Distinct {
		c.Text("DISTINCT ")
	}
	if len(e.Where) == 0 {
		c.Column(at.alias, at.column)
		c.Text(")")
		return nil
	}
	c.Text("CASE WHEN ")
	if err := c.nodes(e.Where, s); err != nil {
		return err
	}
	c.Text(" THEN ")
	c.Column(at.alias, at.column)
	c.Text(" END)")
	return nil
}

// correlatedAggregate writes a subquery over the rows related to the outer row.
func (c *compiler) correlatedAggregate(e *Expr, path *schema.Path, steps []schema.Step, base *scope, many int, s *scope) error {
	remaining := steps[len(base.prefix):]
	inner := c.innerScope(s, steps[:len(base.prefix)+many+1])
	inner.many = true
	var at columnRef
	where, err := c.Capture(func() error {
		c.correlate(inner, base, remaining[:many+1])
		at = inner.columnOf(c, remaining[many+1:], path.Field)
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
	c.Text(e.Func)
	c.Text("(")
	if e.Distinct {
		c.Text("DISTINCT ")
	}
	if e.Func == "COUNT" && !e.Distinct && at.alias == inner.alias && !at.null {
		c.Text("*")
	} else {
		c.Column(at.alias, at.column)
	}
	c.Text(")")
	inner.from(c)
	c.Text(" WHERE ")
	c.Put(where)
	c.Text(")")
	return nil
}

// nestedAggregate writes an aggregate over the related rows of all rows of a group, as the aggregate of each row's aggregate.
func (c *compiler) nestedAggregate(e *Expr, s *scope) error {
	outer := e.Func
	switch {
	case e.Func == "AVG" || e.Distinct:
		return fmt.Errorf("orm: %s: %s over the to-many %q cannot be computed for groups; start the query at the other model",
			c.root().query.Model.Name, e.Func, e.Path)
	case e.Func == "COUNT":
		outer = "SUM"
	}
	c.Text(outer)
	c.Text("(")
	_, _, err := c.aggregateRows(e, s, false)
	c.Text(")")
	return err
}

// nodes resolves and writes conditions that must all hold.
func (c *compiler) nodes(nodes []Node, s *scope) error {
	cond, err := c.resolve(c.root().query, Node{Op: And, Nodes: nodes})
	if err != nil {
		return err
	}
	if cond.op != And { // a single condition
		cond.nodes = []condition{cond}
	}
	_, err = c.and(cond.nodes, s)
	return err
}

// annotation returns the annotation that a path begins with, if there is one, and the lookup after it.
func (q *Query) annotation(path string) (*Annotation, string, error) {
	if len(q.Annotations) == 0 {
		return nil, "", nil
	}
	name, lookup, found := strings.Cut(path, "__")
	for i := range q.Annotations {
		if q.Annotations[i].Name != name {
			continue
		}
		if !found {
			return &q.Annotations[i], schema.Exact, nil
		}
		switch lookup {
		case schema.Exact, schema.Gt, schema.Gte, schema.Lt, schema.Lte, schema.In, schema.Range, schema.IsNull:
			return &q.Annotations[i], lookup, nil
		}
		return nil, "", &schema.LookupError{
			Model: q.Model, Path: path, Part: lookup, Problem: fmt.Sprintf("the annotation %q has no lookup %q", name, lookup),
			Choices: []string{schema.Exact, schema.Gt, schema.Gte, schema.Lt, schema.Lte, schema.In, schema.Range, schema.IsNull},
		}
	}
	return nil, "", nil
}
