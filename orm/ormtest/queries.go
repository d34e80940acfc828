package ormtest

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/quintetgo/quintet/orm"
)

// Queries runs fn and reports a test error, with the statements, unless fn runs exactly want statements on db. It
// counts the statements of every goroutine, so nothing else may use db meanwhile.
func Queries(t testing.TB, db *orm.DB, want int, fn func()) {
	t.Helper()
	var mu sync.Mutex
	var statements []string
	stop := db.Observe(func(s orm.Statement) {
		mu.Lock()
		defer mu.Unlock()
		statements = append(statements, s.SQL)
	})
	defer stop()
	fn()
	mu.Lock()
	defer mu.Unlock()
	if len(statements) != want {
		t.Errorf("%d statements were run, want %d:\n    %s", len(statements), want, strings.Join(statements, "\n    "))
	}
}

// WantQueries runs fn and reports a test error, with the statements, unless exactly want statements are run with the
// context that fn receives. Unlike [Queries] it counts nothing else, so that tests may run beside each other.
func WantQueries(t testing.TB, want int, fn func(ctx context.Context)) {
	t.Helper()
	var mu sync.Mutex
	var statements []string
	fn(orm.WithObserver(t.Context(), func(s orm.Statement) {
		mu.Lock()
		defer mu.Unlock()
		statements = append(statements, s.SQL)
	}))
	mu.Lock()
	defer mu.Unlock()
	if len(statements) != want {
		t.Errorf("%d statements were run, want %d:\n    %s", len(statements), want, strings.Join(statements, "\n    "))
	}
}
