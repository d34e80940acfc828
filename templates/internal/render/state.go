// Package render holds what one rendering of a page carries through all templates that take part in it: the
// time zone that it shows times in, and the templates that are being rendered.
package render

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// MaxDepth is how many templates may be in progress inside each other.
	MaxDepth = 200
	// MaxCalls is how many calls one rendering may make: partials chosen while rendering, and recursive
	// templates. Data that branches and meets again at each level is not deep, and would never end without it.
	MaxCalls = 100_000
)

// State is what one rendering carries. The zero value is ready for use; a State belongs to one rendering and
// is not safe for concurrent use. Template functions that take it as their first parameter receive it.
type State struct {
	// Location is the zone that times are shown in; nil leaves each time in its own.
	Location *time.Location
	// Language translates the page; nil leaves texts as they are written.
	Language Language
	// Owner is what the State is part of, for the functions of the engine.
	Owner any

	stack []string
	calls int
}

// LimitError reports that templates call each other without an end in sight. Rendering the page a second
// time would do it all again, so nothing should.
type LimitError struct {
	Chain []string // the templates in progress, the page first
	Text  string
}

func (e *LimitError) Error() string { return e.Text }

// Enter notes that a template begins. The error is a *LimitError; then the template must not run.
func (s *State) Enter(name string) error {
	s.stack = append(s.stack, name)
	s.calls++
	switch {
	case len(s.stack) > MaxDepth:
		return &LimitError{
			slices.Clone(s.stack),
			fmt.Sprintf("templates call each other more than %d deep: %s", MaxDepth, shorten(s.stack)),
		}
	case s.calls > MaxCalls:
		return &LimitError{
			slices.Clone(s.stack),
			fmt.Sprintf("the page makes more than %d calls of templates; it is in %s", MaxCalls, shorten(s.stack)),
		}
	}
	return nil
}

// Leave notes that the template ends that was entered last.
func (s *State) Leave() { s.stack = s.stack[:max(0, len(s.stack)-1)] }

// Depth is the number of templates in progress.
func (s *State) Depth() int { return len(s.stack) }

// Unwind goes back to a depth, after templates that ended with an error.
func (s *State) Unwind(depth int) { s.stack = s.stack[:min(depth, len(s.stack))] }

// shorten writes a chain of names, of a long one the beginning and the end.
func shorten(names []string) string {
	const head, tail = 4, 2
	if len(names) > head+tail+1 {
		names = slices.Concat(names[:head], []string{"…"}, names[len(names)-tail:])
	}
	return strings.Join(names, " → ")
}
