// Package scan reads rows of the database: into structs, without reflection for plain types, and as single values.
package scan

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	"github.com/quintetgo/quintet/orm/internal/compile"
	"github.com/quintetgo/quintet/orm/internal/partial"
	"github.com/quintetgo/quintet/orm/schema"
)

// Reader creates the objects of rows. It reads one result and is not safe for concurrent use.
type Reader struct {
	objects []object
	cells   []cell
	into    []any
	row     row
	extras  []any
	partial bool // objects lack some columns
}

// object is one of the structs in a row.
type object struct {
	compile.Object
	slab slab
	slot slot
}

// slot is the struct field of the parent that an object is stored in.
type slot struct {
	offset uintptr
	fast   bool // the parent's field is a pointer at this offset
}

// NewReader returns a Reader of rows with the columns of objects. hint is the number of rows expected, or zero if it is not known. A
// model without a Go type is an error.
func NewReader(ctx context.Context, objects []compile.Object, hint int) (*Reader, error) {
	columns := 0
	for _, o := range objects {
		columns += len(o.Fields)
	}
	r := &Reader{
		objects: make([]object, len(objects)), cells: make([]cell, 0, columns), into: make([]any, 0, columns),
		row: row{ctx: ctx, bases: make([]unsafe.Pointer, len(objects)), missing: make([]bool, len(objects))},
	}
	for i, o := range objects {
		if o.Model.Type == nil {
			return nil, fmt.Errorf("orm: %s has no Go type to read rows into; use Values", o.Model)
		}
		r.partial = r.partial || len(o.Unread) > 0
		r.objects[i] = object{Object: o, slab: slab{typ: o.Model.Type, slice: reflect.SliceOf(o.Model.Type), next: hint}}
		if i > 0 {
			r.objects[i].slot = slotOf(objects[o.Parent].Model, o.Step)
		}
		for _, f := range o.Fields {
			how, offset := storeOf(f)
			r.cells = append(r.cells, cell{row: &r.row, field: f, object: i, offset: offset, how: how, key: f == o.Model.PK})
			r.into = append(r.into, &r.cells[len(r.cells)-1])
		}
	}
	return r, nil
}

// WithExtras adds n columns after those that the Reader expects. Extras returns their values after each Read.
func (r *Reader) WithExtras(n int) {
	r.extras = make([]any, n)
	for i := range r.extras {
		r.into = append(r.into, &r.extras[i])
	}
}

// Extras returns the last columns of the row that was read, as the driver returned them. The slice is used again for the next row.
func (r *Reader) Extras() []any { return r.extras }

// Reorder makes the Reader expect the columns in another order: the first of a row is the one of number order[0], and so on.
func (r *Reader) Reorder(order []int) {
	into := make([]any, len(order))
	for i, at := range order {
		into[i] = r.into[at]
	}
	r.into = into
}

// slotOf returns the parent's struct field for a related object if it is a plain pointer, and the zero value otherwise.
func slotOf(parent *schema.Model, step schema.Step) slot {
	name := step.Relation.GoName
	if step.Reverse {
		name = step.Relation.ReverseGoName
	}
	if strings.Contains(name, ".") {
		return slot{}
	}
	f, ok := parent.Type.FieldByName(name)
	if !ok || len(f.Index) != 1 || f.Type != reflect.PointerTo(step.To().Type) {
		return slot{}
	}
	return slot{offset: f.Offset, fast: true}
}

// Read creates the object of the current row and returns a pointer to its struct.
func (r *Reader) Read(rows *sql.Rows) (unsafe.Pointer, error) {
	for i := range r.objects {
		r.row.bases[i] = r.objects[i].slab.peek()
		r.row.missing[i] = false
	}
	if err := rows.Scan(r.into...); err != nil {
		return nil, err
	}
	r.objects[0].slab.take()
	for i := 1; i < len(r.objects); i++ {
		o := &r.objects[i]
		if r.row.missing[i] || r.row.missing[o.Parent] {
			r.row.missing[i] = true
			o.slab.clear()
			continue
		}
		o.slab.take()
	}
	if r.partial {
		r.markPartial()
	}
	for i := len(r.objects) - 1; i > 0; i-- { // the deepest first: a parent may hold a copy
		if !r.row.missing[i] {
			r.attach(i)
		}
	}
	return r.row.bases[0], nil
}

// markPartial records which columns the objects of the row lack.
func (r *Reader) markPartial() {
	for i := range r.objects {
		if o := &r.objects[i]; len(o.Unread) > 0 && !r.row.missing[i] {
			partial.Mark(r.row.bases[i], o.Unread)
		}
	}
}

func (r *Reader) attach(i int) {
	o := &r.objects[i]
	parent, child := r.row.bases[o.Parent], r.row.bases[i]
	if o.slot.fast {
		*(*unsafe.Pointer)(unsafe.Add(parent, o.slot.offset)) = child
		return
	}
	parentObject := reflect.NewAt(r.objects[o.Parent].Model.Type, parent).Interface()
	childObject := reflect.NewAt(o.Model.Type, child).Interface()
	if o.Step.Reverse {
		o.Step.Relation.SetReverse(parentObject, []any{childObject})
	} else {
		o.Step.Relation.SetObject(parentObject, childObject)
	}
	if r.partial {
		partial.Copy(o.Step.Objects(parentObject), []any{childObject})
	}
}

// slab allocates several structs at a time.
type slab struct {
	typ   reflect.Type
	slice reflect.Type // []typ
	base  unsafe.Pointer
	left  int
	next  int // size of the next slab
}

// maxSlab limits how many structs are kept alive by a reference to one of them.
const maxSlab = 64

// peek returns the next struct.
func (s *slab) peek() unsafe.Pointer {
	if s.left == 0 {
		size := min(max(s.next, 1), maxSlab)
		s.next = size * 2
		s.left = size
		if size == 1 { // without the header of a slice
			s.base = reflect.New(s.typ).UnsafePointer()
		} else {
			s.base = reflect.MakeSlice(s.slice, size, size).UnsafePointer()
		}
	}
	return s.base
}

// take removes the struct that peek returned.
func (s *slab) take() {
	if s.left--; s.left > 0 {
		s.base = unsafe.Add(s.base, s.typ.Size())
	}
}

// clear sets the struct that peek returned to zero; it remains the next one.
func (s *slab) clear() { reflect.NewAt(s.typ, s.base).Elem().SetZero() }
