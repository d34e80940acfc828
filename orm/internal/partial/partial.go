// Package partial records which objects were read without some of their columns, so that writing them does not overwrite
// those columns.
//
// The record belongs to the object itself, the struct at one address, not to copies of it. It is dropped when the garbage
// collector frees the object.
package partial

import (
	"reflect"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
	"weak"

	"github.com/quintetgo/quintet/orm/schema"
)

// unread holds the unread fields, a []*schema.Field, by a weak pointer to the object.
var (
	unread sync.Map //nolint:gochecknoglobals // objects belong to no database
	marked atomic.Int64
)

type key = weak.Pointer[byte]

// Mark records that an object was read without some fields.
func Mark(object unsafe.Pointer, fields []*schema.Field) {
	at := (*byte)(object)
	k := weak.Make(at)
	if _, known := unread.Swap(k, fields); known {
		return
	}
	marked.Add(1)
	runtime.AddCleanup(at, forget, k)
}

func forget(k key) {
	if _, known := unread.LoadAndDelete(k); known {
		marked.Add(-1)
	}
}

// Unread returns the fields that an object, a pointer to a struct, was read without, nil if it was read in full or not at
// all. Fields that have a value since then count as read.
func Unread(object any) []*schema.Field {
	k, ok := keyOf(object)
	if !ok {
		return nil
	}
	value, ok := unread.Load(k)
	if !ok {
		return nil
	}
	var fields []*schema.Field
	for _, f := range value.([]*schema.Field) {
		if f.IsZero(object) {
			fields = append(fields, f)
		}
	}
	return fields
}

// Copy records that objects are copies of others, in the same order. Objects that are the others themselves are ignored.
func Copy(copies, originals []any) {
	for i, object := range copies {
		k, ok := keyOf(originals[i])
		if !ok || object == originals[i] {
			continue
		}
		if fields, ok := unread.Load(k); ok {
			Mark(reflect.ValueOf(object).UnsafePointer(), fields.([]*schema.Field))
		}
	}
}

// Clear records that every field of an object has been read.
func Clear(object any) {
	if k, ok := keyOf(object); ok {
		forget(k)
	}
}

// keyOf returns the key of an object. It is false if no object is recorded, the usual case.
func keyOf(object any) (key, bool) {
	if marked.Load() == 0 {
		return key{}, false
	}
	rv := reflect.ValueOf(object)
	if rv.Kind() != reflect.Pointer || rv.IsNil() {
		return key{}, false
	}
	return weak.Make((*byte)(rv.UnsafePointer())), true
}
