package admin

import (
	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/modelforms"
)

// conflictMessage tells whoever edits a field that somebody else has changed it, who that was and when, as far as the history
// knows. Their own input stays in the form.
func (q *request) conflictMessage(obj any, c modelforms.Conflict) string {
	who, when := "Somebody else", ""
	entry, err := q.lastChange(obj, c.Field.Name)
	if err != nil {
		q.failed = err
	}
	if entry != nil {
		who, when = display.Plain(entry.UserName), " ("+q.printer().Ago(entry.At)+")"
		if entry.UserID != nil && *entry.UserID == q.user.UserID() {
			who = "You"
		}
	}
	stored := "to something else"
	switch {
	case secret(c.Field):
	case c.Stored == "":
		stored = "to nothing"
	default:
		stored = "to “" + display.Cut(display.Plain(c.Stored), 200) + "”"
	}
	verb := " has changed this "
	if who == "You" {
		verb = " have changed this elsewhere "
	}
	return who + verb + stored + when + " since this page was opened. Save again to store yours instead."
}

// lastChange finds the latest entry of the history that changed a field of an object, among the last few; nil if none did,
// as the change was made by other code.
func (q *request) lastChange(obj any, field string) (*audit.LogEntry, error) {
	entries, err := orm.Objects[audit.LogEntry](q.app.db).Where("model", q.entry.model.Key()).
		Where("object_pk", keyText(q.entry.model.PK.Value(obj))).OrderByNames("-at", "-id").Limit(20).All(q.Context())
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
