package auth

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/quintetgo/quintet/auth/internal/forced"
	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/csrf"
	"github.com/quintetgo/quintet/framework/sessions"
)

// ErrNotSetUp is the error of a request that did not pass the middleware of [App].
var ErrNotSetUp = errors.New("auth is not set up for this request: give auth.App to framework.New")

// ErrCredentials is the error of a login whose name or password is wrong, or whose account is not
// active. It does not tell which.
var ErrCredentials = errors.New("the username or password is not correct")

// keyHash is the session's proof that the user's password is still that of the login.
const (
	keyHash  = "_auth"
	saltHash = "quintet.auth.session"
)

// Login makes user, who must be active, the visitor from now on. The session keeps its values but
// gets a new token; that of another user ends first. The browser becomes one that is known for the
// user, see [Throttle].
func Login(r *http.Request, user Identity) error {
	v := visitorOf(r.Context())
	if v == nil {
		return ErrNotSetUp
	}
	if !user.IsAuthenticated() || user.UserID() == 0 {
		return fmt.Errorf("log in %q: not a saved user", user)
	}
	if !user.Account().IsActive {
		return fmt.Errorf("log in %q: the account is not active", user)
	}
	id := strconv.FormatInt(user.UserID(), 10)
	if before := v.session.UserID(); before != "" && before != id {
		v.session.Flush()
	}
	v.session.Rotate()
	v.session.SetUserID(id)
	v.session.Set(keyHash, v.core.proof(user))
	if err := v.session.Save(); err != nil {
		return fmt.Errorf("log in: %w", err)
	}
	csrf.Rotate(r)
	v.set(user)
	if err := v.core.rememberBrowser(v.w, r, user); err != nil {
		return fmt.Errorf("log in: %w", err)
	}
	return v.core.noteLogin(r.Context(), user)
}

// Logout ends the session and all that it holds. If that cannot be done, the error says so, and the
// response must not claim otherwise.
func Logout(r *http.Request) error {
	v := visitorOf(r.Context())
	if v == nil {
		return ErrNotSetUp
	}
	v.session.Flush()
	csrf.Rotate(r)
	v.set(new(Anonymous))
	if err := v.session.Save(); err != nil {
		return fmt.Errorf("log out: %w", err)
	}
	return nil
}

// KeepSession keeps the visitor logged in whose password was just changed and saved; all their other
// sessions end by that change. It is an error if user is not the visitor.
func KeepSession(r *http.Request, user Identity) error {
	v := visitorOf(r.Context())
	if v == nil {
		return ErrNotSetUp
	}
	if id := strconv.FormatInt(user.UserID(), 10); v.session.UserID() != id {
		return fmt.Errorf("keep the session of %q: it is not theirs", user)
	}
	v.session.Rotate()
	v.session.Set(keyHash, v.core.proof(user))
	csrf.Rotate(r)
	return v.session.Save()
}

// proof changes whenever the password does.
func (c *core) proof(user Identity) string {
	return hex.EncodeToString(c.signer().MAC(saltHash, user.Account().Password))
}

// sessionUser returns the user of the session, or nil. A session whose user is gone, not active, or
// has another password since, is ended.
func (c *core) sessionUser(ctx context.Context, session *sessions.Session) (Identity, error) {
	if !session.Present() {
		return nil, nil
	}
	id := session.UserID()
	if err := session.Err(); errors.Is(err, sessions.ErrRead) {
		return nil, err
	}
	if id == "" {
		return nil, nil
	}
	user, err := c.userByID(ctx, id)
	if err != nil {
		return nil, err
	}
	if user != nil && user.Account().IsActive && c.proves(session.GetString(keyHash), user) {
		return user, nil
	}
	session.Flush()
	return nil, nil
}

func (c *core) proves(proof string, user Identity) bool {
	sum, err := hex.DecodeString(proof)
	return err == nil && c.signer().Matches(saltHash, user.Account().Password, sum)
}

// Authenticate returns the user with that name or address and password, or [ErrCredentials]. Wrong
// names take as long as wrong passwords. A hash made with weaker parameters than today's is
// replaced. It does not count tries; [TryLogin] does. Under many logins at once the error is
// [password.ErrBusy], with the HTTP status 503. Ctx is that of a request.
func Authenticate(ctx context.Context, name, plain string) (Identity, error) {
	v := visitorOf(ctx)
	if v == nil {
		return nil, ErrNotSetUp
	}
	return v.core.authenticate(ctx, name, plain)
}

func (c *core) authenticate(ctx context.Context, name, plain string) (Identity, error) {
	users, err := c.usersByLogin(ctx, name)
	if err != nil {
		return nil, err
	}
	return c.authenticateAny(ctx, users, plain)
}

// authenticateAny returns the one of the users whose password it is.
func (c *core) authenticateAny(ctx context.Context, users []Identity, plain string) (Identity, error) {
	if len(users) == 0 {
		if err := password.Dummy(ctx); err != nil {
			return nil, err
		}
		return nil, ErrCredentials
	}
	for _, user := range users {
		upgrade, err := c.checkPassword(ctx, user, plain)
		switch {
		case errors.Is(err, ErrCredentials):
			continue
		case err != nil:
			return nil, err
		case !user.Account().IsActive:
			continue
		}
		if upgrade {
			c.upgradeHash(ctx, user, plain)
		}
		return user, nil
	}
	return nil, ErrCredentials
}

// checkPassword returns ErrCredentials if plain is not the password of user. A stored hash that cannot
// be read matches nothing, and is logged.
func (c *core) checkPassword(ctx context.Context, user Identity, plain string) (upgrade bool, err error) {
	ok, upgrade, err := password.Check(ctx, plain, user.Account().Password)
	switch {
	case errors.Is(err, password.ErrMalformed):
		c.logger.LogAttrs(ctx, slog.LevelWarn, "stored password hash cannot be read: nobody can log in with it until a new password is set",
			slog.Int64("user_id", user.UserID()), slog.String("error", err.Error()))
		return false, ErrCredentials
	case err != nil:
		return false, fmt.Errorf("check password: %w", err)
	case !ok:
		return false, ErrCredentials
	}
	return upgrade, nil
}

// upgradeHash replaces a hash that was made with weaker parameters. A login does not fail for it: the
// next one tries again.
func (c *core) upgradeHash(ctx context.Context, user Identity, plain string) {
	account := user.Account()
	before := account.Password
	err := account.SetPassword(ctx, plain)
	if err == nil {
		err = ReplacePassword(ctx, c.db, user, before)
	}
	if err != nil {
		account.Password = before
		c.logger.LogAttrs(ctx, slog.LevelWarn, "password hash not upgraded", slog.Int64("user_id", user.UserID()), slog.String("error", err.Error()))
	}
}

// noteLogin stores the time of the login.
func (c *core) noteLogin(ctx context.Context, user Identity) error {
	now := c.now().UTC().Truncate(time.Microsecond)
	user.Account().LastLogin = &now
	if user.Account().IsSuperuser {
		if err := c.noteSuperuser(ctx); err != nil {
			return err
		}
	}
	return c.saveFields(ctx, user, "last_login")
}

func forcedUser(ctx context.Context) Identity {
	user, _ := forced.FromContext(ctx).(Identity)
	return user
}
