package sessions

import (
	"context"
	"errors"
	"time"
)

// ErrNotFound is the error of a store that has no such record, or only an expired one.
var ErrNotFound = errors.New("no such session")

// Record is a session as a store keeps it.
type Record struct {
	// ID is the SHA-256 of the token in the visitor's cookie, in hexadecimal, so that the content of
	// the store does not allow to take over a session.
	ID string
	// Data is a JSON document; a store does not look into it.
	Data []byte
	// UserID names the user that is logged in, "" if none is. A store may index it, to end all
	// sessions of one user.
	UserID string
	// ExpiresAt is when the session ends unless it is renewed.
	ExpiresAt time.Time
}

// Store keeps session records. Implementations are safe for concurrent use and return [ErrNotFound]
// (wrapped or not) exactly where the methods say so. The package sessionstest holds the tests that
// every store has to pass.
type Store interface {
	// Load returns the record, or ErrNotFound if there is none or it has expired.
	Load(ctx context.Context, id string) (Record, error)
	// Create stores a new record.
	Create(ctx context.Context, record Record) error
	// Update replaces a record, or returns ErrNotFound if there is none: a request that is still
	// running must not restore a session that another one has ended.
	Update(ctx context.Context, record Record) error
	// Delete removes a record. It returns nil if there is none.
	Delete(ctx context.Context, id string) error
	// DeleteExpired removes all records that expired before now.
	DeleteExpired(ctx context.Context, now time.Time) error
}
