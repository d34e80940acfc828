package detect

import (
	"strings"

	"github.com/quintetgo/quintet/orm/migrate/state"
	"github.com/quintetgo/quintet/orm/schema"
)

// maxName is how long a made-up name may get.
const maxName = 52

// Name makes a name for a migration of what it does: "post_lang", "delete_tag", "rename_post_views_to_hits".
func Name(operations []state.Operation) string {
	var name string
	for _, op := range operations {
		part := fragment(op)
		switch {
		case part == "":
			continue
		case name == "":
			name = part
		case len(name)+1+len(part) > maxName:
			return name + "_and_more"
		default:
			name += "_" + part
		}
	}
	if name == "" {
		return "custom"
	}
	return name
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
		return "rename_" + snake(op.Model) + "_" + op.From + "_to_" + op.To
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
