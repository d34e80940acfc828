package auth

import (
	"context"
	"crypto/rand"
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
	"github.com/quintetgo/quintet/orm/dynamic"
)

// userModel is the name under which every project's user model is registered.
const userModel = "auth.User"

// service does the work of an [App], for requests and commands. It does not depend on the type of the user model, which it
// finds by name. Its fields do not change after Setup.
type service struct {
	db       *orm.DB
	config   Config
	project  *framework.Project // nil outside of a project
	sign     *signing.Signer
	logger   *slog.Logger
	now      func() time.Time
	throttle *throttle
	sweeper  *sweeper  // nil unless started
	proxy    sync.Once // the warning about a proxy that is not trusted
}

// newService returns a service for use outside of a project: what it signs is valid in this process only.
func newService(db *orm.DB, c Config) *service {
	return &service{
		db: db, config: c, now: time.Now, logger: slog.Default(), sign: signing.New(rand.Text()),
		throttle: newThrottle(c.Throttle, db, time.Now),
	}
}

// loginURL returns the address of the login page.
func (s *service) loginURL(r *http.Request) string {
	if strings.HasPrefix(s.config.LoginURL, "/") || strings.Contains(s.config.LoginURL, "://") {
		return s.config.LoginURL
	}
	name := s.config.LoginURL
	if name == "" {
		name = "auth:login"
	}
	if address, err := web.URL(r, name); err == nil {
		return address
	}
	return "/accounts/login/"
}

// ownLogin reports whether the login page is that of the app.
func (s *service) ownLogin(r *http.Request) bool {
	if s.config.LoginURL != "" && s.config.LoginURL != "auth:login" {
		return false
	}
	_, err := web.URL(r, "auth:login")
	return err == nil
}

// maxLogin is longer in bytes than any user name or address.
const maxLogin = 1024

// usersByLogin returns the users with this name or email address: none, one, or two if it is the name of one and the address
// of another, which only code that skips validation can store.
func (s *service) usersByLogin(ctx context.Context, typed string) ([]Identity, error) {
	if len(typed) > maxLogin {
		return nil, nil
	}
	type column struct{ name, value string }
	columns := []column{{"username", Normalize(typed)}}
	// Names that were stored before Normalize folded case are in lower case.
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
		user, err := s.user(ctx, column.name, column.value)
		if err != nil {
			return nil, err
		}
		if user != nil && !slices.ContainsFunc(users, func(u Identity) bool { return u.UserID() == user.UserID() }) {
			users = append(users, user)
		}
	}
	return users, nil
}

// validateLogin reports a user whose name is the email address of another user, or conversely: a login must identify one account.
func validateLogin(ctx context.Context, db *orm.DB, obj any) error {
	user, ok := obj.(Identity)
	if !ok {
		return nil
	}
	account := user.Account()
	for _, column := range []struct{ field, value, other string }{
		{"username", account.Username, "email"}, {"email", account.Email, "username"},
	} {
		if !strings.Contains(column.value, "@") {
			continue
		}
		taken, err := dynamic.From(db, userModel).Where(column.other, column.value).WhereNot("id", account.ID).Exists(ctx)
		if err != nil {
			return fmt.Errorf("compare names and addresses: %w", err)
		}
		if taken {
			e := new(orm.ValidationError)
			e.Add(column.field, message.New("unique", "Another user logs in with this."))
			return e
		}
	}
	return nil
}

// userByID returns the user with that key, or nil.
func (s *service) userByID(ctx context.Context, id string) (Identity, error) {
	key, err := strconv.ParseInt(id, 10, 64)
	if err != nil { // the ID of a store that another program wrote
		return nil, nil
	}
	return s.user(ctx, "id", key)
}

// user returns the user that a lookup finds, or nil.
func (s *service) user(ctx context.Context, lookup string, value any) (Identity, error) {
	found, err := dynamic.From(s.db, userModel).Where(lookup, value).First(ctx)
	if errors.Is(err, orm.ErrNotFound) || err == nil && found == nil {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find user: %w", err)
	}
	return identity(found)
}

// newUser returns a new user with the model's defaults.
func (s *service) newUser() (Identity, error) {
	model, err := s.db.Model(userModel)
	if err != nil {
		return nil, err
	}
	return identity(model.New())
}

func identity(obj any) (Identity, error) {
	user, ok := obj.(Identity)
	if !ok {
		return nil, fmt.Errorf("%T does not embed auth.Base", obj)
	}
	return user, nil
}

// saveFields writes some fields of a user without validation.
func (s *service) saveFields(ctx context.Context, user Identity, names ...string) error {
	if err := s.db.SkipValidation().SaveFields(ctx, user, names...); err != nil {
		return fmt.Errorf("save user: %w", err)
	}
	return nil
}

// perms returns the permissions of a user: all for a superuser, none for a user who is not active.
func (s *service) perms(ctx context.Context, user Identity) (Perms, error) {
	account := user.Account()
	switch {
	case !user.IsAuthenticated() || !account.IsActive:
		return Perms{}, nil
	case account.IsSuperuser:
		return AllPerms(), nil
	}
	return s.granted(ctx, account)
}

// granted returns the permissions of an account and of its groups.
func (s *service) granted(ctx context.Context, account *Base) (Perms, error) {
	return s.permsWhere(ctx, orm.Or(
		orm.Lookup[Permission]("users__id", account.ID),
		orm.Lookup[Permission]("groups__users__id", account.ID),
	))
}

func (s *service) permsWhere(ctx context.Context, which orm.Condition) (Perms, error) {
	rows, err := orm.From(s.db, Permissions).Filter(which).All(ctx)
	if err != nil {
		return Perms{}, fmt.Errorf("find permissions: %w", err)
	}
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = row.Perm()
	}
	return PermsOf(names...), nil
}
