package filters

import (
	"fmt"
	texttemplate "text/template"

	"github.com/quintetgo/quintet/templates/internal/render"
)

// Standard returns functions of text/template, which would never end for values that contain themselves, with an
// error for those.
func Standard() map[string]any {
	return map[string]any{
		"print":    printValue,
		"println":  printLine,
		"printf":   printFormat,
		"html":     escapeHTML,
		"js":       escapeJS,
		"urlquery": queryText,
	}
}

func printValue(args ...any) (string, error) { return printed(fmt.Sprint, args) }
func printLine(args ...any) (string, error)  { return printed(fmt.Sprintln, args) }
func escapeHTML(args ...any) (string, error) { return printed(texttemplate.HTMLEscaper, args) }
func escapeJS(args ...any) (string, error)   { return printed(texttemplate.JSEscaper, args) }
func queryText(args ...any) (string, error)  { return printed(texttemplate.URLQueryEscaper, args) }

func printFormat(format string, args ...any) (string, error) {
	return printed(func(args ...any) string { return fmt.Sprintf(format, args...) }, args)
}

func printed(write func(...any) string, args []any) (string, error) {
	for _, arg := range args {
		if err := render.Printable(arg); err != nil {
			return "", err
		}
	}
	return write(args...), nil
}
