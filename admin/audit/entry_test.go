package audit_test

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/admin/audit"
)

func TestDiffsAreRecorded(t *testing.T) {
	t.Parallel()
	var entry audit.LogEntry
	want := []audit.Diff{
		{Field: "title", Label: "Title", Before: "<b>old</b>", After: "new & \"quoted\""},
		{Field: "password", Label: "Password", Note: audit.NotePassword},
	}
	if err := entry.SetDiffs(want); err != nil {
		t.Fatal(err)
	}
	got := entry.Diffs()
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got[1].Parts() != nil {
		t.Error("a note has no parts")
	}
}

func TestLongTextsAreShortened(t *testing.T) {
	t.Parallel()
	var entry audit.LogEntry
	if err := entry.SetDiffs([]audit.Diff{{Field: "body", After: strings.Repeat("é", 100_000)}}); err != nil {
		t.Fatal(err)
	}
	if got := len([]rune(entry.Diffs()[0].After)); got != 20_000 {
		t.Errorf("kept %d characters", got)
	}
}

func TestInvalidRecords(t *testing.T) {
	t.Parallel()
	if got := (audit.LogEntry{Changes: "{"}).Diffs(); got != nil {
		t.Errorf("got %v", got)
	}
}
