package accounts

import "github.com/quintetgo/quintet/auth"

// User is the user model. The name, email address, password, groups and permissions are fields of auth.Base. Add fields as to
// any model, then run generate, makemigrations and migrate.
type User struct {
	auth.Base
}
