package auth

import (
	"context"
	"time"

	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/orm"
)

// Base is what every user has; the project's user model embeds it. Username and Email are unique
// without regard to case: they are kept as [Normalize] and [NormalizeEmail] return them. A user name
// may be an address.
//
// A model with a Normalize method of its own calls that of Base in it.
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

// Fields describes the columns. It also holds for models that have a Fields method of their own.
func (b *Base) Fields(f *orm.Fields) {
	orm.Describe(f, &b.Username).Help(usernameHelp).Validate(validUsername, validCase(Normalize))
	orm.Describe(f, &b.Email).Email().Validate(validEmailLetters, validCase(NormalizeEmail))
	orm.Describe(f, &b.Name).Blank().Label("Full name")
	orm.Describe(f, &b.Password).Blank().ReadOnly()
	orm.Describe(f, &b.IsActive).Label("Active").Help("Off instead of deleting the account: then nobody can log in with it.").Default(func() bool { return true })
	orm.Describe(f, &b.IsStaff).Label("Staff").Help("May use the admin, as far as permissions allow.")
	orm.Describe(f, &b.IsSuperuser).Label("Superuser").Help("Has every permission.")
	orm.Describe(f, &b.LastLogin).Blank().ReadOnly()
	orm.Describe(f, &b.DateJoined).Label("Joined").AutoNowAdd()
	orm.M2M(f, &b.Groups).Blank().Related("users").Help("A user has the permissions of all their groups.")
	orm.M2M(f, &b.Permissions).Blank().Related("users").Help("Permissions beside those of the groups.")
}

// Meta orders users by name.
func (*Base) Meta() orm.Meta { return orm.Meta{Ordering: []string{"username"}} }

// Normalize brings Username and Email into the form in which they are kept.
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

// SetPassword stores the hash of plain in the field; saving is left to the caller. It does not ask
// whether the password is a good one, see [password.Validate]. Hashing takes some 30 milliseconds
// and waits its turn, until ctx ends.
func (b *Base) SetPassword(ctx context.Context, plain string) error {
	hash, err := password.Hash(ctx, plain)
	if err != nil {
		return err
	}
	b.Password = hash
	return nil
}

// SetUnusablePassword makes logging in with a password impossible.
func (b *Base) SetUnusablePassword() { b.Password = password.Unusable() }

// HasUsablePassword reports whether the user can log in with a password.
func (b *Base) HasUsablePassword() bool { return password.Usable(b.Password) }

// CheckPassword reports whether plain is the password. A user without a usable one takes as long.
func (b *Base) CheckPassword(ctx context.Context, plain string) (bool, error) {
	ok, _, err := password.Check(ctx, plain, b.Password)
	return ok, err
}

// about is what a new password must not resemble.
func (b *Base) about() password.About {
	return password.About{Username: b.Username, Email: b.Email, Name: b.Name}
}

// Identity is a visitor or a user, for code that cannot name the project's user model. The methods
// come with [Base]; [Anonymous] is the visitor who has not logged in.
type Identity interface {
	// UserID is the primary key, 0 for the anonymous visitor.
	UserID() int64
	// IsAuthenticated reports whether this is a user.
	IsAuthenticated() bool
	// Account returns the fields that all users have. It is never nil: those of the anonymous
	// visitor are empty.
	Account() *Base
	// String is what people call the user.
	String() string
}

// Anonymous is the visitor who has not logged in. Its fields are those of a user, all empty, so that
// templates need not ask first.
type Anonymous struct{ Base }

// IsAuthenticated returns false.
func (*Anonymous) IsAuthenticated() bool { return false }

// String returns "Anonymous".
func (*Anonymous) String() string { return "Anonymous" }

var (
	_ Identity = (*Anonymous)(nil)
	_ Identity = (*Base)(nil)
)
