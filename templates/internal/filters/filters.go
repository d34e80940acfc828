// Package filters holds the functions that every template has. A filter takes the value last, so that it can
// be piped in: {{ .title | truncate 40 }}.
package filters

import (
	"fmt"
	htmltemplate "html/template"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/quintetgo/quintet/templates/internal/render"
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
		// languages
		"t": translate, "tn": translatePlural, "tc": translateInContext,
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

// Text turns what a template holds into a string: nil is empty, pointers are followed, times are written in the
// default format in their own zone. It panics with render.ErrCircle, which the engine reports, for a value
// that contains itself.
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
	case time.Time, *time.Time:
		text, _ := TimeText(nil, v)
		return text
	case error:
		return v.Error()
	case fmt.Stringer:
		if r := reflect.ValueOf(v); r.Kind() == reflect.Pointer && r.IsNil() {
			return ""
		}
		return v.String()
	}
	if r := indirect(reflect.ValueOf(v)); r.IsValid() && r.CanInterface() {
		if err := render.Printable(v); err != nil {
			panic(err)
		}
		return fmt.Sprint(r.Interface())
	}
	return ""
}

// indirect follows pointers and interfaces; the zero Value represents nil.
func indirect(v reflect.Value) reflect.Value {
	for steps := 0; v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface; steps++ {
		if v.IsNil() {
			return reflect.Value{}
		}
		if steps > maxPointers {
			panic(render.ErrCircle)
		}
		v = v.Elem()
	}
	return v
}

// maxPointers bounds how many pointers to pointers are followed: they may lead back to the first.
const maxPointers = 100

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

// yesNo: {{ .done | yesno "yes" "no" "unknown" }}; the third, by default "maybe", is for nil;
// with two words nil is the second.
func yesNo(args ...any) (any, error) {
	if len(args) == 0 || len(args) > 4 {
		return nil, fmt.Errorf("yesno takes up to three words and a value, got %d arguments", len(args))
	}
	v, words := args[len(args)-1], args[:len(args)-1]
	if list, ok := only(words).(string); ok && strings.Contains(list, ",") { // as Django has it: "on,off,unknown"
		words = nil
		for word := range strings.SplitSeq(list, ",") {
			words = append(words, word)
		}
	}
	word := func(i int, otherwise string) any {
		if i < len(words) {
			return words[i]
		}
		return otherwise
	}
	r := reflect.ValueOf(v)
	switch {
	case !r.IsValid() || r.Kind() == reflect.Pointer && r.IsNil():
		switch len(words) {
		case 0:
			return "maybe", nil
		case 3:
			return words[2], nil
		}
		return word(1, "no"), nil
	case empty(v) || r.Kind() == reflect.Pointer && r.Elem().IsZero():
		return word(1, "no"), nil
	}
	return word(0, "yes"), nil
}

// only returns the single element, or nil.
func only(list []any) any {
	if len(list) != 1 {
		return nil
	}
	return list[0]
}

// pluralize: item{{ .n | pluralize }}, cherr{{ .n | pluralize "y" "ies" }} or cherr{{ .n | pluralize "y,ies" }}.
// The value is a number, text that is one, or a collection; there is no ending for other text and nil.
func pluralize(args ...any) (string, error) {
	one, many := "", "s"
	switch len(args) {
	case 1:
	case 2:
		many = Text(args[0])
		if both := strings.Split(many, ","); len(both) == 2 {
			one, many = both[0], both[1]
		} else if len(both) > 2 {
			return "", fmt.Errorf("pluralize takes two endings, got %q", many)
		}
	case 3:
		one, many = Text(args[0]), Text(args[1])
	default:
		return "", fmt.Errorf("pluralize takes up to two endings and a value, got %d arguments", len(args))
	}
	v := args[len(args)-1]
	n, err := toNumber(v)
	if err != nil {
		if r := indirect(reflect.ValueOf(v)); !r.IsValid() || r.Kind() == reflect.String {
			return "", nil
		}
		size, lengthErr := length(v)
		if lengthErr != nil {
			return "", fmt.Errorf("want a number or a collection, got %T", v)
		}
		n = number{whole: int64(size)}
	}
	if !n.float && n.whole == 1 || n.float && n.real == 1 {
		return one, nil
	}
	return many, nil
}
