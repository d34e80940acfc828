// Package sessionstest holds the tests that every session store has to pass.
//
//	func TestStore(t *testing.T) {
//		sessionstest.Run(t, func(t *testing.T) sessions.Store { return newStore(t) })
//	}
package sessionstest

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/sessions"
)

// Run tests a store. NewStore is called once per test and returns an empty store of its own; it
// cleans up with t.Cleanup.
func Run(t *testing.T, newStore func(t *testing.T) sessions.Store) {
	t.Helper()
	tests := []struct {
		name string
		test func(t *testing.T, store sessions.Store)
	}{
		{"a created record is loaded as it was", created},
		{"an absent record is not found", absent},
		{"an expired record is not found", expired},
		{"an update replaces the record", updated},
		{"an update does not bring back a deleted record", updateAfterDelete},
		{"a deleted record is gone and may be deleted again", deleted},
		{"deleting expired records keeps the others", deleteExpired},
		{"data is not shared with the caller", notShared},
		{"many records at once", concurrent},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { test.test(t, newStore(t)) })
	}
}

func record(id string) sessions.Record {
	return sessions.Record{
		ID:        fmt.Sprintf("%064s", id),
		Data:      []byte(`{"v":{"name":"Zoë \u0000 \"quoted\" 🎻"}}`),
		UserID:    "42",
		ExpiresAt: time.Now().Add(time.Hour).UTC().Truncate(time.Second),
	}
}

func create(t *testing.T, store sessions.Store, r sessions.Record) {
	t.Helper()
	if err := store.Create(t.Context(), r); err != nil {
		t.Fatalf("Create: %v", err)
	}
}

func wantRecord(t *testing.T, store sessions.Store, want sessions.Record) {
	t.Helper()
	got, err := store.Load(t.Context(), want.ID)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	if got.ID != want.ID || !bytes.Equal(got.Data, want.Data) || got.UserID != want.UserID || !got.ExpiresAt.Equal(want.ExpiresAt) {
		t.Errorf("Load returns\n %+v\nwant\n %+v", got, want)
	}
}

func wantAbsent(t *testing.T, store sessions.Store, id string) {
	t.Helper()
	if got, err := store.Load(t.Context(), id); !errors.Is(err, sessions.ErrNotFound) {
		t.Errorf("Load returns %+v, %v; want ErrNotFound", got, err)
	}
}

func created(t *testing.T, store sessions.Store) {
	want := record("a")
	create(t, store, want)
	wantRecord(t, store, want)
	anonymous := record("b")
	anonymous.UserID, anonymous.Data = "", []byte("{}")
	create(t, store, anonymous)
	wantRecord(t, store, anonymous)
	wantRecord(t, store, want)
}

func absent(t *testing.T, store sessions.Store) {
	wantAbsent(t, store, record("a").ID)
	wantAbsent(t, store, "")
	wantAbsent(t, store, "' OR 1=1 --")
}

func expired(t *testing.T, store sessions.Store) {
	old := record("a")
	old.ExpiresAt = time.Now().Add(-time.Second).UTC()
	create(t, store, old)
	wantAbsent(t, store, old.ID)
}

func updated(t *testing.T, store sessions.Store) {
	want, other := record("a"), record("b")
	create(t, store, want)
	create(t, store, other)
	want.Data, want.UserID, want.ExpiresAt = []byte(`{"v":{}}`), "", want.ExpiresAt.Add(time.Hour)
	if err := store.Update(t.Context(), want); err != nil {
		t.Fatalf("Update: %v", err)
	}
	wantRecord(t, store, want)
	wantRecord(t, store, other)
}

func updateAfterDelete(t *testing.T, store sessions.Store) {
	r := record("a")
	create(t, store, r)
	if err := store.Delete(t.Context(), r.ID); err != nil {
		t.Fatalf("Delete: %v", err)
	}
	if err := store.Update(t.Context(), r); !errors.Is(err, sessions.ErrNotFound) {
		t.Errorf("Update of a deleted record: %v, want ErrNotFound", err)
	}
	wantAbsent(t, store, r.ID)
}

func deleted(t *testing.T, store sessions.Store) {
	r, other := record("a"), record("b")
	create(t, store, r)
	create(t, store, other)
	for range 2 {
		if err := store.Delete(t.Context(), r.ID); err != nil {
			t.Fatalf("Delete: %v", err)
		}
	}
	wantAbsent(t, store, r.ID)
	wantRecord(t, store, other)
}

func deleteExpired(t *testing.T, store sessions.Store) {
	soon, later := record("a"), record("b")
	soon.ExpiresAt = soon.ExpiresAt.Add(-30 * time.Minute)
	create(t, store, soon)
	create(t, store, later)
	if err := store.DeleteExpired(t.Context(), soon.ExpiresAt.Add(time.Minute)); err != nil {
		t.Fatalf("DeleteExpired: %v", err)
	}
	wantAbsent(t, store, soon.ID)
	wantRecord(t, store, later)
}

func notShared(t *testing.T, store sessions.Store) {
	want := record("a")
	given := want
	given.Data = bytes.Clone(want.Data)
	create(t, store, given)
	given.Data[0] = 'X'
	wantRecord(t, store, want)
	loaded, err := store.Load(t.Context(), want.ID)
	if err != nil {
		t.Fatal(err)
	}
	loaded.Data[0] = 'X'
	wantRecord(t, store, want)
}

func concurrent(t *testing.T, store sessions.Store) {
	var wait sync.WaitGroup
	for i := range 16 {
		wait.Go(func() {
			r := record(fmt.Sprint("c", i))
			if err := store.Create(t.Context(), r); err != nil {
				t.Errorf("Create: %v", err)
				return
			}
			r.UserID = fmt.Sprint(i)
			if err := store.Update(t.Context(), r); err != nil {
				t.Errorf("Update: %v", err)
			}
			if got, err := store.Load(t.Context(), r.ID); err != nil || got.UserID != r.UserID {
				t.Errorf("Load: %+v, %v", got, err)
			}
		})
	}
	wait.Wait()
}
