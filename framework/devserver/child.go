package devserver

import (
	"context"
	"io"
	"os"
)

const (
	urlVariable    = "QUINTET_DEV_URL"
	parentVariable = "QUINTET_DEV_PARENT"
)

// URL returns, in the child, the address of the development server, such as "http://127.0.0.1:8000/". Without a
// parent it returns "".
func URL() string { return os.Getenv(urlVariable) }

// Child returns, in the child, a context that ends when the parent ends for whatever reason: the parent holds the
// other end of the standard input. Without a parent it returns ctx.
func Child(ctx context.Context) context.Context {
	if os.Getenv(parentVariable) == "" {
		return ctx
	}
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, os.Stdin)
	}()
	return ctx
}
