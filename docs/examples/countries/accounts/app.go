// Package accounts holds the project's user model.
package accounts

import (
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"

	"github.com/quintetgo/quintet/docs/examples/countries/accounts/migrations"
)

// App is the app of the project's users. Login, permissions and the user's page in the admin come from Quintet.
type App struct{}

// Name returns "accounts".
func (App) Name() string { return "accounts" }

// Models lists the models, each one a table.
func (App) Models() []any { return []any{&User{}} }

// Migrations lists what happened to the tables.
func (App) Migrations() []migrate.Migration { return migrations.All }

var (
	_ framework.App         = App{}
	_ orm.ModelsApp         = App{}
	_ migrate.MigrationsApp = App{}
)
