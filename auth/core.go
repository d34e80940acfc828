package auth

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/quintetgo/quintet/framework"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/signing"
	"github.com/quintetgo/quintet/framework/web"
	"github.com/quintetgo/quintet/orm"
)

//go:embed all:templates all:static
var files embed.FS

// core is an App without its type parameter.
type core struct {
	db       *orm.DB
	project  *framework.Project // nil outside of a project
	sign     *signing.Signer
	logger   *slog.Logger
	now      func() time.Time
	throttle *throttle
	unnamed  sync.Once // the warning about a proxy
	sweeper  *sweeper

	login, afterLogin, afterLogout string

	newUser func() any
	find    func(ctx context.Context, lookup string, value any) (any, error)
}

func defaultLogger() *slog.Logger { return slog.Default() }

// randomSigner serves apps outside of a project; what it signs is worthless in another process.
func randomSigner() *signing.Signer { return signing.New(rand.Text()) }

func (c *core) signer() *signing.Signer { return c.sign }

// loginURL is the address of the login page.
func (c *core) loginURL(r *http.Request) string {
	if strings.HasPrefix(c.login, "/") || strings.Contains(c.login, "://") {
		return c.login
	}
	name := c.login
	if name == "" {
		name = "auth:login"
	}
	if address, err := web.URL(r, name); err == nil {
		return address
	}
	return "/accounts/login/"
}

// ownLogin reports whether the login page is that of the app.
func (c *core) ownLogin(r *http.Request) bool {
	if c.login != "" && c.login != "auth:login" {
		return false
	}
	_, err := web.URL(r, "auth:login")
	return err == nil
}

// maxLogin is longer in bytes than any user name or address.
const maxLogin = 1024

// usersByLogin returns the users who may be meant by what was typed as a name or address: none, one,
// or two if it is the name of one and the address of another, which is stored by programs only.
func (c *core) usersByLogin(ctx context.Context, typed string) ([]Identity, error) {
	if len(typed) > maxLogin {
		return nil, nil
	}
	type column struct{ name, value string }
	columns := []column{{"username", Normalize(typed)}}
	// Names that were stored before they were folded are in lower case.
	if lower := NormalizeEmail(typed); lower != columns[0].value {
		columns = append(columns, column{"username", lower})
	}
	if strings.Contains(typed, "@") {
		columns = append(columns, column{"email", NormalizeEmail(typed)})
	}
	var users []Identity
	for _, column := range columns {
		if column.value == "" {
			continue
		}
		user, err := c.user(ctx, column.name, column.value)
		if err != nil {
			return nil, err
		}
		if user != nil && !slices.ContainsFunc(users, func(u Identity) bool { return u.UserID() == user.UserID() }) {
			users = append(users, user)
		}
	}
	return users, nil
}

// distinctLogin refuses a user whose name is the address of another one, or whose address is the name
// of another one: what is typed at a login must mean one account.
func distinctLogin[U any](ctx context.Context, db *orm.DB, obj any) error {
	user, ok := obj.(Identity)
	if !ok {
		return nil
	}
	account := user.Account()
	for _, c := range []struct{ field, value, other string }{{"username", account.Username, "email"}, {"email", account.Email, "username"}} {
		if !strings.Contains(c.value, "@") {
			continue
		}
		taken, err := orm.Objects[U](db).Where(c.other, c.value).WhereNot("id", account.ID).Exists(ctx)
		if err != nil {
			return fmt.Errorf("compare names and addresses: %w", err)
		}
		if taken {
			e := new(orm.ValidationError)
			e.Add(c.field, message.New("unique", "Another user logs in with this."))
			return e
		}
	}
	return nil
}

// userByID returns the user with that key, or nil.
func (c *core) userByID(ctx context.Context, id string) (Identity, error) {
	key, err := strconv.ParseInt(id, 10, 64)
	if err != nil { // the ID of a store that another program wrote
		return nil, nil
	}
	return c.user(ctx, "id", key)
}

func (c *core) user(ctx context.Context, lookup string, value any) (Identity, error) {
	found, err := c.find(ctx, lookup, value)
	if errors.Is(err, orm.ErrNotFound) || err == nil && found == nil {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find user: %w", err)
	}
	user, ok := found.(Identity)
	if !ok {
		return nil, fmt.Errorf("%T does not embed auth.Base", found)
	}
	return user, nil
}

// saveFields writes some fields of a user without asking whether the others are valid.
func (c *core) saveFields(ctx context.Context, user Identity, names ...string) error {
	if err := c.db.SkipValidation().SaveFields(ctx, user, names...); err != nil {
		return fmt.Errorf("save user: %w", err)
	}
	return nil
}

// perms returns what a user may do: everything for a superuser, nothing for one who is not active.
func (c *core) perms(ctx context.Context, user Identity) (Perms, error) {
	account := user.Account()
	switch {
	case !user.IsAuthenticated() || !account.IsActive:
		return Perms{}, nil
	case account.IsSuperuser:
		return AllPerms(), nil
	}
	return c.granted(ctx, account)
}

// granted returns the permissions that an account was given, by itself and by its groups.
func (c *core) granted(ctx context.Context, account *Base) (Perms, error) {
	return c.permsWhere(ctx, orm.Or(
		orm.Lookup[Permission]("users__id", account.ID),
		orm.Lookup[Permission]("groups__users__id", account.ID),
	))
}

func (c *core) permsWhere(ctx context.Context, which orm.Condition) (Perms, error) {
	rows, err := orm.From(c.db, Permissions).Filter(which).All(ctx)
	if err != nil {
		return Perms{}, fmt.Errorf("find permissions: %w", err)
	}
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = row.Perm()
	}
	return PermsOf(names...), nil
}

// PermsOfUser returns what a user may do, for code outside of a request.
func (a *App[U]) PermsOfUser(ctx context.Context, user Identity) (Perms, error) {
	return a.core().perms(ctx, user)
}
