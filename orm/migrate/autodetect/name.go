package autodetect

import (
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/state"
	"github.com/quintetgo/quintet/orm/schema"
)

// maxName is how long a made-up name may get; with the number before it that is less than 40 letters.
const maxName = 34

// andMore ends the name of a migration that does more than its name says.
const andMore = "_and_more"

// Name makes a name for a migration of what it does: "post_lang", "delete_tag", "rename_views_to_hits".
func Name(operations []state.Operation) string {
	var parts []string
	for _, op := range operations {
		if part := fragment(op); part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return "custom"
	}
	name := shorten(parts[0], maxName)
	for i, part := range parts[1:] {
		limit := maxName
		if i+2 < len(parts) {
			limit -= len(andMore)
		}
		if len(name)+1+len(part) > limit {
			return shorten(name, maxName-len(andMore)) + andMore
		}
		name += "_" + part
	}
	return name
}

// shorten cuts a name at the end of a word, or within its only one.
func shorten(name string, limit int) string {
	if len(name) <= limit {
		return name
	}
	cut := name[:limit]
	if i := strings.LastIndexByte(cut, '_'); name[limit] != '_' && i > 0 {
		cut = cut[:i]
	}
	for _, word := range []string{"_to", "_and", "_of"} {
		cut = strings.TrimSuffix(cut, word)
	}
	return strings.Trim(strings.ToValidUTF8(cut, ""), "_")
}

func fragment(op state.Operation) string {
	snake := schema.SnakeName
	switch op := op.(type) {
	case state.CreateModel:
		return snake(op.Name)
	case state.DeleteModel:
		return "delete_" + snake(op.Name)
	case state.RenameModel:
		return "rename_" + snake(op.From) + "_to_" + snake(op.To)
	case state.AlterModelTable:
		return "alter_" + snake(op.Name) + "_table"
	case state.AddField:
		return snake(op.Model) + "_" + op.Field.Name
	case state.RemoveField:
		return "remove_" + snake(op.Model) + "_" + op.Name
	case state.AlterField:
		return "alter_" + snake(op.Model) + "_" + op.Field.Name
	case state.RenameField:
		return "rename_" + op.From + "_to_" + op.To
	case state.AddIndex:
		return strings.ToLower(op.Index.Name)
	case state.RemoveIndex:
		return "remove_" + strings.ToLower(op.Name)
	case state.AddConstraint:
		return strings.ToLower(op.Constraint.ConstraintName())
	case state.RemoveConstraint:
		return "remove_" + strings.ToLower(op.Name)
	}
	return ""
}
