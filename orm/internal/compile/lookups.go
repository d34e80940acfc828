package compile

import (
	"regexp"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/operand"
	"github.com/quintetgo/quintet/orm/schema"
)

var textOperations = map[string]dialect.TextOperation{
	schema.Exact: dialect.TextEquals, schema.Contains: dialect.TextContains, schema.StartsWith: dialect.TextStartsWith,
	schema.EndsWith: dialect.TextEndsWith, schema.Regex: dialect.TextMatches,
}

// matchText writes a lookup that searches text: contains, istartswith, regex and so on.
func (c *compiler) matchText(k *comparison, value string) error {
	lookup, ignoreCase := strings.CutPrefix(k.Lookup, "i")
	operation, ok := textOperations[lookup]
	switch {
	case !ok:
		return k.Problem("text has no lookup %s", k.Lookup)
	case operation == dialect.TextMatches:
		pattern := value
		if ignoreCase {
			pattern = "(?i)" + value
		}
		if _, err := regexp.Compile(pattern); err != nil {
			return k.Problem("%s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
	case strings.IndexByte(value, 0) >= 0: // no stored text has a NUL
		c.Text("1 = 0")
		return nil
	case value == "" && operation != dialect.TextEquals: // every text contains it
		c.Raw(k.left)
		c.Text(" IS NOT NULL")
		return nil
	}
	return c.MatchText(dialect.TextMatch{Left: k.left, Repeatable: k.plain, Operation: operation, IgnoreCase: ignoreCase, Value: value})
}

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
	if len(values) < len(list) {
		k.number = 0 // the elements are not those of the list
	}
	c.inList(k, values)
	return nil
}

// maxList is the length of the longest list whose values are bound one by one.
const maxList = 256

// listSize returns the number of placeholders for so many values: up to a quarter more, so that there are few different
// statements.
func listSize(n int) int {
	step := 1
	for step*8 < n {
		step *= 2
	}
	return (n + step - 1) / step * step
}

// inList writes IN (…). Lists are padded with their last value; long ones are sent as one value that the database unpacks.
func (c *compiler) inList(k *comparison, values []any) {
	size := len(values)
	if size > maxList {
		if c.List(values) {
			return
		}
	} else {
		size = listSize(size)
	}
	c.Text(" IN (")
	for i := range size {
		if i > 0 {
			c.Text(", ")
		}
		c.bindFrom(k, min(i, len(values)-1), values[min(i, len(values)-1)])
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
		low, k.number = g.Above, 0
	}
	if g, ok := high.(operand.Gap); ok {
		high, k.number = g.Below, 0
	}
	if low == nil || high == nil {
		c.Text("1 = 0")
		return nil
	}
	c.Raw(k.left)
	c.Text(" BETWEEN ")
	c.bindFrom(k, 0, low)
	c.Text(" AND ")
	c.bindFrom(k, 1, high)
	return nil
}
