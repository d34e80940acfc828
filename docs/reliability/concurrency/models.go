package main

import (
	"github.com/quintetgo/quintet/orm/migrate"
	m "github.com/quintetgo/quintet/orm/migrate/operations"
)

// Counter is what the writers increment.
type Counter struct {
	ID int64
	N  int64
}

// app has the model and its migrations. The second one adds a column that the model does not have: it is applied and undone
// again and again, and undoing it copies the table.
type app struct{}

func (app) Name() string  { return "counters" }
func (app) Models() []any { return []any{&Counter{}} }

func (app) Migrations() []migrate.Migration {
	return []migrate.Migration{
		{Name: "0001_initial", Operations: []m.Operation{
			m.CreateModel{Name: "Counter", Fields: []m.Field{m.BigAuto("id"), m.BigInt("n")}},
		}},
		{
			Name: "0002_note", Depends: []m.Dependency{m.On("counters", "0001_initial")},
			Operations: []m.Operation{m.AddField{Model: "Counter", Field: m.Char("note", 20).Null()}},
		},
	}
}
