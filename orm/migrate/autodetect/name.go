package autodetect

import (
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/schema"
)

// maxName is the greatest length of a generated name; with the number before it that is less than 40 characters.
const maxName = 34

// andMore ends the name of a migration that has more operations than its name describes.
const andMore = "_and_more"

// Name returns a name for a migration with these operations: "post_lang", "delete_tag", "rename_views_to_hits".
func Name(list []operations.Operation) string {
	var parts []string
	for _, op := range list {
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

func fragment(op operations.Operation) string {
	snake := schema.SnakeName
	switch op := op.(type) {
	case operations.CreateModel:
		return snake(op.Name)
	case operations.DeleteModel:
		return "delete_" + snake(op.Name)
	case operations.RenameModel:
		return "rename_" + snake(op.From) + "_to_" + snake(op.To)
	case operations.AlterModelTable:
		return "alter_" + snake(op.Name) + "_table"
	case operations.AddField:
		return snake(op.Model) + "_" + op.Field.Name
	case operations.RemoveField:
		return "remove_" + snake(op.Model) + "_" + op.Name
	case operations.AlterField:
		return "alter_" + snake(op.Model) + "_" + op.Field.Name
	case operations.RenameField:
		return "rename_" + op.From + "_to_" + op.To
	case operations.AddIndex:
		return strings.ToLower(op.Index.Name)
	case operations.RemoveIndex:
		return "remove_" + strings.ToLower(op.Name)
	case operations.AddConstraint:
		return strings.ToLower(op.Constraint.ConstraintName())
	case operations.RemoveConstraint:
		return "remove_" + strings.ToLower(op.Name)
	}
	return ""
}
