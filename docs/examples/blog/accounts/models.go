package accounts

import (
	"net/url"

	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/orm"
)

// User is who logs in, and who writes posts.
type User struct {
	auth.Base
	Bio string `gorm:"size:300"`
}

// Fields describes what the struct cannot say.
func (u *User) Fields(f *orm.Fields) {
	orm.Describe(f, &u.Bio).Blank().Help("Shown on the author's page.")
}

// AbsoluteURL is the page with the user's posts.
func (u *User) AbsoluteURL() string { return "/authors/" + url.PathEscape(u.Username) + "/" }
