package accounts

import "github.com/quintetgo/quintet/auth"

// User is who logs in: name, email, password, groups and permissions come from auth.Base. Add fields as to any model, then
// run makemigrations and migrate.
type User struct {
	auth.Base
}
