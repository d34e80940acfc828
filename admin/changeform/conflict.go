package changeform

import (
	"context"

	"github.com/quintetgo/quintet/admin/audit"
	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm/modelforms"
)

// The texts of an edit conflict: {stored} is the value in the database now, {who} the user who stored it.
const (
	conflictText        = "{who} changed this to “{stored}”{when} after this page was opened. Save again to replace it with your value."
	conflictEmptyText   = "{who} cleared this{when} after this page was opened. Save again to replace it with your value."
	conflictUnknownText = "{who} changed this{when} after this page was opened. Save again to replace it with your value."
)

// conflictMessage describes a field that somebody else has changed since the page was opened: who and when, as far
// as the history knows. The form keeps the user's own input.
func (f *Form) conflictMessage(ctx context.Context, c modelforms.Conflict) message.Message {
	entry, err := audit.LastChange(ctx, f.env.DB, f.Model, f.Model.PK.Value(f.Object), c.Field.Name)
	if err != nil {
		f.failure = err
	}
	args := message.Args{"who": "Somebody else", "when": "", "stored": display.Cut(display.Plain(c.Stored), 200)}
	if entry != nil {
		args["who"] = display.Plain(entry.UserName)
		args["when"] = message.New("", " ({time})", message.Args{"time": f.env.Printer.Ago(entry.At)})
		if entry.UserID != nil && *entry.UserID == f.env.UserID {
			args["who"] = "You"
		}
	}
	text := conflictText
	switch {
	case Secret(c.Field):
		text = conflictUnknownText
	case c.Stored == "":
		text = conflictEmptyText
	}
	return message.New("conflict", text, args)
}
