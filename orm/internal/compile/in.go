package compile

func (c *compiler) in(k *comparison) error {
	if q, ok := k.value.(*Query); ok {
		c.Raw(k.left)
		c.Text(" IN ")
		return c.subquery(q, k)
	}
	list, err := k.list()
	if err != nil {
		return err
	}
	values := make([]any, 0, len(list))
	for _, v := range list {
		if v = dereference(v); v == nil {
			continue // no value equals NULL
		}
		bound, err := k.bound(v)
		if err != nil {
			return err
		}
		if _, none := bound.(gap); !none {
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
	list, err := k.list()
	if err != nil {
		return err
	}
	if len(list) != 2 {
		return k.problem("range takes two values, not %d", len(list))
	}
	low, err := k.bound(dereference(list[0]))
	if err != nil {
		return err
	}
	high, err := k.bound(dereference(list[1]))
	if err != nil {
		return err
	}
	if g, ok := low.(gap); ok {
		low = g.above
	}
	if g, ok := high.(gap); ok {
		high = g.below
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
