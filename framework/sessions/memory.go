package sessions

import (
	"context"
	"slices"
	"sync"
	"time"
)

// MemoryStore keeps sessions in the process: they are lost when it ends, and other processes do not
// see them. It is meant for tests and for sites of one process. Make one with [NewMemoryStore].
type MemoryStore struct {
	mu      sync.Mutex
	records map[string]Record
	sweepAt int // the number of records at which expired ones are looked for
}

// sweepFirst is the number of sessions below which a MemoryStore never looks for expired ones.
const sweepFirst = 1024

// NewMemoryStore returns an empty store.
func NewMemoryStore() *MemoryStore {
	return &MemoryStore{records: map[string]Record{}, sweepAt: sweepFirst}
}

// Load returns the record, or ErrNotFound if there is none or it has expired.
func (s *MemoryStore) Load(_ context.Context, id string) (Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	record, ok := s.records[id]
	if !ok || !time.Now().Before(record.ExpiresAt) {
		return Record{}, ErrNotFound
	}
	record.Data = slices.Clone(record.Data)
	return record, nil
}

// Create stores a new record. When the number of records has doubled, expired ones are removed.
func (s *MemoryStore) Create(_ context.Context, record Record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.records) >= s.sweepAt {
		s.sweep(time.Now())
		s.sweepAt = max(sweepFirst, 2*len(s.records))
	}
	record.Data = slices.Clone(record.Data)
	s.records[record.ID] = record
	return nil
}

// Update replaces a record, or returns ErrNotFound if it is gone.
func (s *MemoryStore) Update(_ context.Context, record Record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.records[record.ID]; !ok {
		return ErrNotFound
	}
	record.Data = slices.Clone(record.Data)
	s.records[record.ID] = record
	return nil
}

// Delete removes a record; that it is not there is no error.
func (s *MemoryStore) Delete(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.records, id)
	return nil
}

// DeleteExpired removes all records that expired before now.
func (s *MemoryStore) DeleteExpired(_ context.Context, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(now)
	return nil
}

func (s *MemoryStore) sweep(now time.Time) {
	for id, record := range s.records {
		if record.ExpiresAt.Before(now) {
			delete(s.records, id)
		}
	}
}

var _ Store = (*MemoryStore)(nil)
