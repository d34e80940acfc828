package operations_test

import (
	"fmt"

	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// The operations of migrations, replayed in order, lead to the present models.
func ExampleState() {
	s := operations.NewState(nil)
	for _, op := range []operations.Operation{
		operations.CreateModel{Name: "Post", Fields: []operations.Field{operations.BigAuto("id"), operations.Char("title", 200)}},
		operations.AddField{Model: "Post", Field: operations.Char("lang", 2).Backfill("en")},
		operations.RenameField{Model: "Post", From: "lang", To: "language"},
	} {
		if err := op.Apply("blog", s); err != nil {
			panic(err)
		}
		fmt.Println(op.Describe())
	}
	m, err := s.Model("blog.Post")
	fmt.Println(m.Table, m.FieldNames(), err)
	// Output:
	// Create model Post
	// Add field lang to Post
	// Rename field lang on Post to language
	// blog_post [id title language] <nil>
}

func ExampleField_Constructor() {
	fmt.Println(operations.BigAuto("id").Constructor(), operations.Decimal("price", 10, 2).Constructor())
	// Output: BigAuto Decimal
}
