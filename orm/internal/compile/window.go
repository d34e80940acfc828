package compile

import (
	"errors"
	"fmt"
	"strconv"

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
func (c *compiler) window(e *Expr, s *scope) (kind schema.Kind, field *schema.Field, err error) {
	if c.conditional > 0 {
		return 0, nil, errors.New("orm: a window function has no value in a condition, which chooses the rows before windows " +
			"are computed; filter rows by a query on the primary keys")
	}
	switch {
	case e.Left == nil:
		return 0, nil, errors.New("orm: Over has no function")
	case e.Left.Kind == Aggregate:
		kind, field, err = c.aggregateOverWindow(e.Left, s)
	case e.Left.Kind == Call && windowOnly[e.Left.Func]:
		kind, field, err = c.callFunction(e.Left, s)
	default:
		err = errors.New("orm: Over is for aggregates and window functions")
	}
	if err != nil {
		return 0, nil, err
	}
	c.Text(" OVER (")
	separator := ""
	for i, p := range e.Window.Partition {
		if i == 0 {
			c.Text("PARTITION BY ")
		} else {
			c.Text(", ")
		}
		if _, _, err := c.expression(p, s); err != nil {
			return 0, nil, err
		}
		separator = " "
	}
	if len(e.Window.Order) > 0 {
		order, err := c.Capture(func() error { return c.orderBy(e.Window.Order, s) })
		if err != nil {
			return 0, nil, err
		}
		if separator == "" {
			order = order[1:] // the space before ORDER BY
		}
		c.Raw(order)
		separator = " "
	}
	if f := e.Window.Frame; f != nil {
		c.Text(separator)
		if err := c.frame(f); err != nil {
			return 0, nil, err
		}
	}
	c.Text(")")
	return kind, field, nil
}

// aggregateOverWindow writes an aggregate of the rows of the query, or of its groups.
func (c *compiler) aggregateOverWindow(e *Expr, s *scope) (schema.Kind, *schema.Field, error) {
	q := c.root().query
	if _, known := aggregates[e.Func]; !known {
		return 0, nil, fmt.Errorf("orm: unknown aggregate %q", e.Func)
	}
	if e.Distinct || len(e.Order) > 0 || e.Func == "string_agg" {
		return 0, nil, errors.New("orm: an aggregate over a window has no Distinct and no order, and StringAgg has no window")
	}
	value := q.aggregated(e)
	if value == nil {
		c.Text("COUNT(*)")
		return schema.KindBigInt, nil, nil
	}
	var of operandType
	text, err := c.Capture(func() error { return c.aggregateColumn(e, value, s, &of) })
	if err != nil {
		return 0, nil, err
	}
	kind, field, _, _, err := c.aggregateResult(e, of)
	if err != nil {
		return 0, nil, err
	}
	c.Put(text)
	return kind, field, nil
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
