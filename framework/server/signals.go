package server

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// Signals returns a context that ends when the process is asked to stop: by TERM gracefully, by INT (Ctrl-C) or QUIT
// with the cause ErrQuick. A second signal runs the functions atExit and ends the process with status 1, after two
// seconds at the latest. Calling stop releases the signals; further calls do nothing.
func Signals(parent context.Context, atExit ...func()) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT)
	done := make(chan struct{})
	go func() {
		asked := false
		for {
			select {
			case <-done:
				return
			case s := <-signals:
				if asked {
					forceExit(atExit)
				}
				asked = true
				if s == syscall.SIGTERM {
					cancel(nil)
				} else {
					cancel(ErrQuick)
				}
			}
		}
	}()
	return ctx, sync.OnceFunc(func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	})
}

// exitTimeout is how long functions may run before a forced exit.
const exitTimeout = 2 * time.Second

func forceExit(atExit []func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, fn := range atExit {
			fn()
		}
	}()
	select {
	case <-done:
	case <-time.After(exitTimeout):
	}
	os.Exit(1)
}
