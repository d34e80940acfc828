package optimizer_test

import (
	"fmt"

	"github.com/quintetgo/quintet/orm/migrate/operations"
	"github.com/quintetgo/quintet/orm/migrate/optimizer"
)

func ExampleOptimize() {
	list := optimizer.Optimize("blog", []operations.Operation{
		operations.CreateModel{Name: "Post", Fields: []operations.Field{operations.BigAuto("id")}},
		operations.AddField{Model: "Post", Field: operations.Char("title", 200)},
		operations.AddField{Model: "Post", Field: operations.Int("rank")},
		operations.RemoveField{Model: "Post", Name: "rank"},
	})
	for _, op := range list {
		fmt.Println(op.Describe(), len(op.(operations.CreateModel).Fields))
	}
	// Output: Create model Post 2
}
