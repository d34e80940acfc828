package autodetect_test

import (
	"fmt"

	"github.com/quintetgo/quintet/orm/migrate/autodetect"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

func ExampleChanges() {
	from, to := operations.NewState(nil), operations.NewState(nil)
	from.Put(&operations.Model{App: "blog", Name: "Post", Table: "blog_post", Fields: []operations.Field{operations.BigAuto("id")}})
	to.Put(&operations.Model{App: "blog", Name: "Post", Table: "blog_post", Fields: []operations.Field{
		operations.BigAuto("id"), operations.Char("title", 200).Null(),
	}})
	drafts, err := autodetect.Changes(from, to, autodetect.Options{})
	if err != nil {
		panic(err)
	}
	for _, draft := range drafts {
		fmt.Println(draft.App, autodetect.Name(draft.Operations), draft.Operations[0].Describe())
	}
	// Output: blog post_title Add field title to Post
}
