package mysql

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/quintetgo/quintet/orm/dialect"
	"github.com/quintetgo/quintet/orm/internal/decimal"
)

// jsonMatcher writes comparisons of a stored value with a document that is known. JSON_CONTAINS and JSON_EQUALS are not
// used: the former finds a number in a list inside of a list, the latter is missing in MySQL.
type jsonMatcher struct {
	w       *dialect.Writer
	aliases int
}

// list writes parts in parentheses with AND or OR between them.
func (m *jsonMatcher) list(between string, parts ...func()) {
	m.w.Text("(")
	for i, part := range parts {
		if i > 0 {
			m.w.Text(between)
		}
		part()
	}
	m.w.Text(")")
}

// equals writes that the value is the same as other.
func (m *jsonMatcher) equals(ref jsonRef, other any) {
	switch other := other.(type) {
	case map[string]any:
		parts := []func(){func() { ref.is(m.w, "OBJECT") }, func() { m.length(ref, len(other)) }}
		for _, key := range slices.Sorted(maps.Keys(other)) {
			parts = append(parts, func() { m.equals(ref.at(pathKey(key)), other[key]) })
		}
		m.list(" AND ", parts...)
	case []any:
		parts := []func(){func() { ref.is(m.w, "ARRAY") }, func() { m.length(ref, len(other)) }}
		for i, element := range other {
			parts = append(parts, func() { m.equals(ref.at("["+strconv.Itoa(i)+"]"), element) })
		}
		m.list(" AND ", parts...)
	default:
		m.scalar(ref, other)
	}
}

// length writes that an object or array has n members.
func (m *jsonMatcher) length(ref jsonRef, n int) {
	m.w.Text("JSON_LENGTH(")
	ref(m.w)
	m.w.Text(") = " + strconv.Itoa(n))
}

// scalar writes that the value is a string, number, boolean or null.
func (m *jsonMatcher) scalar(ref jsonRef, other any) {
	switch other := other.(type) {
	case nil:
		ref.is(m.w, "NULL")
	case bool:
		m.list(" AND ", func() { ref.is(m.w, "BOOLEAN") }, func() {
			m.w.Text("BINARY JSON_UNQUOTE(")
			ref(m.w)
			m.w.Text(") = '" + strconv.FormatBool(other) + "'")
		})
	case string:
		m.list(" AND ", func() { ref.is(m.w, "STRING") }, func() {
			m.w.Text("BINARY JSON_UNQUOTE(")
			ref(m.w)
			m.w.Text(") = ")
			m.w.Bind([]byte(other))
		})
	case json.Number:
		m.number(ref, other)
	}
}

// number compares numbers by value: 1, 1.0 and 10e-1 are the same.
func (m *jsonMatcher) number(ref jsonRef, other json.Number) {
	m.w.Text("(JSON_TYPE(")
	ref(m.w)
	m.w.Text(numberTypes + " AND ")
	n, ok := decimal.ParseScientific(other.String())
	text := n.String()
	if whole, fraction, _ := strings.Cut(strings.TrimPrefix(text, "-"), "."); ok && len(whole) <= 35 && len(fraction) <= 30 {
		m.w.Text("CAST(JSON_UNQUOTE(")
		ref(m.w)
		m.w.Text(") AS DECIMAL(65, 30)) = CAST(")
		m.w.Bind(text)
		m.w.Text(" AS DECIMAL(65, 30)) AND ")
		f, _ := other.Float64()
		m.float(ref, f)
	} else {
		f, _ := other.Float64() // an infinity equals no stored number
		m.float(ref, f)
	}
	m.w.Text(")")
}

// float compares numbers as binary fractions, as digits beyond those of a decimal are lost.
func (m *jsonMatcher) float(ref jsonRef, f float64) {
	m.w.Text("(")
	ref(m.w)
	m.w.Text(" + 0e0) = ")
	m.w.Bind(f)
}

// containsAtTop is contains, where an array also contains a scalar that is one of its elements.
func (m *jsonMatcher) containsAtTop(ref jsonRef, other any) {
	if isComposite(other) {
		m.contains(ref, other)
		return
	}
	m.list(" OR ", func() { m.scalar(ref, other) }, func() {
		m.list(" AND ", func() { ref.is(m.w, "ARRAY") }, func() {
			m.anyElement("EXISTS", ref, func(e jsonRef) { m.scalar(e, other) })
		})
	})
}

// contains writes that the value has every key, element and value of other.
func (m *jsonMatcher) contains(ref jsonRef, other any) {
	switch other := other.(type) {
	case map[string]any:
		parts := []func(){func() { ref.is(m.w, "OBJECT") }}
		for _, key := range slices.Sorted(maps.Keys(other)) {
			parts = append(parts, func() { m.contains(ref.at(pathKey(key)), other[key]) })
		}
		m.list(" AND ", parts...)
	case []any:
		parts := []func(){func() { ref.is(m.w, "ARRAY") }}
		for _, part := range other {
			parts = append(parts, func() { m.anyElement("EXISTS", ref, func(e jsonRef) { m.contains(e, part) }) })
		}
		m.list(" AND ", parts...)
	default:
		m.scalar(ref, other)
	}
}

// containedAtTop is contained, where an array also has everything of a scalar that is one of its elements.
func (m *jsonMatcher) containedAtTop(ref jsonRef, other any) {
	list, ok := other.([]any)
	if !ok {
		m.contained(ref, other)
		return
	}
	parts := []func(){func() { m.contained(ref, other) }}
	for _, element := range list {
		if !isComposite(element) {
			parts = append(parts, func() { m.scalar(ref, element) })
		}
	}
	m.list(" OR ", parts...)
}

// contained writes that other has everything of the value.
func (m *jsonMatcher) contained(ref jsonRef, other any) {
	switch other := other.(type) {
	case map[string]any:
		parts := []func(){func() { ref.is(m.w, "OBJECT") }, func() { m.knownKeys(ref, other) }}
		for _, key := range slices.Sorted(maps.Keys(other)) {
			parts = append(parts, func() {
				m.list(" OR ", func() { m.without(ref, key) }, func() { m.contained(ref.at(pathKey(key)), other[key]) })
			})
		}
		m.list(" AND ", parts...)
	case []any:
		m.list(" AND ", func() { ref.is(m.w, "ARRAY") }, func() {
			m.anyElement("NOT EXISTS", ref, func(e jsonRef) {
				parts := []func(){func() { m.w.Text("1 = 0") }}
				for _, element := range other {
					parts = append(parts, func() { m.contained(e, element) })
				}
				m.list(" OR ", parts...)
				m.w.Text(" IS NOT TRUE")
			})
		})
	default:
		m.scalar(ref, other)
	}
}

// knownKeys writes that an object has no other keys than those of other.
func (m *jsonMatcher) knownKeys(ref jsonRef, other map[string]any) {
	m.w.Text("JSON_LENGTH(")
	ref(m.w)
	m.w.Text(") = 0")
	for _, key := range slices.Sorted(maps.Keys(other)) {
		m.w.Text(" + ")
		m.hasKey(ref, key)
	}
}

func (m *jsonMatcher) hasKey(ref jsonRef, key string) {
	m.w.Text("JSON_CONTAINS_PATH(")
	ref(m.w)
	m.w.Text(", 'one', ")
	m.w.Bind("$" + pathKey(key))
	m.w.Text(")")
}

func (m *jsonMatcher) without(ref jsonRef, key string) {
	m.hasKey(ref, key)
	m.w.Text(" = 0")
}

// anyElement writes EXISTS or NOT EXISTS over the elements of an array for which a condition holds.
func (m *jsonMatcher) anyElement(exists string, ref jsonRef, condition func(e jsonRef)) {
	m.aliases++
	alias := "j" + strconv.Itoa(m.aliases)
	m.w.Text(exists + " (SELECT 1 FROM JSON_TABLE(")
	ref(m.w)
	m.w.Text(", '$[*]' COLUMNS (n FOR ORDINALITY)) AS " + alias + " WHERE ")
	condition(func(w *dialect.Writer) {
		w.Text("JSON_EXTRACT(")
		ref(w)
		w.Text(", CONCAT('$[', " + alias + ".n - 1, ']'))")
	})
	m.w.Text(")")
}

func isComposite(v any) bool {
	switch v.(type) {
	case map[string]any, []any:
		return true
	}
	return false
}
