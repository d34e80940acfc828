package ormtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// recorder records the errors that are reported to it.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func TestQueriesCountsStatements(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, app{})
	two := func() {
		for range 2 {
			if _, err := orm.Objects[Tag](db).Count(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	ormtest.Queries(t, db, 2, two)
	r := &recorder{TB: t}
	ormtest.Queries(r, db, 1, two)
	if len(r.errors) != 1 || !strings.Contains(r.errors[0], "2 statements were run, want 1") || !strings.Contains(r.errors[0], "blog_tag") {
		t.Errorf("the wrong number: reported %q", r.errors)
	}
	ormtest.Queries(t, db, 0, func() {})
}
