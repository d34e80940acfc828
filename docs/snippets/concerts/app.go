// Package concerts is an app whose models show everything that models can say.
package concerts

import "github.com/quintetgo/quintet/orm"

// App is the app.
type App struct{ DB *orm.DB }

// Name returns "concerts".
func (App) Name() string { return "concerts" }

// Models lists the models, each one a table.
func (App) Models() []any {
	return []any{&Venue{}, &Musician{}, &Concert{}, &Engagement{}, &Rider{}, &Visit{}, &Sample{}}
}

var _ orm.ModelsApp = App{}
