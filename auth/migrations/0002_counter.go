package migrations

import m "github.com/quintetgo/quintet/orm/migrate/operations"

var m0002Counter = m.Migration{
	Name:    "0002_counter",
	Depends: []m.Dependency{m.On("auth", "0001_initial")},
	Operations: []m.Operation{
		m.CreateModel{
			Name: "Counter",
			Fields: []m.Field{
				m.Char("id", 64).PrimaryKey(),
				m.BigInt("count"),
				m.DateTime("ends_at").Index(),
			},
		},
	},
}
