// Package journal is an app whose articles can be searched.
package journal

import "github.com/quintetgo/quintet/orm"

// App is the app.
type App struct{ DB *orm.DB }

// Name returns "journal".
func (App) Name() string { return "journal" }

// Models lists the models, each one a table.
func (App) Models() []any { return []any{&Writer{}, &Article{}} }

var _ orm.ModelsApp = App{}
