package session

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
)

// CommitHook is a function that runs after a commit.
type CommitHook func(ctx context.Context) error

// OnCommit runs hook after the transaction of the context is committed, or at once if there is none. The hook is
// dropped if the transaction, or the savepoint that OnCommit was called in, is rolled back.
func OnCommit(ctx context.Context, hook CommitHook) {
	t, _ := ctx.Value(transactionKey{}).(*transaction)
	if t == nil {
		hook.run(ctx)
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.onCommit = append(t.onCommit, hook)
}

// run calls the hook. What it is about has been committed, so an error or a panic is logged and stops nothing.
func (hook CommitHook) run(ctx context.Context) {
	defer func() {
		if r := recover(); r != nil {
			slog.ErrorContext(ctx, "a function passed to orm.OnCommit panicked",
				slog.String("panic", fmt.Sprint(r)), slog.String("stack", string(debug.Stack())))
		}
	}()
	if err := hook(ctx); err != nil {
		slog.ErrorContext(ctx, "a function passed to orm.OnCommit failed", slog.Any("error", err))
	}
}
