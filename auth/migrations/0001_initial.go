package migrations

import m "github.com/quintetgo/quintet/orm/migrate/operations"

var m0001Initial = m.Migration{
	Name: "0001_initial",
	Operations: []m.Operation{
		m.CreateModel{
			Name: "Permission",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.Char("app", 100),
				m.Char("model", 200),
				m.Char("codename", 100),
				m.Char("name", 255),
			},
			Unique: []m.Unique{
				{Name: "auth_permission_app_codename", Fields: m.Names("app", "codename")},
			},
		},
		m.CreateModel{
			Name: "Group",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.Char("name", 150).Unique(),
				m.ManyToMany("permissions", "auth.Permission").Table("auth_group_permissions"),
			},
		},
		m.CreateModel{
			Name: "Session",
			Fields: []m.Field{
				m.Char("id", 64).PrimaryKey(),
				m.Text("data"),
				m.Char("user_id", 64).Index(),
				m.DateTime("expires_at").Index(),
			},
		},
	},
}
