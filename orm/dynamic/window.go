package dynamic

import (
	"math"
	"slices"

	"github.com/quintetgo/quintet/orm/internal/compile"
)

// Window is the rows that an aggregate or a window function sees from each row. The zero value is all rows of the query. It
// is a value: every method returns a modified copy.
type Window struct{ window compile.Window }

// PartitionBy divides the rows into partitions with equal values. A row sees those of its partition.
func (w Window) PartitionBy(values ...Annotation) Window {
	w.window.Partition = slices.Clip(w.window.Partition)
	for _, v := range values {
		w.window.Partition = append(w.window.Partition, v.Compiled())
	}
	return w
}

// OrderBy sorts the rows of a partition. Without a frame, an aggregate then sees the rows up to the current one and those
// equal to it.
func (w Window) OrderBy(orders ...Order) Window {
	w.window.Order = Terms(orders)
	return w
}

// Bound is an end of a frame: a number of rows after the current one or, negative, before it.
type Bound int

// The bounds that are no numbers of rows.
const (
	UnboundedPreceding Bound = math.MinInt // the first row of the partition
	CurrentRow         Bound = 0
	UnboundedFollowing Bound = math.MaxInt // the last row of the partition
)

// Rows restricts an aggregate to the rows from one bound to another, both included: Rows(-2, CurrentRow) is the current row
// and the two before it.
func (w Window) Rows(from, to Bound) Window { return w.frame(false, from, to) }

// Range is Rows by value: bounds are differences of the value that the window is ordered by, and rows with equal values are in
// the frame together.
func (w Window) Range(from, to Bound) Window { return w.frame(true, from, to) }

func (w Window) frame(byValue bool, from, to Bound) Window {
	w.window.Frame = &compile.Frame{Range: byValue, From: from.compiled(), To: to.compiled()}
	return w
}

func (b Bound) compiled() compile.Bound {
	switch b {
	case UnboundedPreceding:
		return compile.Bound{Rows: -1, Unbounded: true}
	case UnboundedFollowing:
		return compile.Bound{Rows: 1, Unbounded: true}
	}
	return compile.Bound{Rows: int(b)}
}

// Apply returns a function over the window as package compile takes it. Its type is internal to this module.
func (w Window) Apply(function *compile.Expr) *compile.Expr {
	return &compile.Expr{Kind: compile.OverWindow, Left: function, Window: &w.window}
}

// WindowFunction is a function that needs a window, such as functions.RowNumber.
type WindowFunction struct{ expr *compile.Expr }

// NewWindowFunction returns a window function of its internal form.
func NewWindowFunction(e *compile.Expr) WindowFunction { return WindowFunction{e} }

// Over returns the function over the rows of a window, a value of each row.
func (f WindowFunction) Over(w Window) Expression { return Expression{w.Apply(f.expr)} }

// Over returns the aggregate over the rows of a window, a value of each row.
func (a Aggregate) Over(w Window) Expression { return Expression{w.Apply(a.expr)} }
