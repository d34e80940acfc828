package audit_test

import (
	"fmt"
	"time"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/orm/registry"
)

type Post struct {
	ID    int64
	Title string `gorm:"size:50"`
}

func (p Post) String() string { return p.Title }

func ExampleNewEntry() {
	models := &registry.Registry{}
	if err := models.Register("blog", &Post{}); err != nil {
		panic(err)
	}
	model, err := models.Model("blog.Post")
	if err != nil {
		panic(err)
	}
	at := time.Date(2026, 12, 2, 20, 0, 0, 0, time.UTC)
	entry := audit.NewEntry(audit.Actor{ID: 7, Name: "Rosa Root"}, audit.Change, model, &Post{ID: 3, Title: "Night train"}, at)
	fmt.Println(entry)
	fmt.Println(entry.Model, entry.ObjectPK, *entry.UserID)
	// Output:
	// Rosa Root changed Night train
	// blog.post 3 7
}

// The changes are stored as text. Secret values are replaced by a note.
func ExampleLogEntry_Diffs() {
	var entry audit.LogEntry
	err := entry.SetDiffs([]audit.Diff{
		{Field: "title", Label: "Title", Before: "Night bus", After: "Night train"},
		{Field: "api_token", Label: "API token", Note: audit.NoteSecret},
	})
	if err != nil {
		panic(err)
	}
	for _, d := range entry.Diffs() {
		fmt.Printf("%s: %v %q\n", d.Label, d.Parts(), d.Note.Message())
	}
	// Output:
	// Title: [{ Night } {del bus} {ins train}] ""
	// API token: [] "A new value was set."
}
