package schema

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
)

// LookupError reports a name or path that a model does not have.
type LookupError struct {
	Model   *Model
	Path    string   // the whole path, as written
	Part    string   // the part that failed
	Problem string   // the problem with Part
	Choices []string // the permitted names
	Nearest []string // the choices most similar to Part

	quiet bool // leave Choices out of the text when there is a nearest one
}

// Error returns the model, the path, the problem and the most similar choices.
func (e *LookupError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "orm: %s: ", e.Model.Name)
	if e.Path != "" {
		fmt.Fprintf(&b, "lookup %q: ", e.Path)
	}
	b.WriteString(e.Problem)
	if len(e.Nearest) > 0 {
		quoted := make([]string, len(e.Nearest))
		for i, n := range e.Nearest {
			quoted[i] = fmt.Sprintf("%q", n)
		}
		fmt.Fprintf(&b, "; did you mean %s?", strings.Join(quoted, " or "))
		if e.quiet {
			return b.String()
		}
		b.WriteString(" Choices: ")
	} else if len(e.Choices) > 0 {
		b.WriteString("; choices: ")
	}
	b.WriteString(strings.Join(e.Choices, ", "))
	return b.String()
}

// HTTPStatus returns 400, as unknown names come from the client.
func (e *LookupError) HTTPStatus() int { return http.StatusBadRequest }

func noField(root *Model, path string, at *Model, part string) *LookupError {
	choices := at.Names()
	problem := fmt.Sprintf("no field %q", part)
	if at != root {
		problem += " in " + at.String()
	}
	return &LookupError{
		Model: root, Path: path, Part: part, Problem: problem, Choices: choices, Nearest: nearest(part, choices),
	}
}

func unlinked(root *Model, path string, f *Field) *LookupError {
	return &LookupError{
		Model: root, Path: path, Part: f.Name,
		Problem: fmt.Sprintf("%q points at %s, which is not registered", f.Name, f.Relation.Target),
	}
}

// nearest returns at most two choices that are similar to word, sorted.
func nearest(word string, choices []string) []string {
	var found []string
	rest := slices.Clone(choices)
	for len(found) < 2 {
		n := check.Nearest(word, rest)
		if n == "" {
			break
		}
		found = append(found, n)
		rest = slices.DeleteFunc(rest, func(s string) bool { return s == n })
	}
	slices.Sort(found)
	return found
}

func article(k Kind) string {
	switch {
	case k.IsText():
		return "text"
	case k.IsInteger():
		return "a whole number"
	case k.IsNumber():
		return "a number"
	}
	switch k {
	case KindBool:
		return "true or false"
	case KindDate:
		return "a date"
	case KindTime:
		return "a time"
	case KindDateTime:
		return "a date and time"
	case KindDuration:
		return "a duration"
	}
	return "of kind " + k.String()
}
