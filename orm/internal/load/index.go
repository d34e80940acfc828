package load

import (
	"iter"
	"reflect"
	"slices"
	"unsafe"

	"github.com/quintetgo/quintet/orm/schema"
)

// index numbers distinct keys from 0. Integers, the usual keys, are kept without boxes.
type index struct {
	ints    map[int64]int
	numbers []int64 // the keys in the order of their numbers, while all of them are integers
	other   map[any]int
	keys    []any // the keys instead of numbers, if some are no integers
}

func newIndex(size int) *index {
	return &index{ints: make(map[int64]int, size), numbers: make([]int64, 0, size)}
}

func (x *index) len() int { return max(len(x.numbers), len(x.keys)) }

// find returns the number of a key.
func (x *index) find(key any) (int, bool) {
	if n, ok := key.(int64); ok {
		at, ok := x.ints[n]
		return at, ok
	}
	at, ok := x.other[mapKey(key)]
	return at, ok
}

// add returns the number of a key, which it adds if it is new.
func (x *index) add(key any) int {
	if n, ok := key.(int64); ok {
		return x.addInt(n)
	}
	if at, ok := x.find(key); ok {
		return at
	}
	if x.other == nil {
		x.other = map[any]int{}
		for _, n := range x.numbers {
			x.keys = append(x.keys, n)
		}
		x.numbers = nil
	}
	at := len(x.keys)
	x.keys, x.other[mapKey(key)] = append(x.keys, key), at
	return at
}

func (x *index) addInt(n int64) int {
	if at, ok := x.ints[n]; ok {
		return at
	}
	at := x.len()
	x.ints[n] = at
	if x.other != nil {
		x.keys = append(x.keys, n)
	} else {
		x.numbers = append(x.numbers, n)
	}
	return at
}

// chunks returns the keys as lists of a limited length: []int64 or []any.
func (x *index) chunks(most int) iter.Seq[any] {
	return func(yield func(any) bool) {
		for chunk := range slices.Chunk(x.numbers, most) {
			if !yield(chunk) {
				return
			}
		}
		for chunk := range slices.Chunk(x.keys, most) {
			if !yield(chunk) {
				return
			}
		}
	}
}

// mapKey returns a key as a map takes it: bytes as text.
func mapKey(key any) any {
	if b, ok := key.([]byte); ok {
		return string(b)
	}
	return key
}

// keyField reads the keys of objects from one field.
type keyField struct {
	*schema.Field
	pointer reflect.Type // of the objects whose field is an integer at an offset, nil if it is none
	offset  uintptr
}

func keyFieldOf(f *schema.Field) keyField {
	k := keyField{Field: f}
	offset, direct := f.Offset()
	if direct && f.Type == reflect.TypeFor[int64]() && f.ColumnKind().IsInteger() && !f.Serialized() && f.Model.Type != nil {
		k.pointer, k.offset = reflect.PointerTo(f.Model.Type), offset
	}
	return k
}

// number returns the key of an object if it is certainly an integer.
func (k *keyField) number(object any) (int64, bool) {
	if k.pointer == nil || reflect.TypeOf(object) != k.pointer {
		return 0, false
	}
	base := reflect.ValueOf(object).UnsafePointer()
	if base == nil {
		return 0, false
	}
	return *(*int64)(unsafe.Add(base, k.offset)), true
}

// addTo returns the number of an object's key, which it adds to an index; -1 for NULL.
func (k *keyField) addTo(x *index, object any) (int, error) {
	if n, ok := k.number(object); ok {
		return x.addInt(n), nil
	}
	key, err := k.Encode(k.Value(object))
	if err != nil || key == nil {
		return -1, err
	}
	return x.add(key), nil
}

// find returns the number of an object's key in an index, -1 if it is not there.
func (k *keyField) find(x *index, object any) (int, error) {
	if n, ok := k.number(object); ok {
		if at, ok := x.ints[n]; ok {
			return at, nil
		}
		return -1, nil
	}
	key, err := k.Encode(k.Value(object))
	if err != nil {
		return -1, err
	}
	if at, ok := x.find(key); ok {
		return at, nil
	}
	return -1, nil
}
