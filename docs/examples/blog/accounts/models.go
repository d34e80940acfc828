package accounts

import (
	"github.com/quintetgo/quintet/auth"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
)

// User is who logs in, and who writes posts.
type User struct {
	auth.Base
	Bio string `gorm:"size:300"`
}

// Fields configures validation, labels and relations.
func (u *User) Fields(f *orm.Fields) {
	orm.Describe(f, &u.Bio).Blank().Help("Shown on the author's page.")
}

// Route returns the page with the user's posts.
func (u *User) Route() web.Ref { return web.Reverse("blog:author", u.Username) }
