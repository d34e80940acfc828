package compile

import "github.com/quintetgo/quintet/orm/internal/operand"

func (c *compiler) in(k *comparison) error {
	if q, ok := k.value.(*Query); ok {
		c.Raw(k.left)
		c.Text(" IN ")
		return c.subquery(q, k)
	}
	list, err := k.List(k.value)
	if err != nil {
		return err
	}
	values := make([]any, 0, len(list))
	for _, v := range list {
		if v = operand.Dereference(v); v == nil {
			continue // no value equals NULL
		}
		bound, err := k.Bound(v)
		if err != nil {
			return err
		}
		if _, none := bound.(operand.Gap); !none {
			values = append(values, bound)
		}
	}
	if len(values) == 0 {
		c.Text("1 = 0")
		return nil
	}
	c.Raw(k.left)
	c.inList(values)
	return nil
}

// maxList is the length of the longest list whose values are bound one by one.
const maxList = 256

// inList writes IN (…). Lists are padded to a power of two with their last value, so that there are few different statements;
// long ones are sent as one value that the database unpacks.
func (c *compiler) inList(values []any) {
	if len(values) > maxList && c.List(values) {
		return
	}
	size := 1
	for size < len(values) {
		size *= 2
	}
	if len(values) > maxList {
		size = len(values)
	}
	c.Text(" IN (")
	for i := range size {
		if i > 0 {
			c.Text(", ")
		}
		c.Bind(values[min(i, len(values)-1)])
	}
	c.Text(")")
}

func (c *compiler) between(k *comparison) error {
	list, err := k.List(k.value)
	if err != nil {
		return err
	}
	if len(list) != 2 {
		return k.Problem("range takes two values, not %d", len(list))
	}
	low, err := k.Bound(operand.Dereference(list[0]))
	if err != nil {
		return err
	}
	high, err := k.Bound(operand.Dereference(list[1]))
	if err != nil {
		return err
	}
	if g, ok := low.(operand.Gap); ok {
		low = g.Above
	}
	if g, ok := high.(operand.Gap); ok {
		high = g.Below
	}
	if low == nil || high == nil {
		c.Text("1 = 0")
		return nil
	}
	c.Raw(k.left)
	c.Text(" BETWEEN ")
	c.Bind(low)
	c.Text(" AND ")
	c.Bind(high)
	return nil
}
