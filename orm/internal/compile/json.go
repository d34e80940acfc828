package compile

import (
	"database/sql/driver"
	"encoding/json"
	"reflect"
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

// jsonValueType returns the type that a value in JSON is compared as.
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
