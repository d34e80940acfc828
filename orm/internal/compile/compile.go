// Package compile turns queries over model metadata into SQL text and bound values.
//
// Names in the text come from the metadata only; everything else is bound. Queries of one shape have the same text, so that
// databases and drivers can keep prepared statements.
//
// Conditions over relations to many rows become EXISTS instead of joins, so rows are never multiplied. The conditions in one And
// share one EXISTS for each relation, as they refer to the same related row. A Not is a separate NOT EXISTS.
package compile

import (
	"fmt"
	"reflect"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// Query describes what to select. With the zero value of everything but Model it selects all rows.
type Query struct {
	Model       *schema.Model
	Where       []Node // all must hold; each has its own EXISTS
	Order       []Order
	Limit       int // zero for no limit
	Offset      int
	Distinct    bool
	None        bool     // selects nothing
	Lifted      []string // names of default scopes that do not apply to Model's rows
	Database    any      // identifies the database that the query is on; nil if it is not known
	Scoping     Scoping  // the default scopes that apply to every row; nil if no model has any
	Err         error    // found while the query was built; returned where it is used inside another one
	Related     []string // paths of relations to one row that are selected too
	Annotations []Annotation
	Filtered    []FilteredRelation
	Groups      []string // group by these paths; annotations are then aggregates of the groups
	Source      *Source  // what rows are selected from; nil for the model's table
	DistinctOn  []string // of the rows with equal values of these paths only the first in Order is selected
	Columns     Columns  // which fields of objects are read
	Lock        *Lock    // locks the selected rows; nil for none
	next        int      // of a numbered query, the number after those of its conditions; see Query.Numbered
}

// WrittenAsSQL implements [operand.SQL].
func (*Query) WrittenAsSQL() {}

// Annotation is an expression with a name that lookups, orders and values may use.
type Annotation struct {
	Name   string
	Expr   *Expr
	Hidden bool // not among the values that are selected without names
}

// FilteredRelation is a name for those rows of a relation for which conditions hold, which paths may begin with.
type FilteredRelation struct {
	Name  string
	Path  string // of the relation
	Where []Node // paths start at the query's model
}

// Order sorts by a path, or by an annotation's name.
type Order struct {
	Root reflect.Type // of the struct that Path starts at; nil for any
	Path string
	Expr *Expr // instead of Path
	Desc bool
	Nulls
}

// Nulls is where an order puts NULL. The zero value is the database's choice.
type Nulls uint8

// The places of NULL in an order.
const (
	NullsAnywhere Nulls = iota
	NullsFirst
	NullsLast
)

// Reversed returns the opposite order.
func (o Order) Reversed() Order {
	o.Desc = !o.Desc
	switch o.Nulls {
	case NullsFirst:
		o.Nulls = NullsLast
	case NullsLast:
		o.Nulls = NullsFirst
	case NullsAnywhere:
	}
	return o
}

// Statement is compiled SQL.
type Statement struct {
	SQL  string
	Args []any

	// Reusable reports that Rebind can be used: the query was numbered, and nothing in the text depends on a value that is
	// not part of its shape.
	Reusable bool
	sources  []source // of Args, if it is reusable
}

// Op is the kind of a condition.
type Op uint8

// The kinds of conditions. The zero Node, And of nothing, is true.
const (
	And Op = iota
	Or
	Not
	Lookup
	Exists
	Xor          // an odd number of the nodes hold
	alwaysFalse  // used while compiling
	throughKeyIn // a throughKey; used while compiling
	firstRank    // the row is the first of those with equal values; used while compiling
)

// Node is one condition of a tree.
type Node struct {
	Op     Op
	Root   reflect.Type // of the struct that Path starts at; nil for any
	Path   string       // of a Lookup: "author__name__icontains"; with Left, the lookup alone
	Left   *Expr        // of a Lookup: what is compared, instead of the value at the path
	Value  any
	Negate bool // of a Lookup: it holds if the comparison does not, for the same related row
	Nodes  []Node
	Query  *Query // of Exists
	number int    // of a Lookup, from 1; see Query.Numbered
}

// compiler writes one statement.
type compiler struct {
	dialect.Writer
	aliases  int
	roots    []*scope // queries being compiled, innermost last
	scoping  Scoping  // of the outermost query
	scopes   []Node   // the conditions that scoping returned
	nesting  int      // how many conditions are being written inside each other
	sources  []source // of the arguments that come from numbered conditions
	selected []string // names of the selected values, of a statement that has some
	perRow   bool     // an aggregate inside another one is being written, which is computed for each row
	types    map[typedExpr]operandType
	// conditional counts the conditions that are being written around an expression.
	conditional int
}

func newCompiler(d dialect.Dialect) *compiler {
	c := &compiler{}
	c.Init(d)
	return c
}

func (c *compiler) alias() string {
	c.aliases++
	return aliasName(c.aliases - 1)
}

func aliasName(n int) string {
	if n < len(aliasNames) {
		return aliasNames[n]
	}
	return fmt.Sprintf("t%d", n)
}

var aliasNames = [...]string{"t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8", "t9"}

// root is the scope of the query being compiled.
func (c *compiler) root() *scope { return c.roots[len(c.roots)-1] }

// lookupError returns the error of a part of a path; part may be the whole path.
func lookupError(m *schema.Model, path, part, text string, values ...any) error {
	return &schema.LookupError{Model: m, Path: path, Part: part, Problem: fmt.Sprintf(text, values...)}
}

// CheckRoot returns an error if a path that starts at the struct root is used in a query on another model. Only code can cause it,
// not input, so it is not a LookupError.
func CheckRoot(m *schema.Model, root reflect.Type, path string) error {
	if root == nil || root == m.Type {
		return nil
	}
	return fmt.Errorf("orm: a query on %s takes the columns of %s, and %q starts at %s", m.Type, m.Type, path, root)
}

// CheckRoots is [CheckRoot] for every path in an expression, for expressions that may not be compiled.
func CheckRoots(m *schema.Model, e *Expr) error {
	if e == nil || e.Kind == OuterRef || e.Kind == Scalar {
		return nil
	}
	if err := CheckRoot(m, e.Root, e.Path); err != nil {
		return err
	}
	for operand := range e.operands() {
		if err := CheckRoots(m, operand); err != nil {
			return err
		}
	}
	for _, o := range e.orders() {
		if err := CheckRoot(m, o.Root, o.Path); err != nil {
			return err
		}
	}
	for n := range e.conditions() {
		if err := checkNodes(m, []Node{n}); err != nil {
			return err
		}
	}
	return nil
}

func checkNodes(m *schema.Model, nodes []Node) error {
	for _, n := range nodes {
		if err := CheckRoot(m, n.Root, n.Path); err != nil {
			return err
		}
		if err := CheckRoots(m, n.Left); err != nil {
			return err
		}
		if e, ok := n.Value.(*Expr); ok {
			if err := CheckRoots(m, e); err != nil {
				return err
			}
		}
		if err := checkNodes(m, n.Nodes); err != nil {
			return err
		}
	}
	return nil
}
