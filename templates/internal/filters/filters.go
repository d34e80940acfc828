// Package filters holds the functions that every template has. A filter takes the value last, so that it can
// be piped in: {{ .title | truncate 40 }}.
package filters

import (
	"fmt"
	htmltemplate "html/template"
	"reflect"
	"strconv"
	"time"
)

// All returns them by name. now is the clock of those that tell the time; nil means time.Now.
func All(now func() time.Time) map[string]any {
	if now == nil {
		now = time.Now
	}
	clock := clock{now}
	return map[string]any{
		// text
		"upper": upper, "lower": lower, "title": title, "capfirst": capFirst, "trim": trim, "cut": cut, "replace": replace,
		"truncate": truncate, "truncatewords": truncateWords, "wordcount": wordCount, "linebreaks": lineBreaks, "striptags": stripTags,
		"slugify": slugify, "urlencode": urlEncode, "contains": contains, "hasprefix": hasPrefix, "hassuffix": hasSuffix, "split": split,
		// logic
		"default": defaultTo, "yesno": yesNo, "pluralize": pluralize, "in": in,
		// collections
		"join": join, "dict": Dict, "list": list, "seq": seq, "first": first, "last": last, "length": length, "reverse": reverse,
		"json_script": jsonScript,
		// numbers
		"add": add, "sub": sub, "mul": mul, "div": div, "mod": mod, "intcomma": intComma, "filesize": fileSize, "floatformat": floatFormat,
		// dates
		"date": date, "time": clockTime, "now": clock.current, "timesince": clock.since, "timeuntil": clock.until,
	}
}

// Markup is text that a .txt or .xml partial made; it is not escaped again.
type Markup string

// Text turns what a template holds into a string: nil is empty, pointers are followed.
func Text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case htmltemplate.HTML:
		return string(v)
	case Markup:
		return string(v)
	case int:
		return strconv.Itoa(v)
	case error:
		return v.Error()
	case fmt.Stringer:
		if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && r.IsNil() {
			return ""
		}
		return v.String()
	}
	if r := indirect(reflect.ValueOf(v)); r.IsValid() && r.CanInterface() {
		return fmt.Sprint(r.Interface())
	}
	return ""
}

// indirect follows pointers and interfaces; the zero Value stands for nil.
func indirect(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return reflect.Value{}
		}
		v = v.Elem()
	}
	return v
}

// empty is what {{ if }} takes for false.
func empty(v any) bool {
	truth, _ := htmltemplate.IsTrue(v)
	return !truth
}

// defaultTo: {{ .name | default "nobody" }}.
func defaultTo(instead, v any) any {
	if empty(v) {
		return instead
	}
	return v
}

// yesNo: {{ .done | yesno "yes" "no" "unknown" }}; the third stands for nil.
func yesNo(args ...any) (any, error) {
	if len(args) == 0 || len(args) > 4 {
		return nil, fmt.Errorf("yesno takes up to three words and a value, got %d arguments", len(args))
	}
	v, words := args[len(args)-1], args[:len(args)-1]
	word := func(i int, otherwise string) any {
		if i < len(words) {
			return words[i]
		}
		return otherwise
	}
	r := reflect.ValueOf(v)
	switch {
	case !r.IsValid() || r.Kind() == reflect.Pointer && r.IsNil():
		if len(words) == 3 {
			return words[2], nil
		}
		return word(1, "no"), nil
	case empty(v) || r.Kind() == reflect.Pointer && r.Elem().IsZero():
		return word(1, "no"), nil
	}
	return word(0, "yes"), nil
}

// pluralize: item{{ .n | pluralize }}, cherr{{ .n | pluralize "y" "ies" }}. The value is a number
// or a collection.
func pluralize(args ...any) (string, error) {
	one, many := "", "s"
	switch len(args) {
	case 1:
	case 2:
		many = Text(args[0])
	case 3:
		one, many = Text(args[0]), Text(args[1])
	default:
		return "", fmt.Errorf("pluralize takes up to two endings and a value, got %d arguments", len(args))
	}
	n, err := toNumber(args[len(args)-1])
	if err != nil {
		size, lengthErr := length(args[len(args)-1])
		if lengthErr != nil {
			return "", fmt.Errorf("want a number or a collection, got %T", args[len(args)-1])
		}
		n = number{whole: int64(size)}
	}
	if !n.float && n.whole == 1 || n.float && n.real == 1 {
		return one, nil
	}
	return many, nil
}
