// Package shops is an app whose queries leave out rows: drafts, deleted products, and those of other shops.
package shops

import "github.com/quintetgo/quintet/orm"

// App is the app.
type App struct{ DB *orm.DB }

// Name returns "shops".
func (App) Name() string { return "shops" }

// Models lists the models, each one a table.
func (App) Models() []any { return []any{&Shop{}, &Product{}, &Article{}, &Change{}} }

var _ orm.ModelsApp = App{}
