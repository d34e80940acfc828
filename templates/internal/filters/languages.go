package filters

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/quintetgo/quintet/templates/internal/render"
)

// translate: {{ t "Welcome back, {name}" "name" .User.Name }} is the text in the language of the page.
func translate(state *render.State, text string, pairs ...any) (any, error) {
	args, err := arguments("t", pairs)
	if err != nil {
		return "", err
	}
	return inLanguage(state, "", text, "", 0, args), nil
}

// translateInContext: {{ tc "month name" "May" }} is translate for words with several meanings.
func translateInContext(state *render.State, context string, rest ...any) (any, error) {
	if len(rest) == 0 {
		return "", fmt.Errorf(`tc takes a context and a text, as in tc "month name" "May"`)
	}
	args, err := arguments("tc", rest[1:])
	if err != nil {
		return "", err
	}
	return inLanguage(state, context, Text(rest[0]), "", 0, args), nil
}

// translatePlural: {{ tn "{count} post" "{count} posts" .Count }} is the text for a number, which fills in {count}.
func translatePlural(state *render.State, one string, rest ...any) (any, error) {
	if len(rest) < 2 {
		return "", fmt.Errorf(`tn takes the text for one, the text for other numbers, and the number, as in ` +
			`tn "{count} post" "{count} posts" .Count`)
	}
	n, err := wholeNumber(rest[1])
	if err != nil {
		return "", fmt.Errorf("tn: %w", err)
	}
	args, err := arguments("tn", rest[2:])
	if err != nil {
		return "", err
	}
	if args == nil {
		args = map[string]any{}
	}
	if _, given := args["count"]; !given {
		args["count"] = n
	}
	return inLanguage(state, "", one, Text(rest[0]), n, args), nil
}

// wholeNumber returns the number that selects a form of the plural.
func wholeNumber(v any) (int64, error) {
	switch r := indirect(reflect.ValueOf(v)); {
	case r.IsValid() && r.CanInt():
		return r.Int(), nil
	case r.IsValid() && r.CanUint():
		return int64(r.Uint()), nil //nolint:gosec // only the form of the plural depends on it
	}
	return 0, fmt.Errorf("want a whole number, got %T", v)
}

// arguments returns pairs of name and value as a map, nil if there are none.
func arguments(function string, pairs []any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		last := pairs[len(pairs)-1]
		return nil, fmt.Errorf(`%s: the value of %v is missing: write pairs of name and value, as in "name" .User.Name`, function, last)
	}
	if len(pairs) == 0 {
		return nil, nil
	}
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf(
				`%s: %v is not the name of a placeholder; write pairs of name and value, as in "name" .User.Name`, function, pairs[i],
			)
		}
		args[name] = pairs[i+1]
	}
	return args, nil
}

// inLanguage returns a text in the language of the rendering, or as it is written if there is none.
func inLanguage(state *render.State, context, text, plural string, n int64, args map[string]any) string {
	if state != nil && state.Language != nil {
		return state.Language.Text(context, text, plural, n, args)
	}
	if plural != "" && n != 1 {
		text = plural
	}
	if len(args) == 0 {
		return text
	}
	pairs := make([]string, 0, 2*len(args))
	for name, value := range args {
		pairs = append(pairs, "{"+name+"}", Text(value))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Localized returns the text of a value that the language of the rendering can translate, such as a message.
func Localized(state *render.State, v any) (text string, ok bool) {
	if state == nil || state.Language == nil {
		return "", false
	}
	return state.Language.Localize(v)
}
