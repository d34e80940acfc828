package compile

import (
	"database/sql/driver"
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/operand"
	"github.com/quintetgo/quintet/orm/schema"
)

// jsonLookup writes a lookup on the structure of a JSON value rather than on its text.
func (c *compiler) jsonLookup(k *comparison) (null bool, err error) {
	querier, err := c.JSON()
	if err != nil {
		return false, err
	}
	path := dialect.JSONPath{Column: k.column, Keys: k.keys}
	switch k.Lookup {
	case schema.Exact:
		text, err := k.jsonDocument()
		if err != nil {
			return false, err
		}
		return true, querier.JSONMatches(&c.Writer, path, text, dialect.JSONEquals)
	case schema.Contains, schema.ContainedBy:
		text, err := k.jsonDocument()
		if err != nil {
			return false, err
		}
		match := dialect.JSONContains
		if k.Lookup == schema.ContainedBy {
			match = dialect.JSONContained
		}
		return true, querier.JSONMatches(&c.Writer, path, text, match)
	case schema.HasKey:
		name := reflect.ValueOf(k.value)
		if name.Kind() != reflect.String {
			return false, k.Problem("has_key takes a string, not %s", operand.Describe(k.value))
		}
		return true, c.jsonHasKeys(k, path, []string{name.String()}, true)
	}
	list, err := k.List(k.value)
	if err != nil {
		return false, err
	}
	names := make([]string, len(list))
	for i, v := range list {
		rv := reflect.ValueOf(operand.Dereference(v))
		if rv.Kind() != reflect.String {
			return false, k.Problem("%s takes strings, not %s", k.Lookup, operand.Describe(v))
		}
		names[i] = rv.String()
	}
	return true, c.jsonHasKeys(k, path, names, k.Lookup == schema.HasKeys)
}

// jsonHasKeys writes the condition that a value has all or any of some keys.
func (c *compiler) jsonHasKeys(k *comparison, path dialect.JSONPath, names []string, all bool) error {
	for _, name := range names {
		if !schema.StorableText(name) {
			return k.Problem("the key %q holds characters that no database stores", name)
		}
	}
	querier, err := c.JSON()
	if err != nil {
		return err
	}
	return querier.JSONHasKeys(&c.Writer, path, names, all)
}

// jsonDocument returns the value of a lookup as a JSON document.
func (k *comparison) jsonDocument() (string, error) {
	value, err := k.JSON(k.value)
	if err != nil {
		return "", err
	}
	text, _ := value.(string)
	if !json.Valid([]byte(text)) {
		return "", k.Problem("%s is not valid JSON", operand.Describe(value))
	}
	if !schema.StorableJSON(text) {
		return "", k.Problem("%s holds characters that no database stores", operand.Describe(value))
	}
	return text, nil
}

// jsonValue writes the value at the end of the keys of a JSON field, or NULL if it has another type.
func (c *compiler) jsonValue(k *comparison, as dialect.Type) error {
	querier, err := c.JSON()
	if err != nil {
		return err
	}
	return querier.JSONValue(&c.Writer, dialect.JSONPath{Column: k.column, Keys: k.keys}, as)
}

// jsonType returns the type that a value in JSON is compared as: that of the lookup's value, or of the limits of a range, or
// text for the lookups that search it.
func (k *comparison) jsonType() dialect.Type {
	if k.Lookup == schema.IsNull {
		return dialect.TypeUnknown
	}
	if _, searches := textOperations[strings.TrimPrefix(k.Lookup, "i")]; searches && k.Lookup != schema.Exact {
		return dialect.TypeText
	}
	if k.Lookup == schema.Range {
		if limits := reflect.ValueOf(operand.Dereference(k.value)); limits.Kind() == reflect.Slice && limits.Len() > 0 {
			return jsonValueType(limits.Index(0).Interface())
		}
	}
	return jsonValueType(k.value)
}

// jsonValueType returns the type of values in JSON that a value can equal, TypeUnknown for one that is compared as text.
func jsonValueType(v any) dialect.Type {
	switch rv := reflect.ValueOf(operand.Dereference(v)); {
	case !rv.IsValid():
	case rv.Kind() == reflect.String:
		return dialect.TypeText
	case rv.Kind() == reflect.Bool:
		return dialect.TypeBool
	case rv.CanInt(), rv.CanUint(), rv.CanFloat():
		return dialect.TypeFloat
	}
	return dialect.TypeUnknown
}

// isJSONList reports whether [compiler.inJSON] writes the lookup.
func isJSONList(k *comparison) bool {
	_, isQuery := k.value.(*Query)
	return len(k.keys) > 0 && k.Lookup == schema.In && !isQuery
}

// inJSON writes that the value at the end of the keys is in a list: one comparison for each type of JSON in it.
func (c *compiler) inJSON(k *comparison) error {
	list, err := k.List(k.value)
	if err != nil {
		return err
	}
	var types []dialect.Type
	byType := map[dialect.Type][]any{}
	for _, v := range list {
		if v = operand.Dereference(v); v == nil {
			continue // no value equals NULL
		}
		t := jsonValueType(v)
		if byType[t] == nil {
			types = append(types, t)
		}
		byType[t] = append(byType[t], v)
	}
	if len(types) == 0 {
		c.Text("1 = 0")
		return nil
	}
	c.Text("(")
	for i, t := range types {
		if i > 0 {
			c.Text(" OR ")
		}
		part := *k
		part.value = byType[t]
		part.left, err = c.Capture(func() error { return c.jsonValue(k, t) })
		if err == nil {
			err = c.in(&part)
			c.Release(part.left)
		}
		if err != nil {
			return err
		}
	}
	c.Text(")")
	return nil
}

// isJSONLookup reports whether [compiler.jsonLookup] writes the lookup.
func isJSONLookup(k *comparison) bool {
	if k.Kind != schema.KindJSON {
		return false
	}
	switch k.Lookup {
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
	case *Expr, *Query, nil:
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
