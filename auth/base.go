package auth

import (
	"context"
	"time"

	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/orm"
)

// Base holds the fields of every user; the project's user model embeds it. Username and Email are unique, case-insensitively:
// they are stored as [Normalize] and [NormalizeEmail] return them. A user name may be an email address.
//
// A user model with a Normalize method must call that of Base in it.
type Base struct {
	ID       int64
	Username string `gorm:"size:150;uniqueIndex"`
	Email    string `gorm:"size:254;uniqueIndex"`
	Name     string `gorm:"size:200"`
	// Password is an argon2id hash; use SetPassword and CheckPassword.
	Password    string `gorm:"size:255" json:"-"`
	IsActive    bool
	IsStaff     bool
	IsSuperuser bool
	LastLogin   *time.Time
	DateJoined  time.Time
	Groups      []Group      `gorm:"many2many:auth_user_groups"`
	Permissions []Permission `gorm:"many2many:auth_user_permissions"`
}

// Fields configures validation, labels and relations. It also applies to user models with a Fields method.
func (b *Base) Fields(f *orm.Fields) {
	orm.Describe(f, &b.Username).Help(usernameHelp).Validate(validUsername, validCase(Normalize))
	orm.Describe(f, &b.Email).Email().Validate(validEmailLetters, validCase(NormalizeEmail))
	orm.Describe(f, &b.Name).Blank().Label("Full name")
	orm.Describe(f, &b.Password).Blank().ReadOnly()
	orm.Describe(f, &b.IsActive).Label("Active").Default(func() bool { return true }).
		Help("Clear this instead of deleting the account; inactive users cannot log in.")
	orm.Describe(f, &b.IsStaff).Label("Staff").Help("May use the admin, within their permissions.")
	orm.Describe(f, &b.IsSuperuser).Label("Superuser").Help("Has every permission.")
	orm.Describe(f, &b.LastLogin).Blank().ReadOnly()
	orm.Describe(f, &b.DateJoined).Label("Joined").AutoNowAdd()
	orm.M2M(f, &b.Groups).Blank().Related("users").Help("A user has the permissions of all their groups.")
	orm.M2M(f, &b.Permissions).Blank().Related("users").Help("Permissions in addition to those of the groups.")
}

// Meta orders users by user name.
func (*Base) Meta() orm.Meta { return orm.Meta{Ordering: []string{"username"}} }

// Normalize sets Username and Email to the form in which they are stored.
func (b *Base) Normalize() { b.Username, b.Email = Normalize(b.Username), NormalizeEmail(b.Email) }

// UserID returns the primary key.
func (b *Base) UserID() int64 { return b.ID }

// IsAuthenticated returns true.
func (b *Base) IsAuthenticated() bool { return true }

// Account returns b.
func (b *Base) Account() *Base { return b }

// String returns the user name.
func (b *Base) String() string { return b.Username }

// FullName returns Name, or the user name if it is empty.
func (b *Base) FullName() string {
	if b.Name != "" {
		return b.Name
	}
	return b.Username
}

// SetPassword sets Password to the hash of plain, without saving it. It does not validate the password, see
// [password.Validate]. Hashing takes some 30 milliseconds, and may wait for other hashes until ctx ends. The error is that of
// [password.Hash].
func (b *Base) SetPassword(ctx context.Context, plain string) error {
	hash, err := password.Hash(ctx, plain)
	if err != nil {
		return err
	}
	b.Password = hash
	return nil
}

// SetUnusablePassword sets Password to a value that no password matches.
func (b *Base) SetUnusablePassword() { b.Password = password.Unusable() }

// HasUsablePassword reports whether the user can log in with a password.
func (b *Base) HasUsablePassword() bool { return password.Usable(b.Password) }

// CheckPassword reports whether plain is the password. It takes as long for a user without a usable password.
func (b *Base) CheckPassword(ctx context.Context, plain string) (bool, error) {
	ok, _, err := password.Check(ctx, plain, b.Password)
	return ok, err
}

// about returns the attributes that a new password must not resemble.
func (b *Base) about() password.About {
	return password.About{Username: b.Username, Email: b.Email, Name: b.Name}
}

// Identity is a visitor or a user, for code that does not depend on the project's user model. [Base] implements it;
// [Anonymous] is the visitor who is not logged in.
type Identity interface {
	// UserID returns the primary key, 0 for the anonymous visitor.
	UserID() int64
	// IsAuthenticated reports whether this is a user.
	IsAuthenticated() bool
	// Account returns the fields that all users have. It is never nil; the fields of the anonymous visitor are empty.
	Account() *Base
	// String returns the name that is displayed.
	String() string
}

// Anonymous is the visitor who is not logged in. It has the fields of a user, all empty, so that templates can use them
// without a condition.
type Anonymous struct{ Base }

// IsAuthenticated returns false.
func (*Anonymous) IsAuthenticated() bool { return false }

// String returns "Anonymous".
func (*Anonymous) String() string { return "Anonymous" }

var (
	_ Identity = (*Anonymous)(nil)
	_ Identity = (*Base)(nil)
)
