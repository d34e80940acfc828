// Package audit records the changes made in the admin: who added, changed or deleted which object, when, and how its
// fields differed.
package audit

import (
	"encoding/json"
	"time"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm"
)

// The actions that are recorded.
const (
	Add    = "add"
	Change = "change"
	Delete = "delete"
)

// LogEntry is the record of one action. It does not refer to the object and is kept when the user or the object is
// deleted.
type LogEntry struct {
	ID          int64
	At          time.Time
	UserID      *int64 // nil when the user has been deleted
	UserName    string `gorm:"size:200"`
	Action      string `gorm:"size:10"`   // Add, Change or Delete
	Model       string `gorm:"size:200"`  // key of the model, "blog.post"
	ObjectPK    string `gorm:"size:200"`  // see [KeyText]
	ObjectLabel string `gorm:"size:200"`  // name of the object at that time
	Changes     string `gorm:"type:text"` // a JSON list of Diff; see [LogEntry.Diffs]
}

// Fields configures the relation to the user and the optional fields.
func (e *LogEntry) Fields(f *orm.Fields) {
	orm.FKTo(f, &e.UserID, "auth.User").OnDelete(orm.SetNull).Related("-")
	orm.Describe(f, &e.Changes).Blank()
}

// Meta returns the model's labels, order and indexes.
func (*LogEntry) Meta() orm.Meta {
	return orm.Meta{
		Label: "history entry", LabelPlural: "history entries", Ordering: []string{"-at", "-id"},
		Indexes: []orm.Index{
			{Name: "admin_log_entry_at", Fields: []string{"at"}},
			{Name: "admin_log_entry_object", Fields: []string{"model", "object_pk"}},
		},
	}
}

// String returns the user, the action in the past tense and the object: "Rosa Root changed Night train".
func (e LogEntry) String() string { return e.UserName + " " + e.Verb() + " " + e.ObjectLabel }

// Verb returns the action in the past tense: "added", "changed" or "deleted".
func (e LogEntry) Verb() string {
	switch e.Action {
	case Add:
		return "added"
	case Delete:
		return "deleted"
	}
	return "changed"
}

// Diff is the change of one field, as the text that pages show.
type Diff struct {
	Field  string `json:"field"`
	Label  string `json:"label"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	Note   Note   `json:"note,omitempty"` // replaces values that are not recorded
}

// Parts returns the text with the words that were deleted and inserted; nil if the diff has a note.
func (d Diff) Parts() []display.Part {
	if d.Note != "" {
		return nil
	}
	return display.Diff(d.Before, d.After)
}

// Note is a code for a change whose values are not recorded or not shown.
type Note string

// The notes.
const (
	NoteSecret   Note = "secret"    // the field is secret
	NotePassword Note = "password"  // a user got another password
	NoteSameText Note = "same_text" // both values have the same text
	NoteHidden   Note = "hidden"    // the values name objects that the user may not view
)

// Message returns the note for pages; the zero message for an empty note.
func (n Note) Message() message.Message {
	switch n {
	case NoteSecret:
		return message.Text("A new value was set.")
	case NotePassword:
		return message.Text("A new password was set.")
	case NoteSameText:
		return message.Text("The value was changed; its text looks the same.")
	case NoteHidden:
		return message.Text("Another object was selected.")
	}
	return message.Text(string(n))
}

// Diffs returns the recorded changes; nil if there are none or they cannot be decoded.
func (e LogEntry) Diffs() []Diff {
	var diffs []Diff
	if e.Changes == "" || json.Unmarshal([]byte(e.Changes), &diffs) != nil {
		return nil
	}
	return diffs
}

// recordedLength is the number of characters of a value that is recorded.
const recordedLength = 20_000

// SetDiffs replaces the recorded changes. Texts beyond 20,000 characters are shortened.
func (e *LogEntry) SetDiffs(diffs []Diff) error {
	if len(diffs) == 0 {
		e.Changes = ""
		return nil
	}
	shortened := make([]Diff, len(diffs))
	for i, d := range diffs {
		d.Before, d.After = display.Cut(d.Before, recordedLength), display.Cut(d.After, recordedLength)
		shortened[i] = d
	}
	raw, err := json.Marshal(shortened)
	if err != nil {
		return err
	}
	e.Changes = string(raw)
	return nil
}
