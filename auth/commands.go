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

func (s *service) createSuperuser() command.Command {
	var email, username string
	var noInput bool
	return command.Command{
		Name:  "createsuperuser",
		Usage: "",
		Short: "create a user with all permissions",
		Long: "Creates an active user with all permissions, who can log in to the admin.\n\n" +
			"On a terminal, it asks for missing values. The password is read from " + passwordVariable + " if that is set; " +
			"it is validated in either case.",
		Example: "createsuperuser --email ada@example.com\n" + passwordVariable + "=… createsuperuser --email ada@example.com --no-input",
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&email, "email", "", "the user's email address")
			flags.StringVar(&username, "username", "", "the name to log in with (default: the part of the email address before the @)")
			flags.BoolVar(&noInput, "no-input", false, "never prompt; fail if a value is missing")
		},
		Run: func(ctx context.Context, call *command.Call) error {
			return s.runCreateSuperuser(ctx, call, email, username, call.Terminal && !noInput)
		},
	}
}

func (s *service) runCreateSuperuser(ctx context.Context, call *command.Call, email, username string, ask bool) error {
	var err error
	if email == "" {
		if !ask {
			return command.Usagef("the email address is missing; use --email ADDRESS")
		}
		if email, err = call.Prompt("Email address:"); err != nil {
			return err
		}
	}
	if username == "" {
		username, _, _ = strings.Cut(NormalizeEmail(email), "@")
		if ask {
			answer, err := call.Prompt("Username [" + username + "]:")
			if err != nil {
				return err
			}
			if answer != "" {
				username = answer
			}
		}
	}
	user, err := s.newUser()
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
	err = s.db.Atomic(ctx, func(ctx context.Context) error {
		if err := s.db.Create(ctx, user); err != nil {
			return err
		}
		return s.recordSuperuser(ctx)
	})
	if err != nil {
		return describeUserError(err)
	}
	call.Printf("Created superuser %s. Log in with this name or the address %s.\n", account.Username, account.Email)
	return nil
}

func (s *service) changePasswordCommand() command.Command {
	return command.Command{
		Name:  "changepassword",
		Usage: "USER",
		Short: "set the password of a user",
		Long: "Sets the password of the user with this name or email address and ends all their sessions.\n\n" +
			"Without a terminal the password is read from " + passwordVariable + ".",
		Example: "changepassword ada",
		MinArgs: 1, MaxArgs: 1,
		Run: func(ctx context.Context, call *command.Call) error {
			users, err := s.usersByLogin(ctx, call.Args[0])
			switch {
			case err != nil:
				return err
			case len(users) == 0:
				return fmt.Errorf("there is no user with the name or email address %q", call.Args[0])
			case len(users) > 1:
				return fmt.Errorf("%q is the name of one user and the email address of another; use the other user's name", call.Args[0])
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
			if err := s.saveFields(ctx, user, "password"); err != nil {
				return err
			}
			call.Printf("Changed the password of %s and ended all their sessions.\n", account.Username)
			return nil
		},
	}
}

func (s *service) clearSessions() command.Command {
	return command.Command{
		Name:    "clearsessions",
		Usage:   "",
		Short:   "delete sessions that have expired",
		Long:    "Deletes sessions that have expired. A running site does so once an hour.",
		Example: "clearsessions",
		Run: func(ctx context.Context, call *command.Call) error {
			if err := s.deleteExpired(ctx); err != nil {
				return err
			}
			call.Printf("Deleted expired sessions.\n")
			return nil
		},
	}
}

// askPassword returns a valid password: preset, if it is not empty, or one that is entered twice on a terminal, in up to
// three attempts.
func askPassword(call *command.Call, account *Base, preset string, ask bool) (string, error) {
	if preset != "" {
		if problems := password.Validate(preset, account.about()); len(problems) > 0 {
			return "", fmt.Errorf("the password in %s is not accepted: %s", passwordVariable, joined(problems, " "))
		}
		return preset, nil
	}
	if !ask {
		return "", command.Usagef("the password is missing; set %s, or run this command on a terminal", passwordVariable)
	}
	for range 3 {
		first, err := call.Password("Password:")
		if err != nil {
			return "", err
		}
		if problems := password.Validate(first, account.about()); len(problems) > 0 {
			call.Printf("%s\n", joined(problems, "\n"))
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

// describeUserError returns the error of a user that could not be stored, in terms of the command line.
func describeUserError(err error) error {
	if taken, ok := errors.AsType[*orm.IntegrityError](err); ok && taken.Kind == orm.IntegrityUnique && len(taken.Fields) > 0 {
		return fmt.Errorf("a user with this %s already exists", strings.Join(taken.Fields, " and "))
	}
	if invalid, ok := errors.AsType[*orm.ValidationError](err); ok {
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(invalid.Fields)) {
			parts = append(parts, strings.TrimPrefix(name+": ", ": ")+joined(invalid.Fields[name], " "))
		}
		return fmt.Errorf("the user cannot be created: %s", strings.Join(parts, "; "))
	}
	return err
}
