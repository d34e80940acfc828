package compile

import (
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

func (c *compiler) in(k *comparison) error {
	if q, ok := k.value.(*Query); ok {
		c.buf = append(c.buf, k.left...)
		c.text(" IN ")
		return c.subquery(q, k)
	}
	list, err := k.list()
	if err != nil {
		return err
	}
	values := make([]any, 0, len(list))
	for _, v := range list {
		if v = dereference(v); v == nil {
			continue // nothing equals NULL
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
		c.text("1 = 0")
		return nil
	}
	c.buf = append(c.buf, k.left...)
	c.inList(values)
	return nil
}

// maxList is the longest list that is bound value by value.
const maxList = 256

// inList writes IN (…). Lists are filled up to a power of two with their last value, so that statements stay few; long
// ones are sent as one value that the database unpacks.
func (c *compiler) inList(values []any) {
	if len(values) > maxList {
		if p, ok := pack(values); ok {
			c.text(" IN ")
			c.shapes.unpack(c, p)
			return
		}
	}
	size := 1
	for size < len(values) {
		size *= 2
	}
	if len(values) > maxList {
		size = len(values)
	}
	c.text(" IN (")
	for i := range size {
		if i > 0 {
			c.text(", ")
		}
		c.bind(values[min(i, len(values)-1)])
	}
	c.text(")")
}

// packed is a list in JSON arrays: whole numbers and texts as they are, floats as texts, since SQLite does not read every
// digit of them, and texts and bytes that JSON cannot hold in hexadecimal.
type packed struct{ plain, floats, texts, blobs string }

// storedTime is how both drivers write moments.
const storedTime = "2006-01-02 15:04:05.999999999-07:00"

func pack(values []any) (packed, bool) {
	var plain []any
	var floats, texts, blobs []string
	for _, v := range values {
		switch x := v.(type) {
		case int64:
			plain = append(plain, x)
		case float64:
			floats = append(floats, strconv.FormatFloat(x, 'g', -1, 64))
		case bool:
			n := int64(0)
			if x {
				n = 1
			}
			plain = append(plain, n)
		case time.Time:
			plain = append(plain, x.Format(storedTime))
		case string:
			if utf8.ValidString(x) && strings.IndexByte(x, 0) < 0 {
				plain = append(plain, x)
			} else {
				texts = append(texts, hex.EncodeToString([]byte(x)))
			}
		case []byte:
			blobs = append(blobs, hex.EncodeToString(x))
		default:
			return packed{}, false
		}
	}
	var p packed
	for _, part := range []struct {
		into  *string
		empty bool
		list  any
	}{{&p.plain, plain == nil, plain}, {&p.floats, floats == nil, floats}, {&p.texts, texts == nil, texts}, {&p.blobs, blobs == nil, blobs}} {
		if part.empty {
			continue
		}
		text, err := json.Marshal(part.list)
		if err != nil {
			return packed{}, false
		}
		*part.into = string(text)
	}
	return p, true
}

func (sqlite) unpack(c *compiler, p packed) {
	first := true
	each := func(value, list string) {
		if list == "" {
			return
		}
		if !first {
			c.text(" UNION ALL ")
		}
		first = false
		c.text("SELECT ")
		c.text(value)
		c.text(" FROM json_each(")
		c.bind(list)
		c.text(")")
	}
	c.text("(")
	each("value", p.plain)
	each("quintet_float(value)", p.floats)
	each("CAST(unhex(value) AS TEXT)", p.texts)
	each("unhex(value)", p.blobs)
	c.text(")")
}

func (c *compiler) between(k *comparison) error {
	list, err := k.list()
	if err != nil {
		return err
	}
	if len(list) != 2 {
		return k.problem("range wants two values, not %d", len(list))
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
		c.text("1 = 0")
		return nil
	}
	c.buf = append(c.buf, k.left...)
	c.text(" BETWEEN ")
	c.bind(low)
	c.text(" AND ")
	c.bind(high)
	return nil
}
