package templates

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/quintetgo/quintet/templates/internal/program"
	"github.com/quintetgo/quintet/templates/internal/render"
)

// Error is one error in a template, found while parsing (New) or while rendering. Line and
// Column count from 1 and are 0 where the place is not known.
type Error struct {
	Name, Source string // the file's path, and the Source it came from
	Line, Column int
	Message      string
	Hint         string // what to do about it; may be empty
	Excerpt      string // the lines around the place, numbered; may be empty
	Err          error  // the cause, for example what a function returned; may be nil
}

// Error returns place, message and hint in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("template ")
	b.WriteString(e.Place())
	b.WriteString(": ")
	b.WriteString(e.Message)
	if e.Hint != "" {
		b.WriteString("; ")
		b.WriteString(e.Hint)
	}
	return b.String()
}

// Place is "path:line:column (source)", as far as it is known.
func (e *Error) Place() string {
	place := e.Name
	if e.Line > 0 {
		place += ":" + strconv.Itoa(e.Line)
		if e.Column > 0 {
			place += ":" + strconv.Itoa(e.Column)
		}
	}
	if e.Source != "" {
		place += " (" + e.Source + ")"
	}
	return place
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// errorAt makes an Error for the byte offset pos of f.
func errorAt(f *file, pos int, message, hint string) *Error {
	line, column := position(f.text, pos)
	return f.errorOn(line, column, message, hint)
}

func (f *file) errorOn(line, column int, message, hint string) *Error {
	return &Error{
		Name: f.name, Source: f.source, Line: line, Column: column,
		Message: message, Hint: hint, Excerpt: excerpt(f.text, line, column),
	}
}

// position turns a byte offset into line and column, both from 1, the column in characters.
func position(text string, pos int) (line, column int) {
	pos = max(0, min(pos, len(text)))
	start := strings.LastIndexByte(text[:pos], '\n') + 1
	return 1 + strings.Count(text[:start], "\n"), 1 + utf8.RuneCountInString(text[start:pos])
}

// excerpt shows the line with its neighbours, and points at the column.
func excerpt(text string, line, column int) string {
	if line < 1 {
		return ""
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	var b strings.Builder
	for n := max(1, line-1); n <= min(len(lines), line+1); n++ {
		content := strings.ReplaceAll(strings.TrimRight(lines[n-1], "\r"), "\t", " ")
		if runes := []rune(content); len(runes) > 160 {
			content = string(runes[:160]) + "…"
		}
		fmt.Fprintf(&b, "%4d | %s\n", n, content)
		if n == line && column > 0 && column <= 160 {
			fmt.Fprintf(&b, "     | %s^\n", strings.Repeat(" ", column-1))
		}
	}
	return b.String()
}

var (
	syntaxPattern   = regexp.MustCompile(`(?s)^template: (.+?):(\d+): (.*)$`)
	locationPattern = regexp.MustCompile(`^(.+?):(\d+):(\d+)$`)
	execPattern     = regexp.MustCompile(`(?s)^template: (.+?):(\d+):(\d+): executing "(.*?)" at <(.*?)>: (.*)$`)
	quotedPattern   = regexp.MustCompile(`"((?:[^"\\]|\\.)+)"`)
	callPattern     = regexp.MustCompile(`^error calling \w+: `)
	hiddenPattern   = regexp.MustCompile(`\$·\d+\.?|·\d+| \| _(?:show|text|xml)\b`)
)

// syntaxError turns an error of text/template/parse into ours. The parser tells the line only;
// the column is that of the token it names, or of the line's first action.
func syntaxError(f *file, err error) *Error {
	match := syntaxPattern.FindStringSubmatch(err.Error())
	if match == nil {
		return &Error{Name: f.name, Source: f.source, Message: err.Error(), Err: err}
	}
	line, _ := strconv.Atoi(match[2])
	message := strings.TrimPrefix(match[3], "template: ")
	column, content := 1, lineOf(f.text, line)
	open := max(0, strings.Index(content, "{{"))
	at := open
	if quoted := quotedPattern.FindStringSubmatch(message); quoted != nil {
		if i := strings.Index(content[open:], quoted[1]); i >= 0 {
			at = open + i
		}
	}
	column += utf8.RuneCountInString(content[:at])
	return f.errorOn(line, column, message, syntaxHint(message))
}

func syntaxHint(message string) string {
	switch {
	case strings.Contains(message, "multiple definition"):
		return "a file fills a block once; remove one, or give it another name"
	case strings.Contains(message, "unexpected EOF"):
		return "an {{ if }}, {{ range }}, {{ with }}, {{ block }} or {{ define }} is not closed by {{ end }}"
	case strings.Contains(message, "unexpected {{end}}"):
		return "there is one {{ end }} more than there are blocks to close"
	case strings.Contains(message, "unclosed action"), strings.Contains(message, "in operand"):
		return "an action ends with }} on the line it started"
	case strings.Contains(message, "undefined variable"):
		return "variables live until the {{ end }} of where they were set, and partials do not see them"
	case strings.Contains(message, "unrecognized character in action"),
		strings.Contains(message, "bad character"),
		strings.Contains(message, "character constant"):
		return "strings take double quotes; a filter's argument follows its name: {{ .title | truncate 20 }}"
	case strings.Contains(message, "expected end; found {{else}}"):
		return "one block has one {{ else }}"
	}
	return ""
}

func lineOf(text string, line int) string {
	for range line - 1 {
		_, rest, found := strings.Cut(text, "\n")
		if !found {
			return ""
		}
		text = rest
	}
	content, _, _ := strings.Cut(text, "\n")
	return content
}

// execError names the file that contains the failing action, not the page it was resolved into.
func (e *Engine) execError(page string, err error) error {
	if ours, ok := errors.AsType[*Error](err); ok {
		return ours // a partial chosen while rendering
	}
	if limit, ok := errors.AsType[*render.LimitError](err); ok {
		return e.limitError(page, limit)
	}
	match := execPattern.FindStringSubmatch(err.Error())
	if match == nil {
		f := e.files[page]
		return &Error{Name: f.name, Source: f.source, Message: err.Error(), Err: err}
	}
	return e.errorIn(page, match[1], match[2], match[3], match[5], callPattern.ReplaceAllString(match[6], ""), cause(err))
}

// callError is execError for a function or method that closures called.
func (e *Engine) callError(page string, called *program.CallError) error {
	location, at := e.files[page].tree.ErrorContext(called.Node)
	match := locationPattern.FindStringSubmatch(location)
	if match == nil {
		f := e.files[page]
		return &Error{Name: f.name, Source: f.source, Message: called.Error(), Err: called.Err}
	}
	return e.errorIn(page, match[1], match[2], match[3], at, called.Error(), called.Err)
}

// errorIn makes an Error for the place that text/template names: the key of a file, line, bytes into it, and
// the action.
func (e *Engine) errorIn(page, key, lineText, offsetText, at, message string, cause error) error {
	f := e.byKey[key]
	if f == nil {
		f = e.files[page]
	}
	line, _ := strconv.Atoi(lineText)
	offset, _ := strconv.Atoi(offsetText)
	content := lineOf(f.text, line)
	column := 1 + utf8.RuneCountInString(content[:min(offset, len(content))])
	message = plainNames(message)
	if at := plainNames(at); at != "" && !strings.HasPrefix(at, "_") {
		message = at + ": " + message
	}
	hint := ""
	if f.name != page {
		hint = "while rendering " + strconv.Quote(page)
	}
	out := f.errorOn(line, column, message, hint)
	out.Err = cause
	return out
}

// limitError names the template that was in progress when a rendering was given up.
func (e *Engine) limitError(page string, limit *render.LimitError) error {
	out := &Error{
		Name:    page,
		Message: limit.Text,
		Hint:    "is there a circle in the data, such as an object that is its own parent?",
		Err:     limit,
	}
	if n := len(limit.Chain); n > 0 {
		key, _, _ := strings.Cut(limit.Chain[n-1], "#")
		if f := e.byKey[key]; f != nil {
			out.Name, out.Source = f.name, f.source
		}
	}
	return out
}

// cause skips the wrappers of text/template, whose text we have used already.
func cause(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
		if !strings.HasPrefix(err.Error(), "template: ") {
			break
		}
	}
	return err
}

// plainNames undoes the renaming of variables that resolving a page brings.
func plainNames(text string) string {
	return hiddenPattern.ReplaceAllStringFunc(text, func(name string) string {
		if strings.HasPrefix(name, "$") {
			return "."
		}
		return ""
	})
}
