package partial_test

import (
	"runtime"
	"testing"
	"unsafe"

	"github.com/quintetgo/quintet/orm/internal/partial"
	"github.com/quintetgo/quintet/orm/schema"
)

type note struct {
	id   int64
	text string
}

func TestObjectsOfOneAllocationAreToldApart(t *testing.T) {
	t.Parallel()
	list := make([]note, 64)
	f := &schema.Field{Name: "text"}
	partial.Mark(unsafe.Pointer(&list[3]), []*schema.Field{f})
	runtime.GC()
	if got := partial.Unread(&list[3]); len(got) != 1 || got[0] != f {
		t.Errorf("the marked object: %v", got)
	}
	for _, other := range []any{&list[0], &list[2], &list[4], &note{}, note{}, (*note)(nil), nil} {
		if got := partial.Unread(other); got != nil {
			t.Errorf("%T: %v", other, got)
		}
	}
	partial.Clear(&list[3])
	if got := partial.Unread(&list[3]); got != nil {
		t.Errorf("after Clear: %v", got)
	}
}
