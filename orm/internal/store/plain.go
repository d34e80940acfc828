package store

import (
	"math"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"

	"github.com/quintetgo/quintet/orm/internal/datetime"
	"github.com/quintetgo/quintet/orm/schema"
)

// plain is the Go type of a field that is usually stored as it is, and read without reflection.
type plain uint8

const (
	notPlain plain = iota
	plainInt64
	plainInt
	plainString
	plainBool
	plainFloat
	plainTime
)

// plainOf returns how the values of a field can be read and checked at once: those of the usual types, if no choices, validators
// or formats restrict them.
func plainOf(f *schema.Field) plain {
	_, direct := f.Offset()
	if !direct || f.Type == nil || f.Serialized() || f.HasChoices() || len(f.Validators) > 0 {
		return notPlain
	}
	kind := f.ColumnKind()
	switch {
	case f.Type == reflect.TypeFor[int64]() && kind.IsInteger():
		return plainInt64
	case f.Type == reflect.TypeFor[int]() && kind.IsInteger():
		return plainInt
	case f.Type == reflect.TypeFor[string]() && (f.Kind == schema.KindChar || f.Kind == schema.KindText):
		return plainString
	case f.Type == reflect.TypeFor[bool]() && kind == schema.KindBool:
		return plainBool
	case f.Type == reflect.TypeFor[float64]() && kind == schema.KindFloat:
		return plainFloat
	case f.Type == reflect.TypeFor[time.Time]() && kind == schema.KindDateTime:
		return plainTime
	}
	return notPlain
}

// valid returns what is stored for the field's value in an object, if the value is certainly valid. It returns false for any
// other value, which is then checked in full.
func (f *planField) valid(obj unsafe.Pointer) (any, bool) {
	at := unsafe.Add(obj, f.offset)
	switch f.plain {
	case plainInt64:
		v := *(*int64)(at)
		return v, f.inRange(v)
	case plainInt:
		v := int64(*(*int)(at))
		return v, f.inRange(v)
	case plainString:
		v := *(*string)(at)
		fits := v != "" && (f.Size == 0 || len(v) <= f.Size) && utf8.ValidString(v) && strings.IndexByte(v, 0) < 0
		return v, fits
	case plainBool:
		return *(*bool)(at), true
	case plainFloat:
		v := *(*float64)(at)
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	case plainTime:
		v := *(*time.Time)(at)
		if v.IsZero() {
			return nil, false
		}
		v = v.UTC().Truncate(time.Microsecond)
		return v, datetime.Fits(v)
	}
	return nil, false
}

// inRange reports whether a number is in the range of the column. Zero is no key, so keys are checked in full if they are zero.
func (f *planField) inRange(v int64) bool {
	return v >= f.lowest && v <= f.utmost && (v != 0 || !f.isKey)
}
