package sqlite

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// jsonTypes are the types of JSON, as json_type names them, of the values that are compared as a type of SQL.
var jsonTypes = map[dialect.Type]string{
	dialect.TypeText: "'text'", dialect.TypeFloat: "'integer', 'real'", dialect.TypeBool: "'true', 'false'",
}

// JSONValue implements [dialect.JSONQuerier]. One row whose text SQLite cannot read counts as NULL and does not break the
// query. Without the comparison of types, true would equal 1, and every text would be greater than every number.
func (sqliteDialect) JSONValue(w *dialect.Writer, p dialect.JSONPath, as dialect.Type) error {
	path, types := pathText(p.Keys), jsonTypes[as]
	native(w, p.Column, arePlain(p.Keys), func() {
		if types != "" {
			w.Text("CASE WHEN ")
			jsonFunction(w, "json_type(", p.Column, path)
			w.Text(" IN (" + types + ") THEN ")
		}
		jsonFunction(w, "json_extract(", p.Column, path)
		if types != "" {
			w.Text(" END")
		}
	}, func() {
		w.Text("quintet_json(")
		w.Raw(p.Column)
		w.Text(", ")
		w.Bind(jsonList(p.Keys))
		w.Text(", ")
		w.Bind(types)
		w.Text(")")
	})
	return nil
}

// jsonFunction writes a function of SQLite's with a document and a path.
func jsonFunction(w *dialect.Writer, name string, column []byte, path string) {
	w.Text(name)
	w.Raw(column)
	w.Text(", ")
	w.Bind(path)
	w.Text(")")
}

// JSONHasKeys implements [dialect.JSONQuerier].
func (sqliteDialect) JSONHasKeys(w *dialect.Writer, p dialect.JSONPath, names []string, all bool) error {
	path := append(p.Keys[:len(p.Keys):len(p.Keys)], names...)
	native(w, p.Column, len(names) == 1 && arePlain(path), func() {
		jsonFunction(w, "json_type(", p.Column, pathText(path))
		w.Text(" IS NOT NULL")
	}, func() {
		w.Text("quintet_json_has(")
		w.Raw(p.Column)
		w.Text(", ")
		w.Bind(jsonList(p.Keys))
		w.Text(", ")
		w.Bind(jsonList(names))
		if all {
			w.Text(", 1)")
		} else {
			w.Text(", 0)")
		}
	})
	return nil
}

// JSONMatches implements [dialect.JSONQuerier].
func (sqliteDialect) JSONMatches(w *dialect.Writer, p dialect.JSONPath, document string, match dialect.JSONMatch) error {
	w.Text("quintet_json_matches(")
	w.Raw(p.Column)
	w.Text(", ")
	w.Bind(jsonList(p.Keys))
	w.Text(", ")
	w.Bind(document)
	w.Text(fmt.Sprintf(", %d)", match))
	return nil
}

// native writes functions of SQLite's where they find the right key for certain: not in a text with an escaped NUL, as
// SQLite compares a key up to the NUL only. Otherwise fallback writes the slower function of this package.
func native(w *dialect.Writer, column []byte, plain bool, functions, fallback func()) {
	if !plain {
		fallback()
		return
	}
	w.Text("CASE WHEN instr(")
	w.Raw(column)
	w.Text(`, '\u0000') THEN `)
	fallback()
	w.Text(" WHEN json_valid(")
	w.Raw(column)
	w.Text(") THEN ")
	functions()
	w.Text(" END")
}

// isPlain reports whether SQLite's paths find a key in every version: the rules for quoting keys have changed, and a number
// would be an index only.
func isPlain(key string) bool {
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

func arePlain(keys []string) bool {
	for _, key := range keys {
		if !isPlain(key) {
			return false
		}
	}
	return true
}

// pathText writes plain keys as a JSON path of SQLite.
func pathText(keys []string) string {
	return `$."` + strings.Join(keys, `"."`) + `"`
}

// jsonList writes keys for the functions of this package.
func jsonList(keys []string) string {
	if len(keys) == 0 {
		return "[]"
	}
	text, _ := json.Marshal(keys) // strings always encode
	return string(text)
}
