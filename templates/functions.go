package templates

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"
	"time"

	"github.com/quintetgo/quintet/templates/internal/filters"
	"github.com/quintetgo/quintet/templates/internal/program"
)

// builtins returns the functions every template has, and the engine's own, written by resolving.
func builtins(now func() time.Time) map[string]any {
	all := filters.All(now)
	maps.Copy(all, filters.Standard())
	maps.Copy(
		all,
		map[string]any{
			"_dict":                filters.Dict,
			"_merge":               filters.Merge,
			"_text":                plainText,
			"_xml":                 xmlEscape,
			program.RangeGuards[0]: rangeable,
			program.RangeGuards[1]: rangeableTwice,
		},
	)
	for name, fn := range shows {
		all[name] = fn
	}
	return all
}

// standard are the functions of text/template.
var standard = []string{
	"and", "call", "html", "index", "slice", "js", "len", "not", "or", "print", "printf", "println", "urlquery",
	"eq", "ge", "gt", "le", "lt", "ne",
}

func (e *Engine) addFuncs(funcs map[string]any) (errs []error) {
	errorType := reflect.TypeFor[error]()
	for _, name := range slices.Sorted(maps.Keys(funcs)) {
		t := reflect.TypeOf(funcs[name])
		problem := ""
		switch {
		case !identifier(name) || name == "include" || name == "extends" || name == "super":
			problem = "the name cannot be used in templates"
		case t == nil || t.Kind() != reflect.Func || reflect.ValueOf(funcs[name]).IsNil():
			problem = fmt.Sprintf("want a function, got %T", funcs[name])
		case t.NumOut() == 0 || t.NumOut() > 2 || t.NumOut() == 2 && t.Out(1) != errorType:
			problem = fmt.Sprintf("%s returns neither one value nor a value and an error", t)
		default:
			e.funcs[name] = funcs[name]
			continue
		}
		errs = append(errs, fmt.Errorf("templates: function %q: %s", name, problem))
	}
	return errs
}

func identifier(name string) bool {
	for i, r := range name {
		if r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}

// checkDateLayout finds layouts in the style of other languages while parsing.
func checkDateLayout(n *parse.CommandNode, fail func(parse.Node, string, string)) {
	if len(n.Args) < 2 {
		return
	}
	ident, ok := n.Args[0].(*parse.IdentifierNode)
	if !ok || ident.Ident != "date" && ident.Ident != "time" && ident.Ident != "now" {
		return
	}
	style, ok := n.Args[1].(*parse.StringNode)
	if !ok {
		return
	}
	near := ""
	if letters := strings.Trim(style.Text, "abcdefghijklmnopqrstuvwxyz"); letters == "" && len(style.Text) > 3 &&
		!slices.Contains(filters.Styles(), style.Text) {
		near = didYouMean(style.Text, filters.Styles()) // a misspelled style would be taken for letters
	}
	err := filters.CheckLayout(style.Text)
	if err == nil && near != "" {
		err = fmt.Errorf("%q is not a style", style.Text)
	}
	if err != nil {
		hint := `write letters of Django such as "j F Y", a layout of Go such as "2 January 2006", ` +
			`or a style such as "short", "long", "iso"`
		if near != "" {
			hint = near
		}
		fail(style, ident.Ident+": "+err.Error(), hint)
	}
}
