package operand

import (
	"database/sql/driver"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/quintetgo/quintet/orm/schema"
)

// Binder converts one value after another for the same target. What it returns for a value is what [Target.Bound] or
// [Target.Assigned] return; it knows in advance which values they return as they are.
type Binder struct {
	target         Target
	assigned       bool
	whole, text    bool // whole numbers from lo to hi, valid texts, and
	truth          bool // booleans are bound as they are
	lowest, utmost int64
}

// NewBinder returns a Binder for values that the target is compared with or, if assigned is true, set to.
func NewBinder(target Target, assigned bool) Binder {
	b := Binder{target: target, assigned: assigned}
	f := target.Field
	if f == nil || f.Type == nil || f.Serialized() || convertsItself(f.Type) {
		return b
	}
	kind := target.Kind
	if kind.IsRelation() {
		kind = f.ColumnKind()
	}
	switch {
	case kind.IsInteger():
		b.lowest, b.utmost, b.whole = f.Limits()
	case kind.IsText():
		b.text = !assigned // an assigned text may be too long
	case kind == schema.KindBool:
		b.truth = true
	}
	return b
}

// convertsItself reports whether values of a type, or of the type that it points to, have a form of their own in the
// database.
func convertsItself(t reflect.Type) bool {
	valuer := reflect.TypeFor[driver.Valuer]()
	for ; t.Kind() == reflect.Pointer; t = t.Elem() {
		if t.Implements(valuer) {
			return true
		}
	}
	return t.Implements(valuer) || reflect.PointerTo(t).Implements(valuer)
}

// Bind returns a value as it is bound. It returns false for a value that is not bound as one argument: NULL, a [Gap], and
// what is no value of the target.
func (b *Binder) Bind(v any) (any, bool) {
	switch x := v.(type) {
	case nil:
		return nil, false
	case int64:
		if b.whole && x >= b.lowest && x <= b.utmost {
			return v, true
		}
	case string:
		if b.text && utf8.ValidString(x) && strings.IndexByte(x, 0) < 0 {
			return v, true
		}
	case bool:
		if b.truth {
			return v, true
		}
	}
	return b.convert(v)
}

func (b *Binder) convert(v any) (any, bool) {
	if v = Dereference(v); v == nil {
		return nil, false
	}
	if _, isSQL := v.(SQL); isSQL {
		return nil, false
	}
	convert := b.target.Bound
	if b.assigned {
		convert = b.target.Assigned
	}
	bound, err := convert(v)
	_, isGap := bound.(Gap)
	return bound, err == nil && !isGap
}
