// Package zero reports whether every field of a struct is zero, in less time than it takes to compare them one by one.
package zero

import (
	"encoding/binary"
	"reflect"
	"unsafe"
)

// Fields is where the fields of T are. The zero value has none. It is safe for concurrent use.
type Fields[T any] struct{ spans []span }

// span is some bytes of a struct.
type span struct{ start, end uintptr }

// Of returns the fields of T, a struct. The bytes between fields may have any value and are none.
func Of[T any]() Fields[T] { return Fields[T]{spans(reflect.TypeFor[T](), 0, nil)} }

func spans(t reflect.Type, start uintptr, all []span) []span {
	switch last := len(all) - 1; {
	case t.Kind() == reflect.Struct:
		for f := range t.Fields() {
			all = spans(f.Type, start+f.Offset, all)
		}
	case last >= 0 && all[last].end == start:
		all[last].end += t.Size()
	default:
		all = append(all, span{start, start + t.Size()})
	}
	return all
}

// AllIn reports whether every field of v has only zero bytes. A slice with a length of zero has if it is nil.
func (f Fields[T]) AllIn(v *T) bool {
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v))
	for _, at := range f.spans {
		rest := bytes[at.start:at.end]
		for ; len(rest) >= 8; rest = rest[8:] {
			if binary.NativeEndian.Uint64(rest) != 0 {
				return false
			}
		}
		for _, b := range rest {
			if b != 0 {
				return false
			}
		}
	}
	return true
}
