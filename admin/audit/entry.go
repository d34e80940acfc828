// Package audit records the changes made in the admin: who added, changed or deleted which object, when, and how its
// fields differed.
package audit

import (
	"encoding/json"
	"time"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm"
)

// The actions that are recorded.
const (
	Add    = "add"
	Change = "change"
	Delete = "delete"
)

// LogEntry is one thing that somebody did. It outlives both the user and the object.
type LogEntry struct {
	ID          int64
	At          time.Time
	UserID      *int64
	UserName    string `gorm:"size:200"`
	Action      string `gorm:"size:10"`
	Model       string `gorm:"size:200"` // key of the model, "blog.post"
	ObjectPK    string `gorm:"size:200"`
	ObjectLabel string `gorm:"size:200"`
	Changes     string `gorm:"type:text"` // a JSON list of Diff
}

// Fields says what GORM's tags cannot.
func (e *LogEntry) Fields(f *orm.Fields) {
	orm.FKTo(f, &e.UserID, "auth.User").OnDelete(orm.SetNull).Related("-")
	orm.Describe(f, &e.Changes).Blank()
}

// Meta gives the model's names, order and indexes.
func (*LogEntry) Meta() orm.Meta {
	return orm.Meta{
		Label: "history entry", LabelPlural: "history entries", Ordering: []string{"-at", "-id"},
		Indexes: []orm.Index{{Name: "admin_log_entry_at", Fields: []string{"at"}}, {Name: "admin_log_entry_object", Fields: []string{"model", "object_pk"}}},
	}
}

// String tells the entry in a few words.
func (e LogEntry) String() string { return e.UserName + " " + e.Verb() + " " + e.ObjectLabel }

// Verb is the action in the past tense.
func (e LogEntry) Verb() string {
	switch e.Action {
	case Add:
		return "added"
	case Delete:
		return "deleted"
	}
	return "changed"
}

// Diff is how one field changed, as text that people read.
type Diff struct {
	Field  string `json:"field"`
	Label  string `json:"label"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	Note   string `json:"note,omitempty"` // instead of values that are not kept, such as passwords
}

// Parts gives the words that went and came.
func (d Diff) Parts() []display.Part {
	if d.Note != "" {
		return nil
	}
	return display.Diff(d.Before, d.After)
}

// Diffs reads the recorded changes.
func (e LogEntry) Diffs() []Diff {
	var diffs []Diff
	if e.Changes == "" || json.Unmarshal([]byte(e.Changes), &diffs) != nil {
		return nil
	}
	return diffs
}

// keep is how much of a long text is recorded.
const keep = 20_000

// SetDiffs records changes; texts beyond 20,000 characters are cut.
func (e *LogEntry) SetDiffs(diffs []Diff) error {
	if len(diffs) == 0 {
		e.Changes = ""
		return nil
	}
	cut := make([]Diff, len(diffs))
	for i, d := range diffs {
		d.Before, d.After = display.Cut(d.Before, keep), display.Cut(d.After, keep)
		cut[i] = d
	}
	raw, err := json.Marshal(cut)
	if err != nil {
		return err
	}
	e.Changes = string(raw)
	return nil
}
