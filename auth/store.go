package auth

import (
	"context"
	"errors"
	"time"

	"github.com/quintetgo/quintet/framework/sessions"
	"github.com/quintetgo/quintet/orm"
)

// sessionStore keeps sessions in the table of [Session].
type sessionStore struct{ db *orm.DB }

// NewSessionStore returns a store that keeps sessions in the database.
func NewSessionStore(db *orm.DB) sessions.Store { return sessionStore{db.SkipValidation()} }

// Load returns the record, or ErrNotFound if there is none or it has expired.
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

// Update replaces a record, or returns ErrNotFound if it is gone.
func (s sessionStore) Update(ctx context.Context, record sessions.Record) error {
	err := s.db.Save(ctx, sessionRow(record))
	if errors.Is(err, orm.ErrNotFound) {
		return sessions.ErrNotFound
	}
	return err
}

// Delete removes a record; that it is not there is no error.
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
