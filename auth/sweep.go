package auth

import (
	"context"
	"log/slog"
	"time"
)

// sweepEvery is how often expired sessions are deleted while the site serves.
const sweepEvery = time.Hour

// Start deletes expired sessions now and then, until Stop.
func (a *App[U]) Start(context.Context) error {
	c := a.core()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	c.stopSweep = func() { cancel(); <-done }
	go func() {
		defer close(done)
		ticker := time.NewTicker(sweepEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			if err := NewSessionStore(c.db).DeleteExpired(ctx, c.now()); err != nil && ctx.Err() == nil {
				c.logger.LogAttrs(ctx, slog.LevelWarn, "expired sessions not deleted", slog.String("error", err.Error()))
			}
		}
	}()
	return nil
}

// Stop ends what Start began.
func (a *App[U]) Stop(context.Context) error {
	if stop := a.core().stopSweep; stop != nil {
		stop()
	}
	return nil
}
