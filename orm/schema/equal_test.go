package schema_test

import (
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/schema"
)

func TestFieldEqual(t *testing.T) {
	t.Parallel()
	one, other := int64(1), int64(1)
	at := time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		kind schema.Kind
		a, b any
		want bool
	}{
		{schema.KindBigInt, int64(1), int64(1), true},
		{schema.KindBigInt, int64(1), int64(2), false},
		{schema.KindBigInt, &one, &other, true},
		{schema.KindBigInt, &one, int64(1), true},
		{schema.KindBigInt, uint(1), int64(1), true},
		{schema.KindBigInt, (*int64)(nil), nil, true},
		{schema.KindBigInt, int64(0), nil, false},
		{schema.KindChar, "a", "a", true},
		{schema.KindChar, "1", int64(1), false},
		{schema.KindDateTime, at, at.In(time.FixedZone("", 3600)), true},
		{schema.KindDateTime, at, at.Add(time.Nanosecond), true}, // stored in microseconds
		{schema.KindDateTime, at, at.Add(time.Second), false},
		{schema.KindBinary, []byte("a"), []byte("a"), true},
		{schema.KindBinary, []byte("a"), []byte("b"), false},
		{schema.KindBinary, nil, []byte("b"), false},
	} {
		f := &schema.Field{Name: "f", Kind: tt.kind, Null: true}
		if got := f.Equal(tt.a, tt.b); got != tt.want {
			t.Errorf("%s: Equal(%v, %v) = %v", tt.kind, tt.a, tt.b, got)
		}
		if got := f.Equal(tt.b, tt.a); got != tt.want {
			t.Errorf("%s: Equal(%v, %v) = %v", tt.kind, tt.b, tt.a, got)
		}
	}
}
