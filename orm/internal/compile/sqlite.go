package compile

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/quintetgo/quintet/orm/schema"
)

// shapes is the SQL that differs between databases.
type shapes interface {
	// text writes a lookup that searches text: contains, istartswith, regex and so on.
	text(c *compiler, k *comparison, value string) error
	// transform takes a part out of a date or time.
	transform(c *compiler, left []byte, name string) error
	// key takes a value out of JSON; hasKey tests for one.
	key(c *compiler, left []byte, keys []string) error
	hasKey(c *compiler, left []byte, name string) error
	// unpack makes a subquery of the values in a JSON array.
	unpack(c *compiler, packed string)
	// mark is the quotation mark around names.
	mark() byte
	// limit writes LIMIT and OFFSET; zero means none.
	limit(c *compiler, limit, offset int)
}

// sqlite has LIKE and lower for ASCII only, so text is compared with its own functions and with quintet_fold and
// regexp, which the driver package registers.
type sqlite struct{}

func (sqlite) text(c *compiler, k *comparison, value string) error {
	left := func(fold bool) {
		if fold {
			c.text("quintet_fold(")
		}
		c.buf = append(c.buf, k.left...)
		if fold {
			c.text(")")
		}
	}
	right := func(fold bool) {
		if fold {
			c.text("quintet_fold(")
		}
		c.bind(value)
		if fold {
			c.text(")")
		}
	}
	fold := k.lookup[0] == 'i'
	switch k.lookup {
	case schema.IExact:
		left(true)
		c.text(" = ")
		right(true)
	case schema.Contains, schema.IContains, schema.StartsWith, schema.IStartsWith:
		c.text("instr(")
		left(fold)
		c.text(", ")
		right(fold)
		if strings.HasSuffix(k.lookup, "contains") {
			c.text(") > 0")
		} else {
			c.text(") = 1")
		}
	case schema.EndsWith, schema.IEndsWith:
		if value == "" {
			left(false)
			c.text(" IS NOT NULL")
			return nil
		}
		c.text("substr(")
		left(fold)
		if fold {
			c.text(", -length(")
			right(true)
			c.text(")")
		} else {
			c.text(", ")
			c.bind(int64(-utf8.RuneCountInString(value)))
		}
		c.text(") = ")
		right(fold)
	case schema.Regex, schema.IRegex:
		if fold {
			value = "(?i)" + value
		}
		if _, err := regexp.Compile(value); err != nil {
			return k.problem("%s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
		left(false)
		c.text(" REGEXP ")
		right(false)
	default:
		return k.problem("SQLite has no %s", k.lookup)
	}
	return nil
}

var sqliteParts = map[string]string{
	"year": "CAST(strftime('%%Y', %s) AS INTEGER)", "month": "CAST(strftime('%%m', %s) AS INTEGER)",
	"day": "CAST(strftime('%%d', %s) AS INTEGER)", "hour": "CAST(strftime('%%H', %s) AS INTEGER)",
	"minute": "CAST(strftime('%%M', %s) AS INTEGER)", "second": "CAST(strftime('%%S', %s) AS INTEGER)",
	"week": "CAST(strftime('%%V', %s) AS INTEGER)", "week_day": "CAST(strftime('%%w', %s) AS INTEGER) + 1",
	"quarter": "(CAST(strftime('%%m', %s) AS INTEGER) + 2) / 3", "date": "strftime('%%Y-%%m-%%d', %s)",
	"time": "strftime('%%H:%%M:%%S', %s)",
}

func (sqlite) transform(c *compiler, left []byte, name string) error {
	part, ok := sqliteParts[name]
	if !ok {
		return fmt.Errorf("orm: SQLite has no %s of a date", name)
	}
	c.text(fmt.Sprintf(part, left))
	return nil
}

// sqlitePath writes keys as a JSON path. A number is an index, as nothing tells arrays and objects apart.
func sqlitePath(keys []string) string {
	var b strings.Builder
	b.WriteByte('$')
	for _, key := range keys {
		if n, err := strconv.Atoi(key); err == nil && n >= 0 {
			fmt.Fprintf(&b, "[%d]", n)
			continue
		}
		b.WriteString(`."`)
		b.WriteString(strings.ReplaceAll(key, `"`, ``))
		b.WriteByte('"')
	}
	return b.String()
}

func (sqlite) key(c *compiler, left []byte, keys []string) error {
	c.text("json_extract(")
	c.buf = append(c.buf, left...)
	c.text(", ")
	c.bind(sqlitePath(keys))
	c.text(")")
	return nil
}

func (sqlite) hasKey(c *compiler, left []byte, name string) error {
	c.text("json_type(")
	c.buf = append(c.buf, left...)
	c.text(", ")
	c.bind(sqlitePath([]string{name}))
	c.text(") IS NOT NULL")
	return nil
}

func (sqlite) unpack(c *compiler, packed string) {
	c.text("(SELECT value FROM json_each(")
	c.bind(packed)
	c.text("))")
}

func (sqlite) mark() byte { return '"' }

func (sqlite) limit(c *compiler, limit, offset int) {
	if limit <= 0 && offset <= 0 {
		return
	}
	c.text(" LIMIT ")
	if limit <= 0 {
		limit = -1
	}
	c.bind(int64(limit))
	if offset > 0 {
		c.text(" OFFSET ")
		c.bind(int64(offset))
	}
}
