// Package members is an app with a user model of its own: people sign up, log in and change their page.
package members

import (
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/orm"
)

// User is who logs in. Everything but Phone and Instrument comes from auth.Base.
type User struct {
	auth.Base
	Phone      string `gorm:"size:40"`
	Instrument string `gorm:"size:40"`
}

// Fields configures validation, labels and relations.
func (u *User) Fields(f *orm.Fields) {
	orm.Describe(f, &u.Phone).Blank().Help("For the week of a concert only.")
	orm.Describe(f, &u.Instrument).Blank()
}
