// Package problem creates the problems that checks of models report.
package problem

import (
	"slices"

	"github.com/quintetgo/quintet/framework/check"
)

// Problem is something wrong with a model. Its place is "blog.Post.title", or the line of a Fields method.
type Problem = check.Problem

// Error returns a problem that keeps the project from starting.
func Error(id, place, message, hint string) Problem {
	return Problem{ID: id, Level: check.Error, Place: place, Message: message, Hint: hint}
}

// Warning returns a problem that is only reported.
func Warning(id, place, message, hint string) Problem {
	return Problem{ID: id, Level: check.Warning, Place: place, Message: message, Hint: hint}
}

// IsError reports whether a problem keeps the project from starting.
func IsError(p Problem) bool { return p.Level >= check.Error }

// HasErrors reports whether one of the problems keeps the project from starting.
func HasErrors(problems []Problem) bool { return slices.ContainsFunc(problems, IsError) }

// DidYouMean returns a hint that names the choice most similar to word, or other if none is similar.
func DidYouMean(word string, choices []string, other string) string {
	if n := check.Nearest(word, choices); n != "" {
		return `Did you mean "` + n + `"?`
	}
	return other
}
