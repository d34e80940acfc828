package ormtest

import (
	"strings"
	"sync"
	"testing"

	"github.com/quintetgo/quintet/orm"
)

// Queries runs fn and reports an error unless it makes exactly want statements on db, listing those that were made. It
// counts the statements of every goroutine, so the database must be the test's own.
func Queries(t testing.TB, db *orm.DB, want int, fn func()) {
	t.Helper()
	var mu sync.Mutex
	var made []string
	stop := db.Observe(func(s orm.Statement) {
		mu.Lock()
		defer mu.Unlock()
		made = append(made, s.SQL)
	})
	defer stop()
	fn()
	mu.Lock()
	defer mu.Unlock()
	if len(made) != want {
		t.Errorf("%d statements were made, want %d:\n    %s", len(made), want, strings.Join(made, "\n    "))
	}
}
