package session

import "testing"

func TestIsRead(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]bool{
		"SELECT 1":                         true,
		"\n\t select(1)":                   true,
		"(SELECT 1) UNION SELECT 2":        true,
		"EXPLAIN DELETE FROM t":            true,
		"VALUES (1)":                       true,
		"WITH a AS (SELECT 1) SELECT 1":    true,
		"WITH a AS (SELECT 1) DELETE FROM": false,
		"with a as (select 1) insert":      false,
		"INSERT INTO t VALUES (1)":         false,
		"PRAGMA journal_mode":              false,
		"-- a comment\nSELECT 1":           false, // in doubt, a write
		"":                                 false,
	} {
		if got := isRead(query); got != want {
			t.Errorf("isRead(%q) = %v", query, got)
		}
	}
}

func TestReferenceSet(t *testing.T) {
	t.Parallel()
	for _, ordered := range []bool{true, false} {
		var set referenceSet
		for range 2 {
			for i := range 40 {
				set.add(Reference{Key: int64(i)}, ordered)
			}
		}
		if set.len() != 40 || !set.has(Reference{Key: int64(0)}) || !set.has(Reference{Key: int64(39)}) || set.has(Reference{Key: int64(40)}) {
			t.Errorf("ordered %v: %d references", ordered, set.len())
		}
		if ordered && set.list[39] != (Reference{Key: int64(39)}) {
			t.Errorf("the order is lost: %v", set.list)
		}
	}
}
