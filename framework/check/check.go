// Package check holds what Quintet says about a project before it runs: problems with an id, a place and a way out, and
// the nearest match for a name that does not exist.
//
// Whatever can be wrong in a project (settings, routes, templates, models, admin names) is reported as a [Problem], all
// of them at once, by the check command and at the start of serve and runserver.
package check

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Level says how bad a problem is. The order of the constants is the order of severity.
type Level int

// The levels. Error and Critical stop the server from starting; Warning is printed; Info and Debug are shown by the
// check command only.
const (
	Debug Level = iota
	Info
	Warning
	Error
	Critical
)

var levelNames = [...]string{"debug", "info", "warning", "error", "critical"}

// String returns the level in lower case.
func (l Level) String() string {
	if l < Debug || l > Critical {
		return fmt.Sprintf("level %d", int(l))
	}
	return levelNames[l]
}

// MarshalText makes a level readable in JSON.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Problem is one thing that is wrong, or could be better.
type Problem struct {
	// ID names the kind of problem for searching and silencing, as "web.E001": package, first letter of the level, number.
	ID    string `json:"id"`
	Level Level  `json:"level"`
	// Place says where: file:line, a setting's name, an app's name. It may be empty.
	Place string `json:"place,omitempty"`
	// Message says what is wrong.
	Message string `json:"message"`
	// Hint says what to do about it. It may be empty.
	Hint string `json:"hint,omitempty"`
}

// String is the problem on one line, without the hint.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Level.String())
	if p.ID != "" {
		b.WriteString(" (" + p.ID + ")")
	}
	b.WriteString(": ")
	if p.Place != "" {
		b.WriteString(p.Place + ": ")
	}
	b.WriteString(p.Message)
	return b.String()
}

// Error makes a problem usable as an error; it is the message with its place and hint, without level and id.
func (p Problem) Error() string {
	s := p.Message
	if p.Place != "" {
		s = p.Place + ": " + s
	}
	if p.Hint != "" {
		s += "\n    " + strings.ReplaceAll(p.Hint, "\n", "\n    ")
	}
	return s
}

// Worst returns the highest level among problems, or Debug if there are none.
func Worst(problems []Problem) Level {
	worst := Debug
	for _, p := range problems {
		worst = max(worst, p.Level)
	}
	return worst
}

// AtLeast returns the problems of that level or worse, in their order.
func AtLeast(problems []Problem, level Level) []Problem {
	var list []Problem
	for _, p := range problems {
		if p.Level >= level {
			list = append(list, p)
		}
	}
	return list
}

// Err returns one error that lists every problem of level Error or worse, or nil if there is none.
func Err(problems []Problem) error {
	var errs []error
	for _, p := range AtLeast(problems, Error) {
		errs = append(errs, p)
	}
	return errors.Join(errs...)
}

// Print writes the problems for people: the worst first, otherwise in their order, the hint below each.
func Print(w io.Writer, problems []Problem) error {
	sorted := slices.Clone(problems)
	slices.SortStableFunc(sorted, func(a, b Problem) int { return int(b.Level) - int(a.Level) })
	var b strings.Builder
	for _, p := range sorted {
		b.WriteString(p.String() + "\n")
		if p.Hint != "" {
			b.WriteString("    " + strings.ReplaceAll(p.Hint, "\n", "\n    ") + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// PrintJSON writes the problems as one JSON array, "[]" if there are none.
func PrintJSON(w io.Writer, problems []Problem) error {
	if problems == nil {
		problems = []Problem{}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(problems)
}

// Require prints the warnings and errors among problems, and returns an error if there is a problem of level Error or worse,
// because of which a server must not start.
func Require(w io.Writer, problems []Problem) error {
	if err := Print(w, AtLeast(problems, Warning)); err != nil {
		return err
	}
	switch failed := len(AtLeast(problems, Error)); failed {
	case 0:
		return nil
	case 1:
		return errors.New("not started, because of 1 error")
	default:
		return fmt.Errorf("not started, because of %d errors", failed)
	}
}
