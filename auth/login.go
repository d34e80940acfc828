package auth

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
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

// Login makes user the visitor, from now on. The session keeps its values but gets a new token; that
// of another user ends first.
func Login(_ http.ResponseWriter, r *http.Request, user Identity) error {
	v := visitorOf(r.Context())
	if v == nil {
		return ErrNotSetUp
	}
	if !user.IsAuthenticated() || user.UserID() == 0 {
		return fmt.Errorf("log in %q: not a saved user", user)
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
	return v.core.noteLogin(r.Context(), user)
}

// Logout ends the session and all that it holds.
func Logout(_ http.ResponseWriter, r *http.Request) error {
	v := visitorOf(r.Context())
	if v == nil {
		return ErrNotSetUp
	}
	v.session.Flush()
	csrf.Rotate(r)
	v.set(new(Anonymous))
	return v.session.Save()
}

// KeepSession keeps the visitor logged in whose password was just changed and saved; all their other
// sessions end by that change.
func KeepSession(r *http.Request, user Identity) error {
	v := visitorOf(r.Context())
	if v == nil {
		return ErrNotSetUp
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
	id := session.UserID()
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
// replaced. It does not count tries; [TryLogin] does. Ctx is that of a request.
func Authenticate(ctx context.Context, name, plain string) (Identity, error) {
	v := visitorOf(ctx)
	if v == nil {
		return nil, ErrNotSetUp
	}
	return v.core.authenticate(ctx, name, plain)
}

func (c *core) authenticate(ctx context.Context, name, plain string) (Identity, error) {
	user, err := c.userByLogin(ctx, name)
	if err != nil {
		return nil, err
	}
	if user == nil {
		return nil, errors.Join(ErrCredentials, password.Dummy(ctx))
	}
	account := user.Account()
	ok, upgrade, err := password.Check(ctx, plain, account.Password)
	switch {
	case errors.Is(err, password.ErrMalformed):
		return nil, fmt.Errorf("%w: user %d: %w", ErrCredentials, user.UserID(), errors.Join(err, password.Dummy(ctx)))
	case err != nil:
		return nil, err
	case !ok || !account.IsActive:
		return nil, ErrCredentials
	}
	if upgrade {
		if err := account.SetPassword(ctx, plain); err != nil {
			return nil, err
		}
		if err := c.saveFields(ctx, user, "password"); err != nil {
			return nil, err
		}
	}
	return user, nil
}

// noteLogin stores the time of the login.
func (c *core) noteLogin(ctx context.Context, user Identity) error {
	now := c.now().UTC().Truncate(time.Microsecond)
	user.Account().LastLogin = &now
	return c.saveFields(ctx, user, "last_login")
}

func forcedUser(ctx context.Context) Identity {
	user, _ := forced.FromContext(ctx).(Identity)
	return user
}
