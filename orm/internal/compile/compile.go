// Package compile turns queries over model metadata into SQL text and bound values.
//
// Names in the text come from the metadata alone; everything else is bound. A query's shape decides its text, so that
// databases and drivers can keep prepared statements.
//
// Conditions over to-many relations become EXISTS, never joins, so rows are never multiplied. Conditions that stand in
// one And share one EXISTS for each relation: they speak of the same related row. A Not speaks of no row at all and
// is a NOT EXISTS of its own.
package compile

import (
	"fmt"
	"reflect"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/schema"
)

// Query says what to select. The zero value of everything but Model selects all rows; a Limit of zero means none, as
// negative ones are impossible and an empty result is None.
type Query struct {
	Model       *schema.Model
	Where       []Node // joined by And, but each with an EXISTS of its own
	Order       []Order
	Limit       int
	Offset      int
	Distinct    bool
	None        bool
	Err         error    // a mistake made while the query was built; reported where it is used inside another
	Related     []string // to-one relations selected along
	Annotations []Annotation
	Groups      []string // group by these paths; annotations are then aggregates of the groups
}

// Annotation is an expression with a name that lookups, orders and values may use.
type Annotation struct {
	Name string
	Expr Expr
}

// Order sorts by a path, an annotation's name, or an expression.
type Order struct {
	Root reflect.Type // of the struct that Path starts at; nil for any
	Path string
	Desc bool
}

// Statement is compiled SQL.
type Statement struct {
	SQL  string
	Args []any
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
	never  // a condition that is false; used while compiling
	tiedTo // a condition on the through table of a selection
)

// Node is one condition of a tree.
type Node struct {
	Op     Op
	Root   reflect.Type // of the struct that Path starts at; nil for any
	Path   string       // of a Lookup: "author__name__icontains"
	Value  any
	Negate bool // of a Lookup: the comparison does not hold, for the same related row
	Nodes  []Node
	Query  *Query // of Exists
}

// compiler writes one statement.
type compiler struct {
	*dialect.Writer
	aliases int
	roots   []*scope // queries being compiled, innermost last
	nesting int      // how many And are being written inside each other
}

func newCompiler(d dialect.Dialect) *compiler { return &compiler{Writer: dialect.NewWriter(d)} }

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
