package conformance

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm"
)

// streamed is the number of rows of a large result, and streamMemory what reading them may keep in memory.
const (
	streamed     = 100_000
	streamMemory = 4 << 20
)

// testStreams checks that reading a large result row by row takes no more memory at its end than at its beginning, and
// that the pool has all of its connections again when a reader stops in the middle.
func testStreams(t *testing.T, s suite) {
	db := s.models(t)
	owners := make([]*Owner, 320)
	for i := range owners {
		owners[i] = &Owner{Name: "a name of some length, to fill memory"}
	}
	if err := db.CreateAll(t.Context(), owners); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(t.Context(), "INSERT INTO driver_owner (name) SELECT a.name FROM driver_owner a CROSS JOIN driver_owner b"); err != nil {
		t.Fatal(err)
	}
	n, first, last := 0, uint64(0), uint64(0)
	for _, err := range orm.Objects[Owner](db).Iter(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		switch n++; n {
		case streamed / 10:
			first = heap()
		case streamed:
			last = heap()
		}
	}
	if n < streamed || last > first+streamMemory {
		t.Errorf("%d rows; the heap had %d bytes after a tenth of them and %d at the end", n, first, last)
	}
	for range 50 { // more often than the pool has connections
		for _, err := range orm.Objects[Owner](db).Iter(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	if count, err := orm.Objects[Owner](db).Count(t.Context()); err != nil || count != int64(n) {
		t.Errorf("afterwards: %d rows, %v", count, err)
	}
}

// heap returns the bytes of the heap that are in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// testCanceledStreams checks that a reader whose context ends in the middle of a result gets the context's error soon, and
// that the rest of the result is not taken for that of the next statement.
func testCanceledStreams(t *testing.T, s suite) {
	db := s.models(t)
	owners := make([]*Owner, 2000)
	for i := range owners {
		owners[i] = &Owner{Name: "x"}
	}
	if err := db.CreateAll(t.Context(), owners); err != nil {
		t.Fatal(err)
	}
	quickest := time.Hour
	for range 5 { // the machine may be busy
		ctx, cancel := context.WithCancel(t.Context())
		n, canceled := 0, time.Time{}
		var failure error
		for _, err := range orm.Objects[Owner](db).Iter(ctx) {
			if failure = err; err != nil {
				break
			}
			if n++; n == 10 {
				canceled = time.Now()
				cancel()
			}
		}
		cancel()
		if failure != nil && !errors.Is(failure, context.Canceled) {
			t.Errorf("after %d rows: %v", n, failure)
		}
		quickest = min(quickest, time.Since(canceled))
		if count, err := orm.Objects[Owner](db).Count(t.Context()); err != nil || count != int64(len(owners)) {
			t.Fatalf("the next statement: %d, %v", count, err)
		}
	}
	if quickest > 200*time.Millisecond {
		t.Errorf("reading went on for %v after the end of the context", quickest)
	}
}
