package server

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Signals returns a context that ends when the process is asked to stop: by TERM gracefully, by
// INT (Ctrl-C) or QUIT with the cause ErrQuick. A second signal ends the process at once with
// status 1. Calling stop gives the signals back.
func Signals(parent context.Context) (ctx context.Context, stop func()) {
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
					os.Exit(1)
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
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}
