package world

import "github.com/quintetgo/quintet/admin"

// AdminModels lists the models that the admin manages.
func (App) AdminModels() []admin.Model {
	return []admin.Model{
		admin.For[Country](admin.Options{
			List: []string{"flag", "name", "alpha2", "alpha3", "numeric"}, Filter: []string{"currencies"},
			Search: []string{"name", "official_name", "common_name", "=alpha2", "=alpha3", "names__name"},
		}),
		admin.For[Subdivision](admin.Options{
			List: []string{"code", "name", "kind", "country", "parent"}, Filter: []string{"country"}, Search: []string{"name", "^code"},
		}),
		admin.For[Language](admin.Options{
			List: []string{
				"name",
				"alpha3",
				"alpha2",
				"scope",
				"vitality",
			}, Filter: []string{"scope", "vitality"}, Search: []string{"name", "inverted_name", "=alpha3", "=alpha2"},
		}),
		admin.For[Currency](admin.Options{List: []string{"code", "name", "numeric"}, Search: []string{"name", "=code"}}),
		admin.For[CountryName](
			admin.Options{
				List:   []string{"name", "country", "language"},
				Filter: []string{"language"},
				Search: []string{"name", "country__name"},
			},
		),
	}
}
