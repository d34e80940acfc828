package forms_test

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/quintetgo/quintet/framework/forms"
)

type Comment struct {
	Name string
	Body string
	Site *string // optional
}

func (c *Comment) Fields(f *forms.Fields) {
	forms.Describe(f, &c.Name).Label("Your name").Max(20)
	forms.Describe(f, &c.Body).Textarea()
	forms.Describe(f, &c.Site).URL().Help("Your own page.")
}

func (c *Comment) Clean() error {
	if strings.Contains(c.Body, "casino") {
		return forms.Invalid("body", "This looks like an advertisement.")
	}
	return nil
}

func Example() {
	var comment Comment
	form := forms.New(&comment)
	if form.ParseValues(url.Values{"name": {"Ann"}, "body": {"Nice!"}, "site": {"ann.example"}}) {
		fmt.Println(comment.Name, comment.Body, *comment.Site)
	}

	form = forms.New(&Comment{})
	form.ParseValues(url.Values{"name": {"Ann"}, "body": {"casino"}})
	fmt.Println(form.Errors()["body"][0])
	// Output:
	// Ann Nice! https://ann.example
	// This looks like an advertisement.
}
