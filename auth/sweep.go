package auth

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/quintetgo/quintet/orm"
)

// Expired rows are deleted soon after the start and then once an hour. The first time is put off by a
// random part of sweepFirst, so that workers that start together do not all do it at once; a worker
// that ends sooner does it at its end.
const (
	sweepEvery = time.Hour
	sweepFirst = time.Minute
)

// sweeper deletes expired rows while the site serves.
type sweeper struct {
	cancel context.CancelFunc
	done   chan struct{}
	swept  bool // read after done
}

// deleteExpired deletes sessions and counters that have ended.
func (c *core) deleteExpired(ctx context.Context) error {
	now := c.now()
	_, err := orm.From(c.db, Counters).Filter(Counters.EndsAt.Lt(now)).Delete(ctx)
	return errors.Join(NewSessionStore(c.db).DeleteExpired(ctx, now), err)
}

func (c *core) sweep(ctx context.Context) {
	if c.db == nil { // Checks reports it
		return
	}
	if err := c.deleteExpired(ctx); err != nil && ctx.Err() == nil {
		c.logger.LogAttrs(ctx, slog.LevelWarn, "expired sessions not deleted", slog.String("error", err.Error()))
	}
}

// Start deletes expired sessions and counters now and then, until Stop.
func (a *App[U]) Start(context.Context) error {
	c := a.core()
	ctx, cancel := context.WithCancel(context.Background())
	s := &sweeper{cancel: cancel, done: make(chan struct{})}
	c.sweeper = s
	go func() {
		defer close(s.done)
		timer := time.NewTimer(rand.N(sweepFirst))
		defer timer.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-timer.C:
			}
			c.sweep(ctx)
			s.swept = true
			timer.Reset(sweepEvery)
		}
	}()
	return nil
}

// Stop ends what Start began. A process that has not deleted expired rows yet does it now.
func (a *App[U]) Stop(ctx context.Context) error {
	c := a.core()
	if c.sweeper == nil {
		return nil
	}
	c.sweeper.cancel()
	<-c.sweeper.done
	if !c.sweeper.swept {
		c.sweep(ctx)
	}
	c.sweeper = nil
	return nil
}
