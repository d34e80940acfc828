package i18n

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/quintetgo/quintet/framework/i18n/internal/catalog"
	"github.com/quintetgo/quintet/framework/i18n/locale"
	"github.com/quintetgo/quintet/framework/message"
)

// Language is a language of a project: its conventions, from the embedded [locale.Locale], and its translations. It is a
// [message.Translator] and a [message.Formatter], immutable and safe for concurrent use.
type Language struct {
	*locale.Locale
	// Code is the BCP 47 code that the project uses, such as "de" or "de-AT". That of the embedded locale may be shorter, if
	// there is no more specific data.
	Code string

	tag    language.Tag
	pseudo bool
	found  map[string][]*catalog.Catalog // by folder, until they are merged
	texts  map[catalog.Key]translation
}

// translation has the forms of a text. Catalogs of one language may count differently, so each brings its rule.
type translation struct {
	forms   []string
	plurals *catalog.Plurals
}

// Dir returns the direction of writing as the attribute dir of HTML wants it: "ltr" or "rtl".
func (l *Language) Dir() string {
	if l.RTL {
		return "rtl"
	}
	return "ltr"
}

// uses reports whether the catalogs of a folder are for l: that of its code, and those of shorter forms of it.
func (l *Language) uses(folder string) bool {
	folder = strings.ReplaceAll(folder, "_", "-")
	return len(folder) <= len(l.Code) && strings.EqualFold(folder, l.Code[:len(folder)]) &&
		(len(folder) == len(l.Code) || l.Code[len(folder)] == '-')
}

func (l *Language) add(folder string, catalogs []*catalog.Catalog) {
	if l.found == nil {
		l.found = map[string][]*catalog.Catalog{}
	}
	key := strings.ToLower(strings.ReplaceAll(folder, "_", "-"))
	l.found[key] = append(l.found[key], catalogs...)
}

// merge makes one table from the catalogs: those of the whole code before those of shorter forms, and then in their order.
func (l *Language) merge() {
	l.texts = map[catalog.Key]translation{}
	for code := strings.ToLower(l.Code); code != ""; {
		for _, c := range l.found[code] {
			for _, e := range c.Entries {
				if _, ok := l.texts[e.Key]; !ok {
					l.texts[e.Key] = translation{e.Forms, &c.Plurals}
				}
			}
		}
		code = code[:max(strings.LastIndexByte(code, '-'), 0)]
	}
	l.found = nil
}

// Translate returns the translation of m with its placeholders in place, or "" if there is none; see [message.Translator].
func (l *Language) Translate(m message.Message, n int64) string {
	if l.pseudo {
		return pseudo(m, n)
	}
	t, ok := l.texts[catalog.Key{Context: m.Context, Text: m.Text}]
	if !ok {
		return ""
	}
	form := 0
	if m.Plural != "" {
		form = t.plurals.Form(n)
	}
	if form >= len(t.forms) {
		return "" // a text that the catalog knows without a plural
	}
	return t.forms[form]
}

// FormatArgument returns numbers and times as the language writes them: 1.234,5 in German. It reports false for values of
// other types.
func (l *Language) FormatArgument(value any) (string, bool) {
	switch v := value.(type) {
	case float64:
		return l.Number(strconv.FormatFloat(v, 'f', -1, 64)), true
	case float32:
		return l.Number(strconv.FormatFloat(float64(v), 'f', -1, 32)), true
	case int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return l.Number(fmt.Sprint(v)), true
	case time.Time:
		return l.DateTime(v, locale.Medium), true
	}
	return "", false
}

// FormatList returns a list as part of a sentence: "a, b and c".
func (l *Language) FormatList(items []string) string { return l.List(items) }

// Text translates a text of a template; see templates.Language.
func (l *Language) Text(context, text, plural string, n int64, args map[string]any) string {
	m := message.Message{Text: text, Plural: plural, Args: args, Context: context}
	if plural == "" {
		return m.Render(l)
	}
	translated := l.Translate(m, n)
	if translated == "" {
		if translated = text; n != 1 {
			translated = plural
		}
	}
	return message.Message{Text: translated, Args: args}.Render(formatter{l})
}

// formatter formats arguments of a text that is translated already.
type formatter struct{ *Language }

func (formatter) Translate(message.Message, int64) string { return "" }

// Localize returns the text of messages, and lists of messages; see templates.Language.
func (l *Language) Localize(v any) (text string, ok bool) {
	switch v := v.(type) {
	case message.Message:
		return v.Render(l), true
	case *message.Message:
		if v == nil {
			return "", true
		}
		return v.Render(l), true
	case message.List:
		return v.Render(l), true
	case interface {
		Render(t message.Translator) string
	}:
		return v.Render(l), true
	}
	return "", false
}

// FormatTime returns a time in one of the styles of the template function date that depend on the language; see
// templates.Language. American English keeps the forms that pages without a language have.
func (l *Language) FormatTime(style string, t time.Time) (text string, ok bool) {
	if l.Locale.Code == "en" {
		return "", false
	}
	switch style {
	case "short", "DATE_FORMAT":
		return l.Date(t, locale.Medium), true
	case "medium":
		return l.Date(t, locale.Long), true
	case "long":
		return l.Date(t, locale.Full), true
	case "month", "YEAR_MONTH_FORMAT":
		return l.Date(t, locale.YearMonth), true
	case "MONTH_DAY_FORMAT":
		return l.Date(t, locale.MonthDay), true
	case "SHORT_DATE_FORMAT":
		return l.Date(t, locale.Input), true
	case "datetime":
		return l.DateTime(t, locale.Long), true
	case "datetimeshort", "DATETIME_FORMAT":
		return l.DateTime(t, locale.Medium), true
	case "SHORT_DATETIME_FORMAT":
		return l.DateTime(t, locale.Input), true
	case "time", "TIME_FORMAT":
		return l.Time(t, locale.Short), true
	case "seconds":
		return l.Time(t, locale.Medium), true
	}
	return "", false
}
