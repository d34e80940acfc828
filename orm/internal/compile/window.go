package compile

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/quintetgo/quintet/orm/internal/signature"
	"github.com/quintetgo/quintet/orm/schema"
)

// Window is the rows that a window function sees from each row.
type Window struct {
	Partition []*Expr
	Order     []Order
	Frame     *Frame // nil for the default: all rows up to the current one and its peers, or all without an order
}

// Frame is the part of a partition that a window function sees.
type Frame struct {
	Range    bool // by value, instead of by row
	From, To Bound
}

// Bound is an end of a frame: a number of rows before (negative) or after the current one.
type Bound struct {
	Rows      int
	Unbounded bool // the first row if Rows is negative, else the last one
}

// window writes an aggregate or a function over a window.
func (c *compiler) window(e *Expr, s *scope) (schema.Kind, *schema.Field, error) {
	if c.conditional > 0 {
		return 0, nil, errors.New("orm: a window function has no value in a condition, which chooses the rows before windows " +
			"are computed; filter rows by a query on the primary keys")
	}
	if e.Left == nil {
		return 0, nil, errors.New("orm: Over has no function")
	}
	function := *e.Left
	function.Window = e.Window
	switch {
	case function.Kind == Aggregate:
		return c.aggregateOverWindow(&function, s)
	case function.Kind == Call && signature.NeedsWindow(function.Func):
		return c.callFunction(&function, s)
	}
	return 0, nil, errors.New("orm: Over is for aggregates and window functions")
}

// aggregateOverWindow writes an aggregate of the rows of the query, or of its groups.
func (c *compiler) aggregateOverWindow(e *Expr, s *scope) (schema.Kind, *schema.Field, error) {
	q := c.root().query
	if _, known := aggregates[e.Func]; !known {
		return 0, nil, fmt.Errorf("orm: unknown aggregate %q", e.Func)
	}
	if e.Distinct || len(e.Order) > 0 || e.Func == "string_agg" || e.Func == "any_value" {
		return 0, nil, errors.New("orm: an aggregate over a window has no Distinct and no order, and StringAgg and AnyValue have no window")
	}
	value := q.aggregated(e)
	if value == nil {
		c.Text("COUNT(*)")
		return schema.KindBigInt, nil, c.over(e.Window, s)
	}
	var of operandType
	text, err := c.Capture(func() error { return c.aggregateColumn(e, value, s, &of) })
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

// over writes the OVER of a window function.
func (c *compiler) over(w *Window, s *scope) error {
	defer func(selected []string) { c.selected = selected }(c.selected)
	c.selected = nil // whose numbers have no meaning in a window
	c.Text(" OVER (")
	separator := ""
	for i, p := range w.Partition {
		if i == 0 {
			c.Text("PARTITION BY ")
		} else {
			c.Text(", ")
		}
		if _, _, err := c.expression(p, s); err != nil {
			return err
		}
		separator = " "
	}
	if len(w.Order) > 0 {
		order, err := c.Capture(func() error { return c.orderBy(w.Order, s) })
		if err != nil {
			return err
		}
		c.Raw(order[len(" ")-len(separator):]) // which begins with a space
		separator = " "
	}
	if w.Frame != nil {
		c.Text(separator)
		if err := c.frame(w.Frame); err != nil {
			return err
		}
	}
	c.Text(")")
	return nil
}

func (c *compiler) frame(f *Frame) error {
	if !f.From.Unbounded && !f.To.Unbounded && f.From.Rows > f.To.Rows {
		return errors.New("orm: a frame ends before it starts")
	}
	if f.From.Unbounded && f.From.Rows > 0 || f.To.Unbounded && f.To.Rows < 0 {
		return errors.New("orm: a frame starts after the last row, or ends before the first")
	}
	if f.Range {
		c.Text("RANGE BETWEEN ")
	} else {
		c.Text("ROWS BETWEEN ")
	}
	c.bound(f.From)
	c.Text(" AND ")
	c.bound(f.To)
	return nil
}

func (c *compiler) bound(b Bound) {
	direction := " FOLLOWING"
	n := b.Rows
	if n < 0 {
		direction, n = " PRECEDING", -n
	}
	switch {
	case b.Unbounded:
		c.Text("UNBOUNDED" + direction)
	case n == 0:
		c.Text("CURRENT ROW")
	default:
		c.Text(strconv.Itoa(n) + direction)
	}
}
