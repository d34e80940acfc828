package auth

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/quintetgo/quintet/framework/sessions"
	"github.com/quintetgo/quintet/orm"
)

// sessionStore keeps sessions in the table of [Session].
type sessionStore struct{ db *orm.DB }

// NewSessionStore returns a store that keeps sessions in the database. It is safe for concurrent use.
func NewSessionStore(db *orm.DB) sessions.Store { return sessionStore{db.SkipValidation()} }

// Load returns the record, or sessions.ErrNotFound if there is none or it has expired.
func (s sessionStore) Load(ctx context.Context, id string) (sessions.Record, error) {
	row, err := orm.From(s.db, Sessions).Filter(Sessions.ID.Eq(id), Sessions.ExpiresAt.Gt(time.Now())).Get(ctx)
	if errors.Is(err, orm.ErrNotFound) {
		return sessions.Record{}, sessions.ErrNotFound
	}
	if err != nil {
		return sessions.Record{}, err
	}
	return sessions.Record{ID: row.ID, Data: []byte(row.Data), UserID: row.UserID, ExpiresAt: row.ExpiresAt}, nil
}

// Create stores a new record.
func (s sessionStore) Create(ctx context.Context, record sessions.Record) error {
	return s.db.Create(ctx, sessionRow(record))
}

// Update replaces a record, or returns sessions.ErrNotFound if there is none.
func (s sessionStore) Update(ctx context.Context, record sessions.Record) error {
	err := s.db.Save(ctx, sessionRow(record))
	if errors.Is(err, orm.ErrNotFound) {
		return sessions.ErrNotFound
	}
	return err
}

// Delete removes a record. Deleting one that does not exist is no error.
func (s sessionStore) Delete(ctx context.Context, id string) error {
	_, err := orm.From(s.db, Sessions).Filter(Sessions.ID.Eq(id)).Delete(ctx)
	return err
}

// DeleteExpired removes all records that expired before now.
func (s sessionStore) DeleteExpired(ctx context.Context, now time.Time) error {
	_, err := orm.From(s.db, Sessions).Filter(Sessions.ExpiresAt.Lt(now)).Delete(ctx)
	return err
}

func sessionRow(record sessions.Record) *Session {
	return &Session{ID: record.ID, Data: string(record.Data), UserID: record.UserID, ExpiresAt: record.ExpiresAt}
}

var _ sessions.Store = sessionStore{}

// Expired rows are deleted soon after the start and then once an hour. The first time is delayed by a random part of
// sweepFirst, so that workers that start together do not all do it at once; a worker that stops earlier does it then.
const (
	sweepEvery = time.Hour
	sweepFirst = time.Minute
)

// sweeper is a goroutine that deletes expired rows.
type sweeper struct {
	cancel context.CancelFunc
	done   chan struct{}
	swept  bool // read after done
}

// deleteExpired deletes expired sessions and counters.
func (s *service) deleteExpired(ctx context.Context) error {
	now := s.now()
	_, err := orm.From(s.db, Counters).Filter(Counters.EndsAt.Lt(now)).Delete(ctx)
	return errors.Join(NewSessionStore(s.db).DeleteExpired(ctx, now), err)
}

func (s *service) sweep(ctx context.Context) {
	if s.db == nil { // Checks reports it
		return
	}
	if err := s.deleteExpired(ctx); err != nil && ctx.Err() == nil {
		s.logger.LogAttrs(ctx, slog.LevelWarn, "expired sessions not deleted", slog.String("error", err.Error()))
	}
}

// startSweeper deletes expired rows in the background, until stopSweeper.
func (s *service) startSweeper() {
	ctx, cancel := context.WithCancel(context.Background())
	background := &sweeper{cancel: cancel, done: make(chan struct{})}
	s.sweeper = background
	go func() {
		defer close(background.done)
		timer := time.NewTimer(rand.N(sweepFirst))
		defer timer.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-timer.C:
			}
			s.sweep(ctx)
			background.swept = true
			timer.Reset(sweepEvery)
		}
	}()
}

// stopSweeper ends what startSweeper began, and deletes expired rows if that was not done yet.
func (s *service) stopSweeper(ctx context.Context) {
	if s.sweeper == nil {
		return
	}
	s.sweeper.cancel()
	<-s.sweeper.done
	if !s.sweeper.swept {
		s.sweep(ctx)
	}
	s.sweeper = nil
}
