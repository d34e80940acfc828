package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
)

// Command is one command of a program.
type Command struct {
	Name    string // one word: "migrate"
	Usage   string // positional arguments as help shows them: "[APP [NAME]]"
	Short   string // one line without a full stop
	Long    string // paragraphs for --help; "" means Short
	Example string // lines that can be typed as they are
	MinArgs int    // least number of positional arguments
	MaxArgs int    // largest number; -1 means any
	Hidden  bool   // left out of the list of commands

	Flags func(*flag.FlagSet)                      // declares flags; nil means none
	Run   func(ctx context.Context, c *Call) error // does it; nil error means exit status 0
}

// Any is a MaxArgs that allows any number of arguments.
const Any = -1

// Program is a set of commands under one name.
type Program struct {
	Name     string // as it is typed: "shop"
	Short    string // what the program is, in one line
	Long     string // what --help says before the commands; "" means Short
	Version  string // for --version; "" means no such flag
	Commands []Command
}

// List is a flag that may be given several times and holds several values separated by commas:
// pass &list to flag.FlagSet.Var.
type List []string

var _ flag.Value = (*List)(nil)

// String returns the values joined by commas.
func (l *List) String() string { return strings.Join(*l, ",") }

// Set adds the values of one occurrence.
func (l *List) Set(text string) error {
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			*l = append(*l, part)
		}
	}
	return nil
}

// usageError is wrong usage: exit status 2 and a pointer to --help.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// Usagef returns an error that says how the command was used wrongly; the exit status is 2.
func Usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// IsUsage reports whether an error says that a command was used wrongly.
func IsUsage(err error) bool {
	var usage usageError
	return errors.As(err, &usage)
}

// exitError carries an exit status of its own.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.code)
	}
	return e.err.Error()
}

func (e exitError) Unwrap() error { return e.err }

// Exit returns an error that ends the program with the given status. A nil err prints nothing: the
// command has said what there is to say.
func Exit(code int, err error) error { return exitError{code, err} }
