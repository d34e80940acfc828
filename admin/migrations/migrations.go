// Package migrations holds the migrations of admin.
package migrations

import m "github.com/quintetgo/quintet/orm/migrate/operations"

// All lists the migrations of the app.
var All = []m.Migration{
	m0001Initial,
}
