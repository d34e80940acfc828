package catalog

import "github.com/quintetgo/quintet/admin"

// AdminModels lists the models that the admin manages.
func (App) AdminModels() []admin.Model {
	return []admin.Model{
		admin.For[Book](admin.Options{
			List:   []string{"title", "author", "year", "on_shelf"},
			Filter: []string{"on_shelf", "subjects", "author"},
			Search: []string{"title", "author__name"},
		}),
		admin.For[Author](admin.Options{Search: []string{"name"}}),
		admin.For[Subject](admin.Options{}),
		admin.For[Wish](admin.Options{List: []string{"title", "email", "asked_at"}, NoAdd: true}),
	}
}
