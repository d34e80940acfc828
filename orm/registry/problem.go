package registry

import (
	"strings"

	"github.com/quintetgo/quintet/framework/check"
)

// ProblemsError holds every error found while models were registered.
type ProblemsError struct{ Problems []check.Problem }

// Error returns one line for each problem: place, message, hint and id.
func (e *ProblemsError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		line := p.Place + ": " + p.Message
		if p.Hint != "" {
			line += ". " + p.Hint
		}
		lines[i] = line + " (" + p.ID + ")"
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns each problem as an error; a project reports each of them on its own.
func (e *ProblemsError) Unwrap() []error {
	errs := make([]error, len(e.Problems))
	for i, p := range e.Problems {
		errs[i] = p
	}
	return errs
}
