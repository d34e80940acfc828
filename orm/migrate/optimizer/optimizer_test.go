package optimizer_test

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/migrate/optimizer"
	"github.com/quintetgo/quintet/orm/migrate/state"
)

func TestOperations(t *testing.T) {
	t.Parallel()
	create := state.CreateModel{Name: "Post", Fields: []state.Field{state.BigAuto("id"), state.Int("views")}}
	tag := state.CreateModel{Name: "Tag", Fields: []state.Field{state.BigAuto("id")}}
	for name, tc := range map[string]struct {
		ops  []state.Operation
		want string
	}{
		"create and add":         {[]state.Operation{create, state.AddField{Model: "Post", Field: state.Int("x")}}, "Create model Post [id views x]"},
		"create and delete":      {[]state.Operation{create, tag, state.DeleteModel{Name: "Post"}}, "Create model Tag [id]"},
		"create and rename":      {[]state.Operation{create, state.RenameField{Model: "Post", From: "views", To: "hits"}, state.RenameModel{From: "Post", To: "Tune"}}, "Create model Tune [id hits]"},
		"a target made later":    {[]state.Operation{create, tag, state.AddField{Model: "Post", Field: state.ForeignKey("tag", "blog.Tag")}}, "Create model Tag [id] | Create model Post [id views tag]"},
		"add and remove":         {[]state.Operation{state.AddField{Model: "Post", Field: state.Int("x")}, tag, state.RemoveField{Model: "Post", Name: "x"}}, "Create model Tag [id]"},
		"add, alter, rename":     {[]state.Operation{state.AddField{Model: "Post", Field: state.Int("x").Backfill(1)}, state.AlterField{Model: "Post", Field: state.BigInt("x")}, state.RenameField{Model: "Post", From: "x", To: "y"}}, "Add field y to Post"},
		"rename there and back":  {[]state.Operation{state.RenameField{Model: "Post", From: "a", To: "b"}, state.RenameField{Model: "Post", From: "b", To: "a"}}, ""},
		"SQL is in the way":      {[]state.Operation{create, state.RunSQL{Forward: "x"}, state.AddField{Model: "Post", Field: state.Int("x")}}, "Create model Post [id views] | Run SQL | Add field x to Post"},
		"an index and gone":      {[]state.Operation{state.AddIndex{Model: "Post", Index: state.Index{Name: "i", Fields: []string{"views"}}}, state.RemoveIndex{Model: "Post", Name: "i"}}, ""},
		"a backfill is a change": {[]state.Operation{state.AlterField{Model: "Post", Field: state.Int("x").Backfill(1)}, state.AlterField{Model: "Post", Field: state.BigInt("x")}}, "Alter field x on Post | Alter field x on Post"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, op := range optimizer.Optimize("blog", tc.ops) {
				text := op.Describe()
				if c, ok := op.(state.CreateModel); ok {
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
