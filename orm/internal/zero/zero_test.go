package zero_test

import (
	"testing"
	"unsafe"

	"github.com/quintetgo/quintet/orm/internal/zero"
)

type inner struct {
	flag bool
	text string
}

type outer struct {
	small uint8
	inner
	list  []int
	value any
	last  uint8
}

func TestAllIn(t *testing.T) {
	t.Parallel()
	fields := zero.Of[outer]()
	for name, v := range map[string]outer{
		"small": {small: 1}, "flag": {inner: inner{flag: true}}, "text": {inner: inner{text: "x"}}, "list": {list: []int{}},
		"value": {value: 0}, "last": {last: 1},
	} {
		if fields.AllIn(&v) {
			t.Errorf("%s is not zero", name)
		}
	}
	v := outer{}
	for i := range unsafe.Sizeof(v) - 1 { // what is behind last is no field
		at := (*byte)(unsafe.Add(unsafe.Pointer(&v), i+1))
		*at = 1
		if i+1 > unsafe.Offsetof(v.last) && !fields.AllIn(&v) {
			t.Errorf("the byte %d belongs to no field", i+1)
		}
		*at = 0
	}
	*(*byte)(unsafe.Add(unsafe.Pointer(&v), 1)) = 1 // between small and inner
	if !fields.AllIn(&v) {
		t.Error("every field is zero")
	}
}
