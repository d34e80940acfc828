package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/quintetgo/quintet/orm"
)

// Counter counts events until a time, such as failed logins, see [Throttle]. Its ID is a hash of the kind and subject of the
// events: the table holds neither names nor addresses.
type Counter struct {
	ID     string `gorm:"size:64;primaryKey"`
	Count  int
	EndsAt time.Time `gorm:"index"`
}

// limit is the maximum of a counter.
type limit struct {
	id  string
	max int
}

// counterID returns the ID of the counter for the events that parts identify.
func counterID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// throttle counts failed tries. A try is counted before the password is checked, and subtracted again if the password was
// correct, so that a burst of parallel tries stays within the limits.
type throttle struct {
	Throttle
	db  *orm.DB
	now func() time.Time
}

func newThrottle(t Throttle, db *orm.DB, now func() time.Time) *throttle {
	return &throttle{Throttle: t.withDefaults(), db: db, now: now}
}

// begin counts a try. After too many tries it counts nothing and the error is a *ThrottledError. Undo subtracts the try; call
// it if the password was correct, or could not be checked.
func (t *throttle) begin(ctx context.Context, try try) (undo func(context.Context) error, err error) {
	none := func(context.Context) error { return nil }
	if t.Off {
		return none, nil
	}
	limits, now := t.limits(try), t.now()
	if _, err := t.running(ctx, limits, now); err != nil { // without the lock of a writer
		return none, err
	}
	ends := map[string]time.Time{}
	err = t.db.Atomic(ctx, func(ctx context.Context) error {
		rows, err := t.running(ctx, limits, now)
		if err != nil {
			return err
		}
		for _, l := range limits {
			row := rows[l.id]
			switch {
			case row == nil:
				row = &Counter{ID: l.id, Count: 1, EndsAt: now.Add(t.Window)}
				err = t.db.Create(ctx, row)
			case !now.Before(row.EndsAt):
				row.Count, row.EndsAt = 1, now.Add(t.Window)
				err = t.db.Save(ctx, row)
			default:
				_, err = orm.From(t.db, Counters).Filter(Counters.ID.Eq(l.id)).Update(ctx, Counters.Count.SetTo(Counters.Count.Add(1)))
			}
			if err != nil {
				return err
			}
			ends[l.id] = row.EndsAt
		}
		return nil
	})
	if err != nil {
		if _, limited := errors.AsType[*ThrottledError](err); limited {
			return none, err
		}
		return none, fmt.Errorf("count tries: %w", err)
	}
	var once sync.Once
	return func(ctx context.Context) (err error) {
		once.Do(func() { err = t.subtract(context.WithoutCancel(ctx), ends) })
		return err
	}, nil
}

// running returns the existing counters of the limits, or a *ThrottledError if one has reached its limit.
func (t *throttle) running(ctx context.Context, limits []limit, now time.Time) (map[string]*Counter, error) {
	ids := make([]string, len(limits))
	for i, l := range limits {
		ids[i] = l.id
	}
	found, err := orm.From(t.db, Counters).Filter(Counters.ID.In(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("count tries: %w", err)
	}
	rows := make(map[string]*Counter, len(found))
	for _, row := range found {
		rows[row.ID] = row
	}
	var wait time.Duration
	for _, l := range limits {
		row := rows[l.id]
		if row == nil {
			continue
		}
		if latest := now.Add(t.Window); row.EndsAt.After(latest) { // the clock was fast
			row.EndsAt = latest
		}
		if now.Before(row.EndsAt) && row.Count >= l.max {
			wait = max(wait, row.EndsAt.Sub(now))
		}
	}
	if wait > 0 {
		return nil, &ThrottledError{Wait: wait}
	}
	return rows, nil
}

// subtract decrements the counters, unless they have restarted since.
func (t *throttle) subtract(ctx context.Context, ends map[string]time.Time) error {
	err := t.db.Atomic(ctx, func(ctx context.Context) error {
		for id, end := range ends {
			query := orm.From(t.db, Counters).Filter(Counters.ID.Eq(id), Counters.Count.Gt(0), Counters.EndsAt.Lte(end))
			if _, err := query.Update(ctx, Counters.Count.SetTo(Counters.Count.Sub(1))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("subtract a try: %w", err)
	}
	return nil
}
