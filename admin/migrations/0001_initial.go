package migrations

import m "github.com/quintetgo/quintet/orm/migrate/operations"

var m0001Initial = m.Migration{
	Name:    "0001_initial",
	Depends: []m.Dependency{m.OnModel("auth.User")},
	Operations: []m.Operation{
		m.CreateModel{
			Name: "LogEntry",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.DateTime("at"),
				m.ForeignKey("user", "auth.User").Null(),
				m.Char("user_name", 200),
				m.Char("action", 10),
				m.Char("model", 200),
				m.Char("object_pk", 200),
				m.Char("object_label", 200),
				m.Text("changes"),
			},
			Indexes: []m.Index{
				{Name: "admin_log_entry_at", Fields: m.Names("at")},
				{Name: "admin_log_entry_object", Fields: m.Names("model", "object_pk")},
			},
		},
	},
}
