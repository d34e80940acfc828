package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// TestOutputIsPrintedByExamples requires every ```sql and ```output block of the guides to be part of what a runnable
// example below docs/ prints. White space and line breaks do not count, and "…" represents omitted output.
func TestOutputIsPrintedByExamples(t *testing.T) {
	t.Parallel()
	outputs := allOutputs(t)
	blocks := 0
	for _, guide := range guides(t) {
		for _, language := range []string{"sql", "output"} {
			for _, block := range fenced(t, guide, language) {
				blocks++
				if !printed(strings.Join(block.lines, " "), outputs) {
					t.Errorf("%s:%d: no example below docs/ prints this:\n%s", guide, block.line, strings.Join(block.lines, "\n"))
				}
			}
		}
	}
	if blocks == 0 {
		t.Error("no block was found: the test looks in the wrong place")
	}
}

// TestCommonErrorsAreReal requires every error text in a section "Common errors", written as **`text`** at the beginning of a
// line, to be part of what a runnable example below docs/ prints.
func TestCommonErrorsAreReal(t *testing.T) {
	t.Parallel()
	outputs := allOutputs(t)
	found := 0
	for _, guide := range guides(t) {
		inside := false
		for number, line := range rawLines(t, guide) {
			if strings.HasPrefix(line, "## ") {
				inside = strings.TrimSpace(line) == "## Common errors"
			}
			text, isError := strings.CutPrefix(line, "**`")
			if !inside || !isError {
				continue
			}
			text, _, _ = strings.Cut(text, "`**")
			found++
			if !printed(squash(text), outputs) {
				t.Errorf("%s:%d: no example below docs/ prints %q", guide, number+1, text)
			}
		}
	}
	if found == 0 {
		t.Error("no error was found: the test looks in the wrong place")
	}
}

// allOutputs returns the expected outputs of all examples below docs/.
func allOutputs(t *testing.T) (outputs []string) {
	t.Helper()
	walk(t, ".", func(path string) {
		if strings.HasSuffix(path, "_test.go") {
			outputs = append(outputs, exampleOutputs(t, path)...)
		}
	})
	return outputs
}

// printed reports whether one output contains the parts of text between "…", in order.
func printed(text string, outputs []string) bool {
	parts := strings.Split(text, "…")
	for _, output := range outputs {
		rest, all := output, true
		for _, part := range parts {
			_, after, found := strings.Cut(rest, strings.TrimSpace(part))
			if !found {
				all = false
				break
			}
			rest = after
		}
		if all {
			return true
		}
	}
	return false
}

// exampleOutputs returns the expected outputs of the examples in a test file, with white space folded.
func exampleOutputs(t *testing.T, path string) (list []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Recv != nil || !strings.HasPrefix(fn.Name.Name, "Example") {
			continue
		}
		for _, comment := range file.Comments {
			if comment.Pos() < fn.Body.Pos() || comment.End() > fn.Body.End() {
				continue
			}
			if _, output, found := strings.Cut(comment.Text(), "Output:"); found {
				list = append(list, squash(output))
			}
		}
	}
	return list
}
