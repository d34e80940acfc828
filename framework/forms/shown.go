package forms

import (
	"crypto/sha256"
	"encoding/base64"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ShownName is the name of the hidden input that [Form.RememberShown] adds.
const ShownName = "_shown"

// RememberShown adds a hidden input with a digest of the value that each input shows. When the form is submitted, possibly long
// afterwards, [Form.Untouched] compares with that page instead of with Initial. Forms of stored values need it to distinguish the
// visitor's edits from changes that somebody else has made in the meantime. Call it before Parse.
func (f *Form) RememberShown() {
	if f.remember != nil {
		return
	}
	f.remember = &Field{Name: ShownName, Widget: HiddenInput, KeepSpace: true}
	f.remember.Format = func(any) []string { return []string{f.shownState()} }
	f.byName[ShownName] = f.remember
	f.fields = append(f.fields, f.remember)
}

// Untouched reports, after Parse, whether a field was submitted with the value that its input was shown with. White space counts,
// but not how browsers encode line ends.
func (f *Form) Untouched(name string) bool { return f.untouched[name] }

// ShownAs reports whether the input of a field was shown with value: on the submitted page if it contains digests, and otherwise as
// Initial.
func (f *Form) ShownAs(name string, value any) bool {
	field := f.byName[name]
	if field == nil {
		return false
	}
	texts := f.inputTexts(field, value)
	if digests := f.shown[name]; len(digests) > 0 {
		return slices.Contains(digests, digestOf(canonical(field, texts)))
	}
	return slices.Equal(canonical(field, texts), canonical(field, f.inputTexts(field, field.Initial)))
}

// Rebase sets the value that counts as shown for a field, after the stored value has changed since the page was created. When the
// form is shown again, an untouched input shows the new value; other inputs keep their submitted value.
func (f *Form) Rebase(name string, value any) {
	field := f.byName[name]
	if field == nil {
		return
	}
	field.Initial = value
	if f.bound && f.untouched[name] {
		f.raw[name] = f.inputTexts(field, value)
	}
	if f.remember != nil && f.bound {
		f.raw[ShownName] = []string{f.shownState()}
	}
}

// Reset is [Form.Rebase] for an input that the visitor does not edit: a submitted form shows the value too, whatever was sent.
func (f *Form) Reset(name string, value any) {
	field := f.byName[name]
	if field == nil {
		return
	}
	if f.bound {
		f.raw[name] = f.inputTexts(field, value)
	}
	f.Rebase(name, value)
}

// inputTexts returns the texts that the input of a field shows for a value: none for passwords.
func (f *Form) inputTexts(field *Field, value any) []string {
	if field.isFile() || field.widget() == PasswordInput {
		return nil
	}
	return f.format(field, value)
}

// isUntouched compares the submitted texts of a field with those that it was shown with.
func (f *Form) isUntouched(field *Field, sent []string) bool {
	if field.Disabled || field == f.remember || field.isFile() {
		return false
	}
	submitted := canonical(field, sent)
	if digests := f.shown[field.Name]; len(digests) > 0 {
		return slices.Contains(digests, digestOf(submitted))
	}
	texts := f.inputTexts(field, field.Initial)
	return slices.Equal(submitted, canonical(field, texts)) || slices.Equal(submitted, canonical(field, browserTexts(field, texts)))
}

// keep returns the value of an untouched field: the one that it was shown with, because the input's text may contain less, such as
// a time without microseconds. Stored values are kept even if they are invalid today.
func (f *Form) keep(field *Field, value any, failed error) (any, error) {
	initial := plainValue(field.Initial)
	switch {
	case failed != nil && field.Stored && (len(canonical(field, f.format(field, field.Initial))) > 0):
		return initial, nil
	case failed == nil && value != nil && reflect.TypeOf(value) == reflect.TypeOf(initial):
		return initial, nil
	}
	return value, failed
}

func plainValue(value any) any {
	v := reflect.ValueOf(value)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if !v.IsValid() || v.Kind() == reflect.Pointer {
		return nil
	}
	return v.Interface()
}

// canonical returns the values of an input in one form, whether they come from a page or from a browser. It unifies line ends,
// characters that HTML cannot represent, the order of several choices, and the values of a checkbox.
func canonical(field *Field, values []string) []string {
	if !field.multiple() && len(values) > 1 {
		values = values[len(values)-1:]
	}
	out := make([]string, 0, len(values))
	for _, value := range values {
		value = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\uFFFD").Replace(strings.ToValidUTF8(value, "\uFFFD"))
		for strings.Contains(value, "\uFFFD\uFFFD") { // a browser may write one for each byte
			value = strings.ReplaceAll(value, "\uFFFD\uFFFD", "\uFFFD")
		}
		if field.widget() == Checkbox && field.kind() == Bool {
			value = map[bool]string{true: "true"}[isTrue(value)]
		}
		if value != "" {
			out = append(out, value)
		}
	}
	if field.multiple() {
		slices.Sort(out)
		out = slices.Compact(out)
	}
	return out
}

// browserTexts returns what a browser sends for an untouched input: it removes line ends from inputs of one line, and empties
// inputs whose value does not match their type.
func browserTexts(field *Field, texts []string) []string {
	out := slices.Clone(texts)
	for i, text := range out {
		switch field.widget() {
		case TextInput, SearchInput, TelInput:
			out[i] = withoutLines(text)
		case EmailInput, URLInput:
			out[i] = strings.TrimSpace(withoutLines(text))
		case NumberInput:
			if _, err := strconv.ParseFloat(text, 64); err != nil {
				out[i] = ""
			}
		case DateInput:
			out[i] = ifLayout(text, time.DateOnly)
		case TimeInput:
			out[i] = ifLayout(text, "15:04", "15:04:05")
		case DateTimeInput:
			out[i] = ifLayout(text, "2006-01-02T15:04", "2006-01-02T15:04:05")
		}
	}
	return out
}

func withoutLines(text string) string { return strings.NewReplacer("\n", "", "\r", "").Replace(text) }

// ifLayout returns text if it matches one of the layouts, with at most milliseconds, and otherwise "".
func ifLayout(text string, layouts ...string) string {
	if _, fraction, _ := strings.Cut(text, "."); len(fraction) > 3 {
		return ""
	}
	for _, layout := range layouts {
		if _, err := time.Parse(layout, text); err == nil {
			return text
		}
	}
	return ""
}

// digestOf returns a digest of values. It is neither secret nor a proof: the values are on the page.
func digestOf(values []string) string {
	sum := sha256.New()
	for _, value := range values {
		sum.Write([]byte(strconv.Itoa(len(value)) + ":" + value))
	}
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:12])
}

// shownState returns name=digest for each field, separated by spaces. A field has two if browsers send another value than the page
// shows.
func (f *Form) shownState() string {
	var parts []string
	for _, field := range f.fields {
		if field == f.remember || field.Disabled || field.isFile() {
			continue
		}
		texts := f.inputTexts(field, field.Initial)
		digest := digestOf(canonical(field, texts))
		parts = append(parts, field.Name+"="+digest)
		if sent := digestOf(canonical(field, browserTexts(field, texts))); sent != digest {
			parts = append(parts, field.Name+"="+sent)
		}
	}
	return strings.Join(parts, " ")
}

// parseShown parses the text of shownState. Anything else in it is ignored: the form is then compared with Initial.
func parseShown(state string) map[string][]string {
	shown := map[string][]string{}
	if len(state) > 1<<16 {
		return shown
	}
	for part := range strings.FieldsSeq(state) {
		if name, digest, ok := strings.Cut(part, "="); ok && len(shown[name]) < 2 {
			shown[name] = append(shown[name], digest)
		}
	}
	return shown
}
