package schema

import (
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
)

// Problem is something wrong with a model. Place is "blog.Post.title", or the line of a Fields method.
type Problem = check.Problem

// ProblemsError is every mistake found while models were registered.
type ProblemsError struct{ Problems []Problem }

// Error gives one line for each mistake: place, message, hint and id.
func (e *ProblemsError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		line := p.Place + ": " + p.Message
		if p.Hint != "" {
			line += "; " + p.Hint
		}
		lines[i] = line + " (" + p.ID + ")"
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives each problem as an error; a project reports each of them by itself.
func (e *ProblemsError) Unwrap() []error {
	errs := make([]error, len(e.Problems))
	for i, p := range e.Problems {
		errs[i] = p
	}
	return errs
}

func problem(id, place, message, hint string) Problem {
	return Problem{ID: id, Level: check.Error, Place: place, Message: message, Hint: hint}
}

func warning(id, place, message, hint string) Problem {
	return Problem{ID: id, Level: check.Warning, Place: place, Message: message, Hint: hint}
}

func isError(p Problem) bool { return p.Level >= check.Error }

func hasErrors(problems []Problem) bool { return slices.ContainsFunc(problems, isError) }

// didYouMean makes a hint of the nearest choice, or of other when none is near.
func didYouMean(word string, choices []string, other string) string {
	if n := check.Nearest(word, choices); n != "" {
		return `did you mean "` + n + `"?`
	}
	return other
}
