package compile

import (
	"reflect"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/orm/schema"
)

// AtMostOne reports whether the conditions select one row or none, whatever the table contains: they compare a primary key, a
// unique field, or each field of a unique constraint with a value.
func (q *Query) AtMostOne() bool {
	if q.Source != nil { // which may have a row several times
		return false
	}
	rest := *q
	rest.Model, rest.Where, rest.Order, rest.Related, rest.Annotations = nil, nil, nil, nil, nil
	rest.Columns, rest.Lock, rest.Distinct, rest.Limit, rest.Offset, rest.None, rest.Err = Columns{}, nil, false, 0, 0, false, nil
	if !isZero(&rest) { // the rows may be others than those of the model's table
		return false
	}
	var buffer [8]*schema.Field
	fixed := fixedFields(q.Model, q.Where, buffer[:0])
	if len(fixed) == 0 {
		return false
	}
	if slices.ContainsFunc(fixed, func(f *schema.Field) bool { return f.Unique }) || containsAll(fixed, q.Model.PrimaryKeys) {
		return true
	}
	return slices.ContainsFunc(q.Model.Unique, func(u schema.Unique) bool {
		return u.Where == "" && !slices.ContainsFunc(u.Fields, func(name string) bool {
			return !slices.Contains(fixed, q.Model.Lookup(name))
		})
	})
}

// fixedFields appends the fields of the model that must equal one value for all conditions to hold.
func fixedFields(m *schema.Model, nodes []Node, into []*schema.Field) []*schema.Field {
	for _, n := range nodes {
		switch {
		case n.Op == And:
			into = fixedFields(m, n.Nodes, into)
		case n.Op == Lookup && !n.Negate && isValue(n.Value):
			f := m.Lookup(strings.TrimSuffix(n.Path, "__"+schema.Exact))
			if f != nil && f.Column != "" && f.Kind != schema.KindJSON && !f.Serialized() {
				into = append(into, f)
			}
		}
	}
	return into
}

// isValue reports whether a condition's value is certainly not NULL, and the same for every row.
func isValue(v any) bool {
	switch v.(type) {
	case nil, *Expr, *Query:
		return false
	}
	return reflect.TypeOf(v).Kind() != reflect.Pointer
}

func containsAll(fields, wanted []*schema.Field) bool {
	return len(wanted) > 0 && !slices.ContainsFunc(wanted, func(f *schema.Field) bool { return !slices.Contains(fields, f) })
}
