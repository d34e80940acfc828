package admin

import (
	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/modelforms"
)

// conflictTexts are the texts for a field that somebody has changed since the page was opened, by who it was, as far as the
// history knows, and by what is stored now: a value that is not shown, no value, or another one.
var conflictTexts = map[string][3]string{
	"unknown": {
		"Somebody else has changed this since the page was opened. Save again to store your value instead.",
		"Somebody else has cleared this since the page was opened. Save again to store your value instead.",
		"Somebody else has changed this to “{stored}” since the page was opened. Save again to store your value instead.",
	},
	"other": {
		"{user} has changed this since the page was opened ({time}). Save again to store your value instead.",
		"{user} has cleared this since the page was opened ({time}). Save again to store your value instead.",
		"{user} has changed this to “{stored}” since the page was opened ({time}). Save again to store your value instead.",
	},
	"self": {
		"You have changed this elsewhere since the page was opened ({time}). Save again to store your value instead.",
		"You have cleared this elsewhere since the page was opened ({time}). Save again to store your value instead.",
		"You have changed this elsewhere to “{stored}” since the page was opened ({time}). Save again to store your value instead.",
	},
}

// conflictMessage returns the message at a field that somebody has changed since the page was opened. The user's own input
// stays in the form.
func (q *request) conflictMessage(obj any, c modelforms.Conflict) message.Message {
	who, args := "unknown", message.Args{"stored": display.Cut(display.Plain(c.Stored), 200)}
	entry, err := q.lastChange(obj, c.Field.Name)
	if err != nil {
		q.failed = err
	}
	if entry != nil {
		who = "other"
		if entry.UserID != nil && *entry.UserID == q.user.UserID() {
			who = "self"
		}
		args["user"], args["time"] = display.Plain(entry.UserName), q.printer().Ago(entry.At)
	}
	texts := conflictTexts[who]
	switch {
	case secret(c.Field):
		delete(args, "stored")
		return message.New("conflict", texts[0], args)
	case c.Stored == "":
		return message.New("conflict", texts[1], args)
	}
	return message.New("conflict", texts[2], args)
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
