package migrations

import m "github.com/quintetgo/quintet/orm/migrate/operations"

var m0001Initial = m.Migration{
	Name: "0001_initial",
	Operations: []m.Operation{
		m.CreateModel{
			Name: "Reading",
			Fields: []m.Field{
				m.BigAuto("id"),
				m.Char("key", 64).Index(),
				m.BigInt("watts"),
				m.DateTime("at").Index(),
			},
		},
	},
}
