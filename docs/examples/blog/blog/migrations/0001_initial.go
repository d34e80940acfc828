package migrations

import m "github.com/quintetgo/quintet/orm/migrate/operations"

var m0001Initial = m.Migration{
	Name:    "0001_initial",
	Depends: []m.Dependency{m.On("accounts", "0001_initial")},
	Operations: []m.Operation{
		m.CreateModel{
			Name: "Tag",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.Char("name", 50).Unique(),
				m.Char("slug", 50).Unique(),
			},
		},
		m.CreateModel{
			Name: "Post",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.Char("title", 200),
				m.Char("slug", 200).Unique(),
				m.Char("summary", 300),
				m.Text("body"),
				m.Char("status", 10).Index(),
				m.ForeignKey("author", "accounts.User"),
				m.DateTime("published_at").Index(),
				m.DateTime("updated_at"),
				m.ManyToMany("tags", "blog.Tag"),
			},
		},
		m.CreateModel{
			Name: "Comment",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.ForeignKey("post", "blog.Post"),
				m.Char("name", 80),
				m.Text("body"),
				m.Bool("hidden"),
				m.DateTime("created_at").Index(),
			},
		},
	},
}
