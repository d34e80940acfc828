package auth

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/auth/password"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/orm"
)

// passwordVariable is the environment variable with the password of a new superuser.
const passwordVariable = "QUINTET_SUPERUSER_PASSWORD"

// Commands returns createsuperuser, changepassword and clearsessions.
func (a *App[U]) Commands() []command.Command {
	c := a.core()
	return []command.Command{c.createSuperuser(), c.changePasswordCommand(), c.clearSessions()}
}

func (c *core) createSuperuser() command.Command {
	var email, username string
	var noInput bool
	return command.Command{
		Name:  "createsuperuser",
		Usage: "",
		Short: "make a user who may do everything",
		Long: "Makes an active user with all permissions, who can log in to the admin.\n\n" +
			"On a terminal, what is missing is asked for. The password is read from " + passwordVariable + " if that is set; " +
			"it is checked in either case.",
		Example: "createsuperuser --email ada@example.com\n" + passwordVariable + "=… createsuperuser --email ada@example.com --no-input",
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&email, "email", "", "the user's address")
			flags.StringVar(&username, "username", "", "the name to log in with (default: the part of the address before the @)")
			flags.BoolVar(&noInput, "no-input", false, "ask nothing; fail if something is missing")
		},
		Run: func(ctx context.Context, call *command.Call) error {
			return c.runCreateSuperuser(ctx, call, email, username, call.Terminal && !noInput)
		},
	}
}

func (c *core) runCreateSuperuser(ctx context.Context, call *command.Call, email, username string, ask bool) error {
	var err error
	if email == "" {
		if !ask {
			return command.Usagef("the address is missing: give --email ADDRESS")
		}
		if email, err = call.Prompt("Email address:"); err != nil {
			return err
		}
	}
	if username == "" {
		username, _, _ = strings.Cut(NormalizeEmail(email), "@")
		if ask {
			given, err := call.Prompt("Username [" + username + "]:")
			if err != nil {
				return err
			}
			if given != "" {
				username = given
			}
		}
	}
	user, err := c.blankUser()
	if err != nil {
		return err
	}
	account := user.Account()
	account.Email, account.Username = NormalizeEmail(email), Normalize(username)
	account.IsActive, account.IsStaff, account.IsSuperuser = true, true, true
	plain, err := askPassword(call, account, os.Getenv(passwordVariable), ask)
	if err != nil {
		return err
	}
	if err := account.SetPassword(ctx, plain); err != nil {
		return err
	}
	err = c.db.Atomic(ctx, func(ctx context.Context) error {
		if err := c.db.Create(ctx, user); err != nil {
			return err
		}
		return c.noteSuperuser(ctx)
	})
	if err != nil {
		return describeUserError(err)
	}
	call.Printf("Superuser %s was made. Log in with the name or the address %s.\n", account.Username, account.Email)
	return nil
}

func (c *core) changePasswordCommand() command.Command {
	return command.Command{
		Name:  "changepassword",
		Usage: "USER",
		Short: "set the password of a user",
		Long: "Sets the password of the user with that name or address and ends all their sessions.\n\n" +
			"Without a terminal the password is read from " + passwordVariable + ".",
		Example: "changepassword ada",
		MinArgs: 1, MaxArgs: 1,
		Run: func(ctx context.Context, call *command.Call) error {
			users, err := c.usersByLogin(ctx, call.Args[0])
			switch {
			case err != nil:
				return err
			case len(users) == 0:
				return fmt.Errorf("there is no user with the name or address %q", call.Args[0])
			case len(users) > 1:
				return fmt.Errorf("%q is the name of one user and the address of another: give the other's name", call.Args[0])
			}
			user := users[0]
			account := user.Account()
			plain, err := askPassword(call, account, os.Getenv(passwordVariable), call.Terminal)
			if err != nil {
				return err
			}
			if err := account.SetPassword(ctx, plain); err != nil {
				return err
			}
			if err := c.saveFields(ctx, user, "password"); err != nil {
				return err
			}
			call.Printf("The password of %s was changed; all their sessions have ended.\n", account.Username)
			return nil
		},
	}
}

func (c *core) clearSessions() command.Command {
	return command.Command{
		Name:    "clearsessions",
		Usage:   "",
		Short:   "delete sessions that have expired",
		Long:    "Deletes sessions that have expired. They are never used, but take space; run this once a day.",
		Example: "clearsessions",
		Run: func(ctx context.Context, call *command.Call) error {
			if err := c.deleteExpired(ctx); err != nil {
				return err
			}
			call.Printf("Expired sessions were deleted.\n")
			return nil
		},
	}
}

// askPassword returns an accepted password: the given one, or on a terminal one that is typed
// twice, up to three times.
func askPassword(call *command.Call, account *Base, given string, ask bool) (string, error) {
	if given != "" {
		if faults := password.Validate(given, account.about()); len(faults) > 0 {
			return "", fmt.Errorf("the password in %s is not accepted: %s", passwordVariable, joined(faults, " "))
		}
		return given, nil
	}
	if !ask {
		return "", command.Usagef("the password is missing: set %s, or run this on a terminal", passwordVariable)
	}
	for range 3 {
		first, err := call.Password("Password:")
		if err != nil {
			return "", err
		}
		if faults := password.Validate(first, account.about()); len(faults) > 0 {
			call.Printf("%s\n", joined(faults, "\n"))
			continue
		}
		second, err := call.Password("Password again:")
		if err != nil {
			return "", err
		}
		if first == second {
			return first, nil
		}
		call.Printf("The two passwords are not the same.\n")
	}
	return "", errors.New("no password was set")
}

// joined returns the texts of messages with a separator between them.
func joined(list []message.Message, separator string) string {
	texts := make([]string, len(list))
	for i, m := range list {
		texts[i] = m.String()
	}
	return strings.Join(texts, separator)
}

// describeUserError says in words why a user could not be stored.
func describeUserError(err error) error {
	if taken, ok := errors.AsType[*orm.IntegrityError](err); ok && taken.Kind == orm.IntegrityUnique && len(taken.Fields) > 0 {
		return fmt.Errorf("there is a user with this %s already", strings.Join(taken.Fields, " and "))
	}
	if invalid, ok := errors.AsType[*orm.ValidationError](err); ok {
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(invalid.Fields)) {
			parts = append(parts, strings.TrimPrefix(name+": ", ": ")+joined(invalid.Fields[name], " "))
		}
		return fmt.Errorf("the user cannot be made: %s", strings.Join(parts, "; "))
	}
	return err
}
