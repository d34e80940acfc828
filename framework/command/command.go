package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
)

// Command is one command of a program. Name and Run are required.
type Command struct {
	Name    string // one word: "migrate"
	Usage   string // positional arguments as help shows them: "[APP [NAME]]"
	Short   string // one line without a full stop, for the list of commands
	Long    string // paragraphs for --help; default: Short
	Example string // command lines that can be typed as they are, one per line
	MinArgs int    // minimum number of positional arguments; default: 0
	MaxArgs int    // maximum number; Any means no limit; default: 0
	Hidden  bool   // not shown in the list of commands; default: false
	// Standalone marks a command that works without the state that other commands of the program share, such as an open
	// project: the program runs it even if that state cannot be set up. Default: false.
	Standalone bool

	Flags func(*flag.FlagSet)                      // declares flags; default: nil, none
	Run   func(ctx context.Context, c *Call) error // runs the command; nil means exit status 0, see Exit and Usagef
}

// Any is the MaxArgs of a command with any number of arguments.
const Any = -1

// Program is a set of commands under one name.
type Program struct {
	Name     string // as it is typed, such as "shop"; required
	Short    string // description in one line
	Long     string // description for --help; default: Short
	Version  string // for --version; default: "", no such flag
	Commands []Command
}

// Size is a flag for a number of bytes: a whole number, alone or with K, M or G for powers of 1024 ("512M", "2GiB").
// Pass &size to flag.FlagSet.Var.
type Size uint64

var _ flag.Value = (*Size)(nil)

// String returns the number of bytes in digits, or "" for zero.
func (s *Size) String() string {
	if *s == 0 {
		return ""
	}
	return strconv.FormatUint(uint64(*s), 10)
}

// Set parses text. It returns an error if text is not a size.
func (s *Size) Set(text string) error {
	digits, shift := strings.TrimSuffix(strings.TrimSuffix(strings.ToUpper(text), "B"), "I"), 0
	for i, unit := range []string{"K", "M", "G"} {
		if number, ok := strings.CutSuffix(digits, unit); ok {
			digits, shift = number, 10*(i+1)
			break
		}
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil {
		return fmt.Errorf("%q is not a size; write a number of bytes such as 500K, 512M or 2G", text)
	}
	*s = Size(n << shift)
	return nil
}

// List is a flag that may be repeated and contain several values separated by commas. Pass &list to flag.FlagSet.Var.
type List []string

var _ flag.Value = (*List)(nil)

// String returns the values joined by commas.
func (l *List) String() string { return strings.Join(*l, ",") }

// Set appends the values of one occurrence.
func (l *List) Set(text string) error {
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			*l = append(*l, part)
		}
	}
	return nil
}

// usageError is wrong usage: exit status 2 and a reference to --help.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// Usagef returns an error of wrong usage, formatted like fmt.Errorf. The exit status is 2, and the message refers to
// --help.
func Usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// IsUsage reports whether an error was returned by Usagef.
func IsUsage(err error) bool {
	_, ok := errors.AsType[usageError](err)
	return ok
}

// exitError is an error with an exit status.
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

// Exit returns an error that ends the program with the given status. If err is nil, no message is printed.
func Exit(code int, err error) error { return exitError{code, err} }
