// Package bank is an app whose money moves in transactions.
package bank

import "github.com/quintetgo/quintet/orm"

// App is the app.
type App struct{ DB *orm.DB }

// Name returns "bank".
func (App) Name() string { return "bank" }

// Models lists the models, each one a table.
func (App) Models() []any { return []any{&Account{}} }

var _ orm.ModelsApp = App{}
