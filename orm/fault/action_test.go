package fault_test

import (
	"errors"
	"testing"

	"github.com/quintetgo/quintet/orm/fault"
)

func TestDuring(t *testing.T) {
	t.Parallel()
	if err := fault.During("update blog.Post", nil); err != nil {
		t.Errorf("got %v without an error", err)
	}
	cause := &fault.IntegrityError{Kind: fault.IntegrityCheck, Constraint: "positive"}
	err := fault.During("update blog.Post", cause)
	if want := `orm: update blog.Post: check constraint "positive" violated`; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
	if found, ok := errors.AsType[*fault.IntegrityError](err); !ok || found != cause {
		t.Errorf("the cause is not wrapped: %v", err)
	}
}
