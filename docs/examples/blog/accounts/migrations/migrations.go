// Package migrations holds the migrations of app accounts.
package migrations

import m "github.com/quintetgo/quintet/orm/migrate/operations"

// All lists the migrations; makemigrations keeps it up to date.
var All = []m.Migration{
	m0001Initial,
}
