package audit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/schema"
)

// Actor is the user that entries are recorded for.
type Actor struct {
	ID   int64
	Name string // "User 7" is recorded instead of a name that shows nothing
}

// NewEntry returns an entry for an action of actor on obj. It reads obj's key and name, so call it before a
// deletion and after a creation; store it with [Record] in the same transaction.
func NewEntry(actor Actor, action string, model *schema.Model, obj any, at time.Time) *LogEntry {
	name := display.Line(actor.Name)
	if !schema.Visible(name) {
		name = fmt.Sprintf("User %d", actor.ID)
	}
	return &LogEntry{
		At: at.UTC(), UserID: &actor.ID, UserName: display.Cut(name, 200), Action: action, Model: model.Key(),
		ObjectPK: KeyText(model.PK.Value(obj)), ObjectLabel: display.Cut(display.Line(model.Display(obj)), 200),
	}
}

// Record stores an entry with the changes of the fields. Call it in the transaction that changes the object.
func Record(ctx context.Context, db *orm.DB, entry *LogEntry, diffs ...Diff) error {
	if err := entry.SetDiffs(diffs); err != nil {
		return err
	}
	return db.Create(ctx, entry)
}

// History returns the entries of the object with the given key, newest first. It includes those of a deleted object
// with the same key.
func History(db *orm.DB, model *schema.Model, pk any) orm.Query[LogEntry] {
	return orm.Objects[LogEntry](db).Where("model", model.Key()).Where("object_pk", KeyText(pk)).OrderByNames("-at", "-id")
}

// Recent returns the latest entries of some models, newest first.
func Recent(ctx context.Context, db *orm.DB, limit int, models ...*schema.Model) ([]*LogEntry, error) {
	if len(models) == 0 {
		return nil, nil
	}
	keys := make([]any, len(models))
	for i, model := range models {
		keys[i] = model.Key()
	}
	return orm.Objects[LogEntry](db).Where("model__in", keys).OrderByNames("-at", "-id").Limit(limit).All(ctx)
}

// lastChangeWindow is the number of entries that LastChange reads.
const lastChangeWindow = 20

// LastChange returns the latest entry that changed a field of an object, among the object's last 20 entries. It
// returns nil if none did, as when other code than the admin changed it.
func LastChange(ctx context.Context, db *orm.DB, model *schema.Model, pk any, field string) (*LogEntry, error) {
	entries, err := History(db, model, pk).Limit(lastChangeWindow).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		for _, diff := range entry.Diffs() {
			if diff.Field == field {
				return entry, nil
			}
		}
	}
	return nil, nil
}

// KeyText returns a primary key as the text that entries store: valid UTF-8 without NUL, at most 200 characters.
func KeyText(pk any) string {
	text := strings.ToValidUTF8(fmt.Sprint(schema.Indirect(pk)), "\uFFFD")
	return display.Cut(strings.ReplaceAll(text, "\x00", "\uFFFD"), 200)
}
