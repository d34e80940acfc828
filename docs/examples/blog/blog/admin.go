package blog

import "github.com/quintetgo/quintet/admin"

// AdminModels lists the models that the admin manages.
func (App) AdminModels() []admin.Model {
	return []admin.Model{
		admin.For[Post](admin.Options{
			List:   []string{"title", "author", "status", "published_at"},
			Filter: []string{"status", "tags", "author"},
			Search: []string{"title", "summary", "body"},
			Fieldsets: []admin.Fieldset{
				{Title: "Post", Fields: []string{"title", "slug", "summary", "body"}},
				{Title: "Publication", Fields: []string{"status", "author", "tags", "published_at"}},
			},
		}),
		admin.For[Tag](admin.Options{List: []string{"name", "slug"}, Search: []string{"name"}}),
		admin.For[Comment](admin.Options{
			List:   []string{"name", "post", "hidden", "created_at"},
			Filter: []string{"hidden"},
			Search: []string{"name", "body"},
			Order:  []string{"-created_at"},
		}),
	}
}
