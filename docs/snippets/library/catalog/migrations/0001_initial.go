package migrations

import m "github.com/quintetgo/quintet/orm/migrate/operations"

var m0001Initial = m.Migration{
	Name: "0001_initial",
	Operations: []m.Operation{
		m.CreateModel{
			Name: "Author",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.Char("name", 200),
			},
		},
		m.CreateModel{
			Name: "Subject",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.Char("name", 100).Unique(),
			},
		},
		m.CreateModel{
			Name: "Book",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.Char("title", 200),
				m.Char("slug", 200).Unique(),
				m.Text("summary"),
				m.BigInt("year"),
				m.Bool("on_shelf"),
				m.ForeignKey("author", "catalog.Author"),
				m.DateTime("added_at"),
				m.ManyToMany("subjects", "catalog.Subject"),
			},
		},
		m.CreateModel{
			Name: "Wish",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.Char("title", 200),
				m.Text("reason"),
				m.Char("email", 254),
				m.DateTime("asked_at"),
			},
		},
	},
}
