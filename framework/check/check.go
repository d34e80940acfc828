// Package check describes problems of a project that are found before it starts: each has an ID, a location and a
// hint. It also finds the nearest match for an unknown name.
//
// All problems of a project (settings, routes, templates, models, admin names) are reported together, as a list of
// [Problem], by the command check and at the start of serve and runserver.
package check

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Level is the severity of a problem. The constants are in ascending order.
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

// MarshalText encodes the level as its name, for JSON.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Problem is one finding: an error, or something that could be improved.
type Problem struct {
	// ID identifies the kind of problem in documentation and searches, such as "web.E001": package, first letter of
	// the level, number. Required.
	ID    string `json:"id"`
	Level Level  `json:"level"`
	// Place is the location: file:line, the name of a setting, the name of an app. Default: "", none.
	Place string `json:"place,omitempty"`
	// Message describes the problem, in lower case without a full stop. Required.
	Message string `json:"message"`
	// Hint describes the remedy, as full sentences. Default: "", none.
	Hint string `json:"hint,omitempty"`
}

// String returns the problem on one line, without the hint.
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

// Error makes a problem usable as an error. It returns the message with its place and hint, without level and ID.
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

// AtLeast returns the problems of that level or higher, in their order.
func AtLeast(problems []Problem, level Level) []Problem {
	var list []Problem
	for _, p := range problems {
		if p.Level >= level {
			list = append(list, p)
		}
	}
	return list
}

// Err returns one error that joins the problems of level Error or higher, or nil if there is none. errors.AsType
// finds each [Problem] in it.
func Err(problems []Problem) error {
	var errs []error
	for _, p := range AtLeast(problems, Error) {
		errs = append(errs, p)
	}
	return errors.Join(errs...)
}

// Print writes the problems as text: the most severe first, otherwise in their order, each with its hint below.
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

// Require prints the problems of level Warning or higher. It returns an error if there is one of level Error or
// higher, because then a server must not start.
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
