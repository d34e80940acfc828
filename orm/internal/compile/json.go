package compile

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/schema"
)

// jsonLookup writes a lookup that looks at the structure of a JSON value rather than at its text.
func (c *compiler) jsonLookup(k *comparison) (null bool, err error) {
	switch k.lookup {
	case schema.Exact:
		text, err := k.jsonText(k.value)
		if err != nil {
			return false, err
		}
		if s, _ := text.(string); !json.Valid([]byte(s)) {
			return false, k.problem("%s is not valid JSON", shown(text))
		}
		c.shapes.jsonMatches(c, k, text, jsonEqual)
		return true, nil
	case schema.Contains, schema.ContainedBy:
		text, err := k.jsonText(k.value)
		if err != nil {
			return false, err
		}
		if s, _ := text.(string); !json.Valid([]byte(s)) {
			return false, k.problem("%s is not valid JSON", shown(text))
		}
		match := jsonContains
		if k.lookup == schema.ContainedBy {
			match = jsonContained
		}
		c.shapes.jsonMatches(c, k, text, match)
		return true, nil
	case schema.HasKey:
		name := reflect.ValueOf(k.value)
		if name.Kind() != reflect.String {
			return false, k.problem("has_key wants a string, not %s", shown(k.value))
		}
		c.shapes.hasKeys(c, k, []string{name.String()}, true)
		return true, nil
	}
	list, err := k.list()
	if err != nil {
		return false, err
	}
	names := make([]string, len(list))
	for i, v := range list {
		rv := reflect.ValueOf(dereference(v))
		if rv.Kind() != reflect.String {
			return false, k.problem("%s wants strings, not %s", k.lookup, shown(v))
		}
		names[i] = rv.String()
	}
	c.shapes.hasKeys(c, k, names, k.lookup == schema.HasKeys)
	return true, nil
}

// isJSONLookup reports whether [compiler.jsonLookup] writes the lookup.
func isJSONLookup(k *comparison) bool {
	if k.kind != schema.KindJSON {
		return false
	}
	switch k.lookup {
	case schema.Contains, schema.ContainedBy, schema.HasKey, schema.HasKeys, schema.HasAnyKeys:
		return true
	case schema.Exact:
		return k.column != nil && jsonValue(k)
	}
	return false
}

// jsonValue reports whether a value is compared as JSON, not as text or number: a whole document, an object or a list.
func jsonValue(k *comparison) bool {
	switch k.value.(type) {
	case Expr, *Query, nil:
		return false
	case json.RawMessage:
		return true
	case driver.Valuer, time.Time:
		return len(k.keys) == 0
	}
	switch kind := reflect.ValueOf(k.value).Kind(); kind {
	case reflect.Map, reflect.Slice, reflect.Array, reflect.Struct:
		return true
	}
	return len(k.keys) == 0
}

// The ways to compare two JSON values.
const (
	jsonContains = iota
	jsonContained
	jsonEqual
)

// plainKey reports whether SQLite's own paths find a key for certain: its quotation has had different rules, and a number
// would be an index only.
func plainKey(key string) bool {
	digits := true
	for i := range len(key) {
		switch c := key[i]; {
		case '0' <= c && c <= '9':
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_', c == '-', c == ' ', c == '.':
			digits = false
		default:
			return false
		}
	}
	return !digits
}

func plainKeys(keys []string) bool {
	for _, key := range keys {
		if !plainKey(key) {
			return false
		}
	}
	return true
}

// sqlitePath writes plain keys as a JSON path of SQLite.
func sqlitePath(keys []string) string {
	return `$."` + strings.Join(keys, `"."`) + `"`
}

// key takes a value out of JSON. Rows whose text SQLite cannot read count as NULL: one of them must not break the query.
func (sqlite) key(c *compiler, left []byte, keys []string) error {
	native(c, left, plainKeys(keys), "json_extract(", sqlitePath(keys), "", func() {
		c.text("quintet_json(")
		c.buf = append(c.buf, left...)
		c.text(", ")
		c.bind(jsonList(keys))
		c.text(")")
	})
	return nil
}

// native writes a function of SQLite's where it is sure to find the right key, which it is not in a text with an escaped NUL:
// SQLite sees a key as far as the NUL only. Otherwise the slower function of the driver package is called.
func native(c *compiler, column []byte, plain bool, function, path, after string, slow func()) {
	if !plain {
		slow()
		return
	}
	c.text("CASE WHEN instr(")
	c.buf = append(c.buf, column...)
	c.text(`, '\u0000') THEN `)
	slow()
	c.text(" WHEN json_valid(")
	c.buf = append(c.buf, column...)
	c.text(") THEN ")
	c.text(function)
	c.buf = append(c.buf, column...)
	c.text(", ")
	c.bind(path)
	c.text(")")
	c.text(after)
	c.text(" END")
}

func (sqlite) hasKeys(c *compiler, k *comparison, names []string, all bool) {
	path := append(k.keys[:len(k.keys):len(k.keys)], names...)
	native(c, k.column, len(names) == 1 && plainKeys(path), "json_type(", sqlitePath(path), " IS NOT NULL", func() {
		c.text("quintet_json_has(")
		c.buf = append(c.buf, k.column...)
		c.text(", ")
		c.bind(jsonList(k.keys))
		c.text(", ")
		c.bind(jsonList(names))
		if all {
			c.text(", 1)")
		} else {
			c.text(", 0)")
		}
	})
}

func (sqlite) jsonMatches(c *compiler, k *comparison, value any, match int) {
	c.text("quintet_json_matches(")
	c.buf = append(c.buf, k.column...)
	c.text(", ")
	c.bind(jsonList(k.keys))
	c.text(", ")
	c.bind(value)
	c.text(fmt.Sprintf(", %d)", match))
}

// jsonList writes keys for the functions of the driver package. Bytes that are no UTF-8 are in no JSON text; the mark that
// stands for them must not be taken for a key.
func jsonList(keys []string) string {
	if len(keys) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(keys) // strings always encode
	return string(text)
}
