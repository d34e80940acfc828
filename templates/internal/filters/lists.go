package filters

import (
	"bytes"
	"encoding/json"
	"fmt"
	htmltemplate "html/template"
	"maps"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/quintetgo/quintet/templates/internal/render"
)

// Dict makes a map of pairs: {{ $m := dict "name" .title "wide" true }}.
func Dict(pairs ...any) (map[string]any, error) {
	return Merge(nil, pairs...)
}

// Merge copies a map with string keys and adds pairs to it.
func Merge(base any, pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("want pairs of name and value, got %d arguments", len(pairs))
	}
	out := make(map[string]any, len(pairs)/2)
	switch base := base.(type) {
	case nil:
	case map[string]any:
		maps.Copy(out, base)
	default:
		v := indirect(reflect.ValueOf(base))
		if v.Kind() != reflect.Map || v.Type().Key().Kind() != reflect.String {
			return nil, fmt.Errorf("named values can be added to a map only, not to %T; give each value a name", base)
		}
		for iter := v.MapRange(); iter.Next(); {
			out[iter.Key().String()] = iter.Value().Interface()
		}
	}
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("argument %d: want a name in quotes, got %T", i+1, pairs[i])
		}
		out[key] = pairs[i+1]
	}
	return out, nil
}

func list(items ...any) []any { return items }

// maxSeq bounds seq, whose numbers may come from a query string.
const maxSeq = 10_000

// seq counts: seq 3 is 1 2 3, seq 2 4 is 2 3 4, seq 0 5 20 is 0 5 10 15 20.
func seq(numbers ...int) ([]int, error) {
	from, step, to := 1, 1, 0
	switch len(numbers) {
	case 1:
		to = numbers[0]
	case 2:
		from, to = numbers[0], numbers[1]
		if to < from {
			step = -1
		}
	case 3:
		from, step, to = numbers[0], numbers[1], numbers[2]
	default:
		return nil, fmt.Errorf("seq takes an end; a start and an end; or start, step and end")
	}
	if len(numbers) == 1 && to < 1 {
		return nil, nil
	}
	if step == 0 || step > 0 != (to >= from) && to != from {
		return nil, fmt.Errorf("seq %d %d %d never ends", from, step, to)
	}
	if count := (to-from)/step + 1; count > maxSeq {
		return nil, fmt.Errorf("seq of %d numbers, more than %d", count, maxSeq)
	}
	var out []int
	for n := from; step > 0 && n <= to || step < 0 && n >= to; n += step {
		out = append(out, n)
	}
	return out, nil
}

// elements returns v as a slice, array or string that can be indexed.
func elements(v any) (reflect.Value, error) {
	r := indirect(reflect.ValueOf(v))
	switch r.Kind() {
	case reflect.Invalid, reflect.Slice, reflect.Array:
		return r, nil
	case reflect.String:
		return reflect.ValueOf([]rune(r.String())), nil
	}
	return r, fmt.Errorf("want a list or text, got %T", v)
}

func element(r reflect.Value, i int) any {
	if c, ok := r.Index(i).Interface().(rune); ok && r.Type() == reflect.TypeFor[[]rune]() {
		return string(c)
	}
	return r.Index(i).Interface()
}

// first returns the first element, or nil of an empty list.
func first(v any) (any, error) {
	r, err := elements(v)
	if err != nil || !r.IsValid() || r.Len() == 0 {
		return nil, err
	}
	return element(r, 0), nil
}

// last returns the last element, or nil of an empty list.
func last(v any) (any, error) {
	r, err := elements(v)
	if err != nil || !r.IsValid() || r.Len() == 0 {
		return nil, err
	}
	return element(r, r.Len()-1), nil
}

func reverse(v any) ([]any, error) {
	r, err := elements(v)
	if err != nil || !r.IsValid() {
		return nil, err
	}
	out := make([]any, 0, r.Len())
	for i := r.Len() - 1; i >= 0; i-- {
		out = append(out, element(r, i))
	}
	return out, nil
}

// length counts elements, or the characters of text; nil has none.
func length(v any) (int, error) {
	r := indirect(reflect.ValueOf(v))
	switch r.Kind() {
	case reflect.Invalid:
		return 0, nil
	case reflect.String:
		return utf8.RuneCountInString(r.String()), nil
	case reflect.Slice, reflect.Array, reflect.Map, reflect.Chan:
		return r.Len(), nil
	}
	return 0, fmt.Errorf("%T has no length", v)
}

// join: {{ .tags | join ", " }}.
func join(state *render.State, sep string, v any) (string, error) {
	if words, ok := v.([]string); ok {
		return strings.Join(words, sep), nil
	}
	r := indirect(reflect.ValueOf(v))
	if !r.IsValid() {
		return "", nil
	}
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array {
		return "", fmt.Errorf("want a list, got %T", v)
	}
	var b strings.Builder
	for i := range r.Len() {
		if i > 0 {
			b.WriteString(sep)
		}
		element := r.Index(i).Interface()
		text, ok := TimeText(state, element)
		if !ok {
			text = Text(element)
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

// in reports whether x is an element of a list, a key of a map or a part of a text. Numbers of
// different types are equal when their values are.
func in(x, v any) (bool, error) {
	r := indirect(reflect.ValueOf(v))
	switch r.Kind() {
	case reflect.Invalid:
		return false, nil
	case reflect.String:
		return strings.Contains(r.String(), Text(x)), nil
	case reflect.Slice, reflect.Array:
		for i := range r.Len() {
			if same(x, r.Index(i).Interface()) {
				return true, nil
			}
		}
		return false, nil
	case reflect.Map:
		for _, key := range r.MapKeys() {
			if same(x, key.Interface()) {
				return true, nil
			}
		}
		return false, nil
	}
	return false, fmt.Errorf("want a list, a map or text, got %T", v)
}

func same(a, b any) bool {
	m, errA := toNumber(a)
	n, errB := toNumber(b)
	if errA == nil && errB == nil && !isText(a) && !isText(b) {
		return m.compare(n) == 0
	}
	x, y := indirect(reflect.ValueOf(a)), indirect(reflect.ValueOf(b))
	if !x.IsValid() || !y.IsValid() {
		return x.IsValid() == y.IsValid()
	}
	if x.Kind() == reflect.String && y.Kind() == reflect.String {
		return x.String() == y.String()
	}
	return x.Type() == y.Type() && x.Comparable() && x.Interface() == y.Interface()
}

func isText(v any) bool { return indirect(reflect.ValueOf(v)).Kind() == reflect.String }

// jsonScript writes a value as a JSON island for scripts to read: {{ .data | json_script "my-data" }}.
func jsonScript(id string, v any) (htmltemplate.HTML, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b) // escapes <, > and & by default
	if err := encoder.Encode(v); err != nil {
		return "", fmt.Errorf("json_script %q: %w", id, err)
	}
	return htmltemplate.HTML(`<script id="` + htmltemplate.HTMLEscapeString(id) + `" type="application/json">` +
		strings.TrimSuffix(b.String(), "\n") + `</script>`), nil
}
