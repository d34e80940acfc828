// Package command runs the command line of a project: commands of the framework and of its apps, with flags, help,
// examples, and exit codes.
//
//	command.Command{
//		Name:    "rebuild",
//		Usage:   "[POST…]",
//		Short:   "Rebuild the search index",
//		Example: "rebuild --since 24h",
//		MaxArgs: -1,
//		Flags:   func(f *flag.FlagSet) { f.DurationVar(&since, "since", 0, "only posts changed within that time") },
//		Run:     func(ctx context.Context, c *command.Call) error { … },
//	}
//
// A command ends with 0 if it was done, 1 if it failed, and 2 if it was used wrongly; see [Usagef] and [Exit].
package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
)

// Command is one command. Name and Run must be set.
type Command struct {
	// Name is the word that calls the command.
	Name string
	// Usage describes the arguments for the help, as "[APP [NAME]]"; empty if there are none.
	Usage string
	// Short says in half a line what the command does; Long, if set, is shown by --help instead.
	Short, Long string
	// Example has lines as one would type them, without the program's name.
	Example string
	// MinArgs and MaxArgs limit the number of arguments. A MaxArgs of -1 means any number.
	MinArgs, MaxArgs int
	// Hidden keeps the command out of the list of commands.
	Hidden bool
	// Flags defines the flags. It is called before each run, so variables get their defaults again.
	Flags func(f *flag.FlagSet)
	// Run does the work. Its context ends when the program is interrupted.
	Run func(ctx context.Context, c *Call) error
}

// Program is a set of commands under one name.
type Program struct {
	Name     string // as in "shop migrate"
	Short    string // what the program is, for its help
	Version  string // printed by --version; empty if it has none
	Commands []Command
}

// UsageError is an error of whoever typed the command; the program ends with 2 and points to the help.
type UsageError struct {
	Message string
	// Help is the command line that shows the help, such as "shop migrate --help". Main fills it.
	Help string
}

// Error returns the message.
func (e *UsageError) Error() string { return e.Message }

// Usagef returns an error for a command that was used wrongly. It ends the program with 2.
func Usagef(format string, args ...any) error {
	return &UsageError{Message: fmt.Sprintf(format, args...)}
}

// ExitError ends the program with a code. Its cause may be nil: then nothing is printed.
type ExitError struct {
	Code int
	Err  error
}

// Error returns the message of the cause, or the code.
func (e *ExitError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit code %d", e.Code)
	}
	return e.Err.Error()
}

// Unwrap returns the cause.
func (e *ExitError) Unwrap() error { return e.Err }

// Exit returns an error that ends the program with a code, and prints err unless it is nil. Use it where the output has
// already said what is wrong, as in check.
func Exit(code int, err error) error { return &ExitError{Code: code, Err: err} }

// exitCode is the code that an error stands for.
func exitCode(err error) int {
	if err == nil {
		return 0
	}
	if exit, ok := errors.AsType[*ExitError](err); ok {
		return exit.Code
	}
	if _, ok := errors.AsType[*UsageError](err); ok {
		return 2
	}
	return 1
}
