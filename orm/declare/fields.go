package declare

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"unsafe"

	"github.com/quintetgo/quintet/orm/schema"
)

// Fields collects the descriptions that a model's Fields method makes. It is only valid during that call.
type Fields struct {
	base  unsafe.Pointer
	model reflect.Type
	specs []*spec
	bad   []string // messages about pointers that are not to fields
}

// spec is the description of one struct field, kept until the model's fields have been read.
type spec struct {
	offset uintptr
	typ    reflect.Type
	place  string // file:line of the description
	apply  []func(*schema.Field)
	rel    *relationSpec
}

type relationSpec struct {
	to           string
	manyToMany   bool
	oneToOne     bool
	symmetrical  bool
	oneWay       bool
	noConstraint bool
	onDelete     schema.DeleteRule // nil for none
	related      string
	lookup       string // another name of the reverse relation in lookups
	limit        schema.Condition
	through      any
	toField      string
}

// add returns a new spec for the struct field at p. It replaces a spec from the same source line, so that the Fields
// method of an embedded struct may run twice.
func (f *Fields) add(p unsafe.Pointer, typ reflect.Type) *spec {
	place := caller()
	offset := uintptr(p) - uintptr(f.base)
	if p == nil || uintptr(p) < uintptr(f.base) || offset+typ.Size() > f.model.Size() {
		f.bad = append(f.bad, fmt.Sprintf("%s: the pointer is not to a field of %s", place, f.model))
		return &spec{typ: typ, place: place}
	}
	s := &spec{offset: offset, typ: typ, place: place}
	for i, old := range f.specs {
		if old.offset == offset && old.typ == typ && old.place == place {
			f.specs[i] = s
			return s
		}
	}
	f.specs = append(f.specs, s)
	return s
}

// caller returns file:line of the first frame outside the orm packages.
func caller() string {
	pcs := make([]uintptr, 12)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		frame, hasMore := frames.Next()
		inside := strings.HasPrefix(frame.Function, "github.com/quintetgo/quintet/orm.") ||
			strings.HasPrefix(frame.Function, "github.com/quintetgo/quintet/orm/declare.")
		if !inside || !hasMore {
			file := frame.File
			if i := strings.LastIndexByte(file, '/'); i >= 0 {
				if j := strings.LastIndexByte(file[:i], '/'); j >= 0 {
					file = file[j+1:]
				}
			}
			return fmt.Sprintf("%s:%d", file, frame.Line)
		}
	}
}
