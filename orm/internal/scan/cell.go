package scan

import (
	"context"
	"reflect"
	"time"
	"unsafe"

	"github.com/quintetgo/quintet/orm/internal/datetime"
	"github.com/quintetgo/quintet/orm/schema"
)

// store is how a value is stored in its field.
type store uint8

const (
	storeSlow store = iota // by the conversion of schema.Field
	storeInt64
	storeInt
	storeInt32
	storeInt16
	storeInt8
	storeUint64
	storeUint
	storeUint32
	storeString
	storeBool
	storeFloat64
	storeTime
	storeBytes
	storeInt64Pointer
	storeStringPointer
	storeTimePointer
)

var exactStores = map[reflect.Type]store{
	reflect.TypeFor[time.Time]():  storeTime,
	reflect.TypeFor[[]byte]():     storeBytes,
	reflect.TypeFor[*int64]():     storeInt64Pointer,
	reflect.TypeFor[*string]():    storeStringPointer,
	reflect.TypeFor[*time.Time](): storeTimePointer,
}

var kindStores = map[reflect.Kind]store{
	reflect.Int64: storeInt64, reflect.Int: storeInt, reflect.Int32: storeInt32, reflect.Int16: storeInt16, reflect.Int8: storeInt8,
	reflect.Uint64: storeUint64, reflect.Uint: storeUint, reflect.Uint32: storeUint32,
	reflect.String: storeString, reflect.Bool: storeBool, reflect.Float64: storeFloat64,
}

type scanner interface{ Scan(any) error }

var scannerType = reflect.TypeFor[scanner]()

// storeOf returns how values are stored in a field, and its offset in the struct. Named types such as Status are stored as their underlying
// type.
func storeOf(f *schema.Field) (store, uintptr) {
	offset, direct := f.Offset()
	if !direct || f.Type == nil || f.Serialized() {
		return storeSlow, 0
	}
	if s, ok := exactStores[f.Type]; ok && f.ColumnKind() != schema.KindDecimal {
		return s, offset
	}
	if reflect.PointerTo(f.Type).Implements(scannerType) || f.ColumnKind() == schema.KindDecimal {
		return storeSlow, 0
	}
	return kindStores[f.Type.Kind()], offset
}

// cell receives one column of the current row. It is a sql.Scanner.
type cell struct {
	row    *row
	field  *schema.Field
	object int
	offset uintptr
	how    store
	key    bool
}

// Scan stores src in the field of the row's object. NULL leaves the zero value of a new object.
func (c *cell) Scan(src any) error {
	if src == nil {
		if c.key {
			c.row.missing[c.object] = true
		}
		return nil
	}
	at := unsafe.Add(c.row.bases[c.object], c.offset)
	switch v := src.(type) {
	case int64:
		if c.storeInt(at, v) {
			return nil
		}
	case string:
		switch c.how {
		case storeString:
			*(*string)(at) = v
			return nil
		case storeStringPointer:
			*(**string)(at) = pointerTo(v)
			return nil
		case storeTime, storeTimePointer:
			if t, ok := datetime.Parse(v); ok && datetime.Fits(t) {
				c.storeTime(at, t)
				return nil
			}
		}
	case []byte:
		switch c.how {
		case storeString:
			*(*string)(at) = string(v)
			return nil
		case storeBytes:
			*(*[]byte)(at) = append([]byte{}, v...)
			return nil
		}
	case bool:
		if c.how == storeBool {
			*(*bool)(at) = v
			return nil
		}
	case float64:
		if c.how == storeFloat64 {
			*(*float64)(at) = v
			return nil
		}
	case time.Time:
		if c.how == storeTime || c.how == storeTimePointer {
			c.storeTime(at, v.UTC())
			return nil
		}
	}
	obj := reflect.NewAt(c.field.Model.Type, c.row.bases[c.object]).Interface()
	return c.field.Scan(c.row.ctx, obj, src)
}

func (c *cell) storeTime(at unsafe.Pointer, t time.Time) {
	if c.how == storeTime {
		*(*time.Time)(at) = t
		return
	}
	*(**time.Time)(at) = pointerTo(t)
}

// storeInt stores an integer. It returns false if the integer does not fit, for which the field's conversion returns the error.
func (c *cell) storeInt(at unsafe.Pointer, v int64) bool {
	switch c.how {
	case storeInt64:
		*(*int64)(at) = v
	case storeInt:
		*(*int)(at) = int(v)
		return int64(int(v)) == v
	case storeInt32:
		*(*int32)(at) = int32(v)
		return int64(int32(v)) == v
	case storeInt16:
		*(*int16)(at) = int16(v)
		return int64(int16(v)) == v
	case storeInt8:
		*(*int8)(at) = int8(v)
		return int64(int8(v)) == v
	case storeUint64:
		*(*uint64)(at) = uint64(v)
		return v >= 0
	case storeUint:
		*(*uint)(at) = uint(v)
		return v >= 0 && int64(uint(v)) == v
	case storeUint32:
		*(*uint32)(at) = uint32(v)
		return v >= 0 && int64(uint32(v)) == v
	case storeBool:
		*(*bool)(at) = v != 0
		return v == 0 || v == 1
	case storeFloat64:
		*(*float64)(at) = float64(v)
	case storeInt64Pointer:
		*(**int64)(at) = pointerTo(v)
	default:
		return false
	}
	return true
}

// row is the current row, which the cells fill.
type row struct {
	ctx     context.Context
	bases   []unsafe.Pointer // the objects being filled
	missing []bool           // objects whose key was NULL
}

// pointerTo returns a pointer to a copy of v. It is not inlined, so that v itself stays on the stack.
//
//go:noinline
func pointerTo[V any](v V) *V { return &v }
