package blog

import "github.com/quintetgo/quintet/framework/forms"

// commentForm is what readers may send.
type commentForm struct {
	Name string
	Body string
}

// Fields configures validation, labels and relations.
func (c *commentForm) Fields(f *forms.Fields) {
	forms.Describe(f, &c.Name).Label("Your name").Max(80).Attr("autocomplete", "name")
	forms.Describe(f, &c.Body).Label("Comment").Textarea().Max(2000).Help("Plain text. An empty line begins a paragraph.")
}
