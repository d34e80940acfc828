package admin

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm/schema"
)

// views reports whether the user may view the objects of a model, registered here or not. Wherever a page names an object of
// another model it asks this first.
func (q *request) views(model *schema.Model) bool {
	if model == nil {
		return false
	}
	if e := q.site.entryOf(model); e != nil {
		return q.can("view", e)
	}
	name := strings.ToLower(model.Name)
	return q.perms.HasAny(model.App+".view_"+name, model.App+".change_"+name)
}

// name names an object in one line that always shows something: by its own text if the user may view it, and by its key
// otherwise. It may hold characters that change the direction of text: templates put it into <bdi>, everything else uses plain.
func (q *request) name(model *schema.Model, obj any) string {
	if !q.views(model) && model.PK != nil {
		return model.KeyName(model.PK.Value(obj))
	}
	return display.Line(model.Display(obj))
}

// plain is name for titles and messages, cut after some characters.
func (q *request) plain(model *schema.Model, obj any, limit int) string {
	return display.Cut(display.Plain(q.name(model, obj)), limit)
}

// keyText is an object's key the way the history keeps it, whatever the key holds.
func keyText(pk any) string {
	return display.Cut(strings.ReplaceAll(strings.ToValidUTF8(fmt.Sprint(schema.Indirect(pk)), "\uFFFD"), "\x00", "\uFFFD"), 200)
}
