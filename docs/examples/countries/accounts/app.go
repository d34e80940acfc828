// Package accounts holds the project's user model.
package accounts

import (
	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/migrate"

	"github.com/quintetgo/quintet/docs/examples/countries/accounts/migrations"
)

// App is the accounts application. Login, permissions and the users' pages in the admin are provided by Quintet.
type App struct{}

// Name returns "accounts".
func (App) Name() string { return "accounts" }

// Models returns the models stored in the database.
func (App) Models() []any { return []any{&User{}} }

// Migrations returns the schema history.
func (App) Migrations() []migrate.Migration { return migrations.All }

var (
	_ framework.App         = App{}
	_ orm.ModelsApp         = App{}
	_ migrate.MigrationsApp = App{}
)
