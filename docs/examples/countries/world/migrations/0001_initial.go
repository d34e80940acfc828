package migrations

import m "github.com/quintetgo/quintet/orm/migrate/operations"

var m0001Initial = m.Migration{
	Name: "0001_initial",
	Operations: []m.Operation{
		m.CreateModel{
			Name: "Currency",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.Char("code", 3).Unique(),
				m.Char("numeric", 3).Unique(),
				m.Char("name", 100),
			},
		},
		m.CreateModel{
			Name: "Country",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.Char("alpha2", 2).Unique(),
				m.Char("alpha3", 3).Unique(),
				m.Char("numeric", 3).Unique(),
				m.Char("name", 100).Index(),
				m.Char("official_name", 100),
				m.Char("common_name", 100),
				m.Char("flag", 8),
				m.ManyToMany("currencies", "world.Currency"),
			},
		},
		m.CreateModel{
			Name: "Language",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.Char("alpha3", 3).Unique(),
				m.Char("alpha2", 2).Index(),
				m.Char("name", 100).Index(),
				m.Char("inverted_name", 100),
				m.Char("scope", 1),
				m.Char("vitality", 1),
			},
		},
		m.CreateModel{
			Name: "CountryName",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.ForeignKey("country", "world.Country"),
				m.ForeignKey("language", "world.Language"),
				m.Char("name", 200).Index(),
			},
			Unique: []m.Unique{
				{Name: "world_country_name_country_id_language_id_uniq", Fields: []string{"country", "language"}},
			},
		},
		m.CreateModel{
			Name: "Subdivision",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.Char("code", 10).Unique(),
				m.Char("name", 100).Index(),
				m.Char("kind", 60),
				m.ForeignKey("country", "world.Country"),
				m.ForeignKey("parent", "world.Subdivision").Null(),
			},
		},
	},
}
