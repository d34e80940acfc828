package postgres

import (
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
)

// JSONValue implements [dialect.JSONQuerier]. A value of another JSON type than the one that it is compared with is NULL,
// so that no cast fails.
func (postgresDialect) JSONValue(w *dialect.Writer, p dialect.JSONPath, as dialect.Type) error {
	kind, cast := "", ""
	switch as {
	case dialect.TypeText:
		kind = "string"
	case dialect.TypeFloat:
		kind, cast = "number", "::numeric"
	case dialect.TypeBool:
		kind, cast = "boolean", "::boolean"
	default:
		w.Text("(")
		writePath(w, p)
		w.Text(" #>> '{}')")
		return nil
	}
	w.Text("CASE WHEN jsonb_typeof(")
	writePath(w, p)
	w.Text(") = '" + kind + "' THEN (")
	writePath(w, p)
	w.Text(" #>> '{}')" + cast + " END")
	return nil
}

// JSONHasKeys implements [dialect.JSONQuerier]. PostgreSQL's own operators find names in arrays of texts too.
func (postgresDialect) JSONHasKeys(w *dialect.Writer, p dialect.JSONPath, names []string, all bool) error {
	w.Text("(jsonb_typeof(")
	writePath(w, p)
	w.Text(") = 'object' AND ")
	writePath(w, p)
	if all {
		w.Text(" ?& ")
	} else {
		w.Text(" ?| ")
	}
	w.Bind(textArray(names))
	w.Text("::text[])")
	return nil
}

var jsonOperators = [...]string{dialect.JSONContains: " @> ", dialect.JSONContained: " <@ ", dialect.JSONEquals: " = "}

// JSONMatches implements [dialect.JSONQuerier].
func (postgresDialect) JSONMatches(w *dialect.Writer, p dialect.JSONPath, document string, match dialect.JSONMatch) error {
	writePath(w, p)
	w.Text(jsonOperators[match])
	w.Bind(document)
	w.Text("::jsonb")
	return nil
}

// writePath writes the jsonb at the end of a path. A key of digits is the index of an array too; other keys, "-1" among
// them, are names in objects only.
func writePath(w *dialect.Writer, p dialect.JSONPath) {
	for range p.Keys {
		w.Text("(")
	}
	w.Raw(p.Column)
	for _, key := range p.Keys {
		if isIndex(key) {
			w.Text(" #> ")
			w.Bind(textArray([]string{key}))
			w.Text("::text[])")
			continue
		}
		w.Text(" -> ")
		w.Bind(key)
		w.Text("::text)")
	}
}

// isIndex reports whether a key is a number as it is written for an element of an array.
func isIndex(key string) bool {
	if key == "" || len(key) > 9 || len(key) > 1 && key[0] == '0' {
		return false
	}
	return strings.Trim(key, "0123456789") == ""
}
