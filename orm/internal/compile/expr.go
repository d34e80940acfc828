package compile

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

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
	Aggregate                    // Func over the rows at the end of Path, or over the values of Left
	Call                         // Func with Args
	CaseWhen                     // the value of the first of Cases that holds, or Else
	Cast                         // Left as a value of To
	Collate                      // Left with the collation Text
	Scalar                       // Left in the first row of Query
	Holds                        // whether all of Where hold
	OverWindow                   // Left, an aggregate or a call, over the rows of Window
	SearchRank                   // how well the row matches a search for Value; Path is that of the lookup
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
	Func     string  // of a Call or an Aggregate: the name of a dialect.Function
	Args     []*Expr // of a Call
	Text     string  // a constant of a Call or an Aggregate that is a part of the SQL, or a collation
	Distinct bool
	Where    []Node  // of an aggregate: only rows where these hold, paths from the query's model
	Order    []Order // of an aggregate
	Cases    []Case
	Else     *Expr // of a CaseWhen; of an aggregate, its value over no rows
	To       schema.Field
	Query    *Query
	Window   *Window
}

// Case is a condition with the value of an expression where it holds.
type Case struct {
	When Node
	Then *Expr
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

// Ordered returns the aggregate over rows in an order.
func (e *Expr) Ordered(orders []Order) *Expr {
	ordered := *e
	ordered.Order = orders
	return &ordered
}

// Defaulting returns the aggregate with a value over no rows.
func (e *Expr) Defaulting(v *Expr) *Expr {
	defaulting := *e
	defaulting.Else = v
	return &defaulting
}

// Choice returns the expression of a CASE; otherwise may be nil.
func Choice(cases []Case, otherwise *Expr) *Expr {
	return &Expr{Kind: CaseWhen, Cases: cases, Else: otherwise}
}

// Function returns the expression of a call.
//
//go:noinline
func Function(name string, args ...*Expr) *Expr { return &Expr{Kind: Call, Func: name, Args: args} }

// Converted returns the expression of a value converted to a Go type.
func Converted(e *Expr, to reflect.Type) *Expr {
	return ConvertedKind(e, schema.KindOf(to))
}

// ConvertedKind returns the expression of a value converted to a kind.
func ConvertedKind(e *Expr, to schema.Kind) *Expr {
	if to == schema.KindChar {
		to = schema.KindText
	}
	return &Expr{Kind: Cast, Left: e, To: schema.Field{Name: "result", Kind: to}}
}

// ConvertedDecimal returns the expression of a number converted to a decimal.
func ConvertedDecimal(e *Expr, precision, scale int) *Expr {
	return &Expr{Kind: Cast, Left: e, To: schema.Field{Name: "result", Kind: schema.KindDecimal, Precision: precision, Scale: scale}}
}

// expression writes e. It returns the kind of the value, and its field if it is the value of one.
func (c *compiler) expression(e *Expr, s *scope) (schema.Kind, *schema.Field, error) {
	if e == nil {
		return 0, nil, errors.New("orm: the zero value of an expression has no value; start with a column or a value")
	}
	if err := c.nest(); err != nil {
		return 0, nil, err
	}
	defer c.unnest()
	e = c.root().query.unfilteredExpr(e)
	switch e.Kind {
	case Ref:
		return c.reference(e, c.root().query, s)
	case OuterRef:
		if len(c.roots) < 2 {
			return 0, nil, fmt.Errorf("orm: OuterRef(%q) is only for queries inside another", e.Path)
		}
		if c.root().part {
			return 0, nil, fmt.Errorf(
				"orm: OuterRef(%q) is not possible in a query that is combined with others, or has DistinctOn",
				e.Path,
			)
		}
		outer := c.roots[len(c.roots)-2]
		return c.reference(e, outer.query, outer)
	case Literal:
		return c.bindLiteral(e.Value, nil)
	case Binary:
		return c.binary(e, s)
	case sourceColumn:
		return c.sourceValue(e.Value.(int), s)
	case Call:
		return c.call(e, s)
	case CaseWhen:
		return c.caseWhen(e, s)
	case Cast:
		return c.cast(e, s)
	case Collate:
		return c.collate(e, s)
	case Scalar:
		return c.scalar(e)
	case Holds:
		return c.holds(e, s)
	case OverWindow:
		return c.window(e, s)
	case SearchRank:
		return schema.KindFloat, nil, c.searchRank(e, s)
	}
	return c.aggregate(e, s)
}

func (c *compiler) reference(e *Expr, q *Query, s *scope) (schema.Kind, *schema.Field, error) {
	if err := CheckRoot(q.Model, e.Root, e.Path); err != nil {
		return 0, nil, err
	}
	if annotation, rest := q.annotation(e.Path); annotation != nil {
		if rest != schema.Exact {
			return 0, nil, &schema.LookupError{Model: q.Model, Path: e.Path, Part: rest, Problem: "an expression takes no lookup"}
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

// annotation returns the annotation that a path begins with, if there is one, and what follows its name: transforms and a
// lookup, "exact" if there is nothing.
func (q *Query) annotation(path string) (*Annotation, string) {
	if len(q.Annotations) == 0 {
		return nil, ""
	}
	name, rest, found := strings.Cut(path, "__")
	if !found {
		rest = schema.Exact
	}
	for i := range q.Annotations {
		if q.Annotations[i].Name == name {
			return &q.Annotations[i], rest
		}
	}
	return nil, ""
}
