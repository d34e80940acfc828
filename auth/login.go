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

	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/csrf"
	"github.com/quintetgo/quintet/framework/sessions"
)

// ErrNotSetUp is the error of a request that did not pass the middleware of [App].
var ErrNotSetUp = errors.New("auth is not set up for this request: pass auth.New(db) to framework.New")

// ErrCredentials is the error of a login whose name or password is wrong, or whose account is not active. It does not
// disclose which.
var ErrCredentials = errors.New("the username or password is not correct")

// keyHash is the session key of a digest that is valid as long as the user's password is that of the login.
const (
	keyHash  = "_auth"
	saltHash = "quintet.auth.session"
)

// Login makes user, who must be stored and active, the visitor of this request and of later ones. Call it before the
// response is written. The session keeps its values but gets a new token; a session of another user is ended first. The
// browser becomes a known one of the user, see [Throttle]. The error is [ErrNotSetUp], or that of the database.
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
	v.session.Set(keyHash, v.service.proof(user))
	if err := v.session.Save(); err != nil {
		return fmt.Errorf("log in: %w", err)
	}
	csrf.Rotate(r)
	v.set(user)
	if err := v.service.rememberBrowser(v.w, r, user); err != nil {
		return fmt.Errorf("log in: %w", err)
	}
	return v.service.recordLogin(r.Context(), user)
}

// Logout ends the session and deletes its values. After an error the visitor may still be logged in, and the response must
// not claim otherwise.
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

// KeepSession keeps the visitor logged in after their password was changed and saved; the change ends all their other
// sessions. It is an error if user is not the visitor.
func KeepSession(r *http.Request, user Identity) error {
	v := visitorOf(r.Context())
	if v == nil {
		return ErrNotSetUp
	}
	if id := strconv.FormatInt(user.UserID(), 10); v.session.UserID() != id {
		return fmt.Errorf("keep the session of %q: it belongs to another user", user)
	}
	v.session.Rotate()
	v.session.Set(keyHash, v.service.proof(user))
	csrf.Rotate(r)
	return v.session.Save()
}

// proof returns a digest that changes with the password.
func (s *service) proof(user Identity) string {
	return hex.EncodeToString(s.sign.MAC(saltHash, user.Account().Password))
}

// sessionUser returns the user of the session, or nil. A session is ended if its user was deleted, is not active, or has
// another password.
func (s *service) sessionUser(ctx context.Context, session *sessions.Session) (Identity, error) {
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
	user, err := s.userByID(ctx, id)
	if err != nil {
		return nil, err
	}
	if user != nil && user.Account().IsActive && s.proves(session.GetString(keyHash), user) {
		return user, nil
	}
	session.Flush()
	return nil, nil
}

func (s *service) proves(proof string, user Identity) bool {
	sum, err := hex.DecodeString(proof)
	return err == nil && s.sign.Matches(saltHash, user.Account().Password, sum)
}

// Authenticate returns the user with this name or email address and password, or [ErrCredentials]. Unknown names take as
// long as wrong passwords. A hash with weaker parameters than the current ones is replaced. Failed tries are not counted;
// use [TryLogin] for that. Under many logins at once the error is [password.ErrBusy], with the HTTP status 503. The context
// must be that of a request.
func Authenticate(ctx context.Context, name, plain string) (Identity, error) {
	v := visitorOf(ctx)
	if v == nil {
		return nil, ErrNotSetUp
	}
	return v.service.authenticate(ctx, name, plain)
}

func (s *service) authenticate(ctx context.Context, name, plain string) (Identity, error) {
	users, err := s.usersByLogin(ctx, name)
	if err != nil {
		return nil, err
	}
	return s.authenticateAny(ctx, users, plain)
}

// authenticateAny returns the user among users whose password it is.
func (s *service) authenticateAny(ctx context.Context, users []Identity, plain string) (Identity, error) {
	if len(users) == 0 {
		if err := password.Dummy(ctx); err != nil {
			return nil, err
		}
		return nil, ErrCredentials
	}
	for _, user := range users {
		upgrade, err := s.checkPassword(ctx, user, plain)
		switch {
		case errors.Is(err, ErrCredentials):
			continue
		case err != nil:
			return nil, err
		case !user.Account().IsActive:
			continue
		}
		if upgrade {
			s.upgradeHash(ctx, user, plain)
		}
		return user, nil
	}
	return nil, ErrCredentials
}

// checkPassword returns ErrCredentials if plain is not the password of user. A malformed stored hash matches nothing, and is
// logged. Upgrade reports whether the hash has weaker parameters than the current ones.
func (s *service) checkPassword(ctx context.Context, user Identity, plain string) (upgrade bool, err error) {
	ok, upgrade, err := password.Check(ctx, plain, user.Account().Password)
	switch {
	case errors.Is(err, password.ErrMalformed):
		s.logger.LogAttrs(ctx, slog.LevelWarn, "stored password hash is malformed: the user cannot log in until a new password is set",
			slog.Int64("user_id", user.UserID()), slog.String("error", err.Error()))
		return false, ErrCredentials
	case err != nil:
		return false, fmt.Errorf("check password: %w", err)
	case !ok:
		return false, ErrCredentials
	}
	return upgrade, nil
}

// upgradeHash replaces a hash with weaker parameters. If that fails, the login succeeds, and the next one tries again.
func (s *service) upgradeHash(ctx context.Context, user Identity, plain string) {
	account := user.Account()
	before := account.Password
	err := account.SetPassword(ctx, plain)
	if err == nil {
		err = ReplacePassword(ctx, s.db, user, before)
	}
	if err != nil {
		account.Password = before
		s.logger.LogAttrs(ctx, slog.LevelWarn, "password hash not upgraded",
			slog.Int64("user_id", user.UserID()), slog.String("error", err.Error()))
	}
}

// recordLogin stores the time of the login.
func (s *service) recordLogin(ctx context.Context, user Identity) error {
	now := s.now().UTC().Truncate(time.Microsecond)
	user.Account().LastLogin = &now
	if user.Account().IsSuperuser {
		if err := s.recordSuperuser(ctx); err != nil {
			return err
		}
	}
	return s.saveFields(ctx, user, "last_login")
}

type forcedKey struct{}

// ForceLogin returns a context whose request is logged in as user, without a password. It is for tests, see package
// authtest: a request from the network has no such context.
func ForceLogin(ctx context.Context, user Identity) context.Context {
	return context.WithValue(ctx, forcedKey{}, user)
}

// forcedUser returns the user of ForceLogin, or nil.
func forcedUser(ctx context.Context) Identity {
	user, _ := ctx.Value(forcedKey{}).(Identity)
	return user
}
