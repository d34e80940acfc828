package shops

import (
	"context"
	"fmt"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/signals"
)

// Log writes down every change of an article, in the transaction of the change.
func Log(db *orm.DB) {
	signals.AfterSave(db, func(ctx context.Context, e signals.SaveEvent[Article]) error {
		text := "changed " + e.Object.Title
		if e.Created {
			text = "created " + e.Object.Title
		}
		return db.Create(ctx, &Change{Text: text})
	})
	signals.AfterDelete(db, func(ctx context.Context, e signals.DeleteEvent[Article]) error {
		return db.Create(ctx, &Change{Text: fmt.Sprintf("deleted %s, marked: %v", e.Object.Title, e.Marked)})
	})
}
