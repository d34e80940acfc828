package optimizer_test

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/optimizer"
)

func TestOperations(t *testing.T) {
	t.Parallel()
	create := operations.CreateModel{Name: "Post", Fields: []operations.Field{operations.BigAuto("id"), operations.Int("views")}}
	tag := operations.CreateModel{Name: "Tag", Fields: []operations.Field{operations.BigAuto("id")}}
	for name, tc := range map[string]struct {
		ops  []operations.Operation
		want string
	}{
		"create and add":         {[]operations.Operation{create, operations.AddField{Model: "Post", Field: operations.Int("x")}}, "Create model Post [id views x]"},
		"create and delete":      {[]operations.Operation{create, tag, operations.DeleteModel{Name: "Post"}}, "Create model Tag [id]"},
		"create and rename":      {[]operations.Operation{create, operations.RenameField{Model: "Post", From: "views", To: "hits"}, operations.RenameModel{From: "Post", To: "Tune"}}, "Create model Tune [id hits]"},
		"a target made later":    {[]operations.Operation{create, tag, operations.AddField{Model: "Post", Field: operations.ForeignKey("tag", "blog.Tag")}}, "Create model Tag [id] | Create model Post [id views tag]"},
		"add and remove":         {[]operations.Operation{operations.AddField{Model: "Post", Field: operations.Int("x")}, tag, operations.RemoveField{Model: "Post", Name: "x"}}, "Create model Tag [id]"},
		"add, alter, rename":     {[]operations.Operation{operations.AddField{Model: "Post", Field: operations.Int("x").Backfill(1)}, operations.AlterField{Model: "Post", Field: operations.BigInt("x")}, operations.RenameField{Model: "Post", From: "x", To: "y"}}, "Add field y to Post"},
		"rename there and back":  {[]operations.Operation{operations.RenameField{Model: "Post", From: "a", To: "b"}, operations.RenameField{Model: "Post", From: "b", To: "a"}}, ""},
		"SQL is in the way":      {[]operations.Operation{create, operations.RunSQL{Forward: "x"}, operations.AddField{Model: "Post", Field: operations.Int("x")}}, "Create model Post [id views] | Run SQL | Add field x to Post"},
		"an index and gone":      {[]operations.Operation{operations.AddIndex{Model: "Post", Index: operations.Index{Name: "i", Fields: []string{"views"}}}, operations.RemoveIndex{Model: "Post", Name: "i"}}, ""},
		"a backfill is a change": {[]operations.Operation{operations.AlterField{Model: "Post", Field: operations.Int("x").Backfill(1)}, operations.AlterField{Model: "Post", Field: operations.BigInt("x")}}, "Alter field x on Post | Alter field x on Post"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, op := range optimizer.Optimize("blog", tc.ops) {
				text := op.Describe()
				if c, ok := op.(operations.CreateModel); ok {
					text += " [" + strings.Join(c.Model("blog").FieldNames(), " ") + "]"
				}
				got = append(got, text)
			}
			if all := strings.Join(got, " | "); all != tc.want {
				t.Errorf("got %q, want %q", all, tc.want)
			}
		})
	}
}
