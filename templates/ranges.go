package templates

import (
	"fmt"
	"reflect"
	"text/template/parse"

	"github.com/quintetgo/quintet/templates/internal/program"
	"github.com/quintetgo/quintet/templates/internal/render"
)

// guardRanges has every range look at what it is given: text/template writes a value that it cannot range over into its
// error, and does not come to an end if the value contains itself.
func guardRanges(root *parse.ListNode) {
	walk(root, func(n parse.Node) {
		loop, ok := n.(*parse.RangeNode)
		switch {
		case !ok:
		case len(loop.Pipe.Decl) > 1:
			extend(loop.Pipe, loop.Pipe.Pos, program.RangeGuards[1])
		default:
			extend(loop.Pipe, loop.Pipe.Pos, program.RangeGuards[0])
		}
	})
}

// rangeable returns v if range takes it, with one variable or none; rangeableTwice if it does with two.
func rangeable(v any) (any, error)      { return v, canRange(v, false) }
func rangeableTwice(v any) (any, error) { return v, canRange(v, true) }

// maxPointers bounds how many pointers to pointers are followed: they may lead back to the first.
const maxPointers = 100

func canRange(v any, keys bool) error {
	r := reflect.ValueOf(v)
	for steps := 0; r.Kind() == reflect.Pointer || r.Kind() == reflect.Interface; steps++ {
		if steps > maxPointers {
			return render.ErrCircle
		}
		if r.IsNil() {
			return fmt.Errorf("cannot range over a nil value of type %T", v)
		}
		r = r.Elem()
	}
	switch r.Kind() {
	case reflect.Invalid, reflect.Slice, reflect.Array, reflect.Map:
		return nil
	case reflect.Chan:
		if r.Type().ChanDir() != reflect.SendDir {
			return nil
		}
	case reflect.Func:
		if r.Type().CanSeq2() || r.Type().CanSeq() && !keys {
			return nil
		}
	default:
		if r.CanInt() || r.CanUint() {
			if keys {
				return fmt.Errorf("range over a number, %s, has one variable only", r.Type())
			}
			return nil
		}
	}
	return fmt.Errorf("cannot range over a value of type %T", v)
}
