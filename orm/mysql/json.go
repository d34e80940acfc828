package mysql

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// jsonRef is a value in a document: SQL of a document with the bound paths that lead to the value.
type jsonRef func(w *dialect.Writer)

// jsonAt returns the value at a path. A key of digits is an index where the value around it is an array.
func jsonAt(column []byte, keys []string) jsonRef {
	ref := jsonRef(func(w *dialect.Writer) { w.Raw(column) })
	plain := ""
	for _, key := range keys {
		if !isIndex(key) {
			plain += pathKey(key)
			continue
		}
		parent := ref.at(plain)
		plain = ""
		ref = func(w *dialect.Writer) {
			w.Text("CASE JSON_TYPE(")
			parent(w)
			w.Text(") WHEN 'ARRAY' THEN ")
			parent.at("[" + key + "]")(w)
			w.Text(" WHEN 'OBJECT' THEN ")
			parent.at(pathKey(key))(w)
			w.Text(" END")
		}
	}
	return ref.at(plain)
}

// at returns the value at a path below ref; of the empty path it returns ref.
func (ref jsonRef) at(path string) jsonRef {
	if path == "" {
		return ref
	}
	return func(w *dialect.Writer) {
		w.Text("JSON_EXTRACT(")
		ref(w)
		w.Text(", ")
		w.Bind("$" + path)
		w.Text(")")
	}
}

func isIndex(key string) bool {
	n, err := strconv.Atoi(key)
	return err == nil && n >= 0 && strconv.Itoa(n) == key
}

var pathEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// pathKey is the step to a key of an object.
func pathKey(key string) string { return `."` + pathEscapes.Replace(key) + `"` }

// reaches returns an error for a key that MariaDB's paths do not find, though it is quoted: one that begins with a minus
// sign, which MariaDB takes for an index from the end.
func (d mysqlDialect) reaches(keys ...string) error {
	i := slices.IndexFunc(keys, func(key string) bool { return strings.HasPrefix(key, "-") })
	if i < 0 || !d.server.version().mariaDB {
		return nil
	}
	return dialect.Unsupported(d, fmt.Sprintf("paths in JSON to keys that begin with a minus sign, such as %q", keys[i]))
}

// keysIn returns the keys of the objects in a value.
func keysIn(v any) (keys []string) {
	switch x := v.(type) {
	case []any:
		for _, element := range x {
			keys = append(keys, keysIn(element)...)
		}
	case map[string]any:
		for key, element := range x {
			keys = append(append(keys, key), keysIn(element)...)
		}
	}
	return keys
}

// is writes that the value has a type of JSON.
func (ref jsonRef) is(w *dialect.Writer, name string) {
	w.Text("JSON_TYPE(")
	ref(w)
	w.Text(") = '" + name + "'")
}

// numberTypes are the types of numbers, of which MariaDB has two.
const numberTypes = ") IN ('INTEGER', 'DOUBLE', 'UNSIGNED INTEGER', 'DECIMAL')"

// text writes the value as text, without the quotation marks of a string.
func (d mysqlDialect) jsonText(w *dialect.Writer, ref jsonRef) {
	w.Text("CONVERT(JSON_UNQUOTE(")
	ref(w)
	w.Text(") USING utf8mb4) COLLATE " + d.collation())
}

// collation is the collation of texts that are computed.
func (d mysqlDialect) collation() string {
	if v := d.server.version(); v != (version{}) {
		return v.collation()
	}
	return "utf8mb4_bin"
}

// JSONValue implements [dialect.JSONQuerier].
func (d mysqlDialect) JSONValue(w *dialect.Writer, p dialect.JSONPath, as dialect.Type) error {
	if err := d.reaches(p.Keys...); err != nil {
		return err
	}
	ref := jsonAt(p.Column, p.Keys)
	w.Text("(CASE")
	switch as {
	case dialect.TypeText:
		w.Text(" WHEN ")
		ref.is(w, "STRING")
		w.Text(" THEN ")
		d.jsonText(w, ref)
	case dialect.TypeFloat:
		w.Text(" WHEN JSON_TYPE(")
		ref(w)
		w.Text(numberTypes + " THEN (")
		ref(w)
		w.Text(" + 0e0)")
	case dialect.TypeBool:
		w.Text(" WHEN ")
		ref.is(w, "BOOLEAN")
		w.Text(" THEN ")
		d.jsonText(w, ref)
		w.Text(" = 'true'")
	default:
		w.Text(" WHEN JSON_TYPE(")
		ref(w)
		w.Text(") <> 'NULL' THEN ")
		d.jsonText(w, ref)
	}
	w.Text(" END)")
	return nil
}

// JSONHasKeys implements [dialect.JSONQuerier].
func (d mysqlDialect) JSONHasKeys(w *dialect.Writer, p dialect.JSONPath, names []string, all bool) error {
	if err := d.reaches(slices.Concat(p.Keys, names)...); err != nil {
		return err
	}
	ref := jsonAt(p.Column, p.Keys)
	w.Text("(")
	ref.is(w, "OBJECT")
	switch {
	case len(names) > 0:
		w.Text(" AND JSON_CONTAINS_PATH(")
		ref(w)
		if all {
			w.Text(", 'all'")
		} else {
			w.Text(", 'one'")
		}
		for _, name := range names {
			w.Text(", ")
			w.Bind("$" + pathKey(name))
		}
		w.Text(")")
	case !all:
		w.Text(" AND 1 = 0")
	}
	w.Text(")")
	return nil
}

// JSONMatches implements [dialect.JSONQuerier].
func (d mysqlDialect) JSONMatches(w *dialect.Writer, p dialect.JSONPath, document string, match dialect.JSONMatch) error {
	decoder := json.NewDecoder(strings.NewReader(document))
	decoder.UseNumber()
	var other any
	if err := decoder.Decode(&other); err != nil {
		return err
	}
	if err := d.reaches(slices.Concat(p.Keys, keysIn(other))...); err != nil {
		return err
	}
	ref := jsonAt(p.Column, p.Keys)
	m := jsonMatcher{w: w}
	switch match {
	case dialect.JSONEquals:
		m.equals(ref, other)
	case dialect.JSONContained:
		m.containedAtTop(ref, other)
	default:
		m.containsAtTop(ref, other)
	}
	return nil
}
