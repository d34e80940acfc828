package migrations

import m "github.com/quintetgo/quintet/orm/migrate/operations"

var m0001Initial = m.Migration{
	Name:    "0001_initial",
	Depends: []m.Dependency{m.On("auth", "0001_initial")},
	Operations: []m.Operation{
		m.CreateModel{
			Name: "User",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.Char("username", 150).Unique(),
				m.Char("email", 254).Unique(),
				m.Char("name", 200),
				m.Char("password", 255),
				m.Bool("is_active"),
				m.Bool("is_staff"),
				m.Bool("is_superuser"),
				m.DateTime("last_login").Null(),
				m.DateTime("date_joined"),
				m.ManyToMany("groups", "auth.Group").Table("auth_user_groups"),
				m.ManyToMany("permissions", "auth.Permission").Table("auth_user_permissions"),
			},
		},
	},
}
