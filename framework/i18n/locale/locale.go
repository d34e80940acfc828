// Package locale formats and reads dates, times and numbers as the languages of the world write them, and knows the names
// and properties of these languages. Its data is derived from Unicode CLDR 48.2 (© Unicode, Inc., Unicode License v3) by the
// command in internal/cldr.
//
//	de, _ := locale.Lookup("de")
//	de.Date(day, locale.Long)     // "31. Dezember 2026"
//	de.Number("1234.5")           // "1.234,5"
//	de.ParseNumber("1.234,5")     // "1234.5"
//
// Numbers are written with the digits 0 to 9 in every language; digits of other scripts are understood where numbers are
// read. Days are those of the Gregorian calendar.
package locale

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Locale has the conventions of a language, or of a language in a country. Locales are immutable and safe for concurrent
// use; there is one for each code.
type Locale struct {
	// Code is the BCP 47 code, such as "pt" or "en-GB".
	Code string
	// Name is the English name, such as "British English".
	Name string
	// OwnName is the name in the language itself, such as "Deutsch".
	OwnName string
	// RTL reports whether the language is written from right to left.
	RTL bool
	// PluralForms is the rule that selects the form of a text for a whole number, as catalogs of gettext have it in their header:
	// "nplurals=2; plural=n==1 ? 0 : 1;".
	PluralForms string
	// FirstWeekday is the day that calendars begin the week with.
	FirstWeekday time.Weekday

	tag  language.Tag
	data data
}

// data is the decoded form of a line of locales.jsonl.
type data struct {
	Name     string `json:"name"`
	OwnName  string `json:"own_name"`
	RTL      bool   `json:"rtl"`
	FirstDay int    `json:"first_day"`
	Plurals  string `json:"plural_forms"`

	Months      []string `json:"months"`
	MonthsShort []string `json:"months_short"`
	MonthsAlone []string `json:"months_alone"`       // without a day, as a title: "ноябрь" instead of "ноября"
	AloneShort  []string `json:"months_alone_short"` // the same, abbreviated
	Days        []string `json:"days"`               // from Sunday
	DaysShort   []string `json:"days_short"`
	DaysNarrow  []string `json:"days_narrow"`
	AM          string   `json:"am"`
	PM          string   `json:"pm"`

	DateFull   string `json:"date_full"`
	DateLong   string `json:"date_long"`
	DateMedium string `json:"date_medium"`
	DateShort  string `json:"date_short"`
	DateInput  string `json:"date_input"` // numbers only, with the whole year
	MonthDay   string `json:"month_day"`
	YearMonth  string `json:"year_month"`
	TimeShort  string `json:"time_short"`
	TimeMedium string `json:"time_medium"` // with seconds
	JoinFull   string `json:"join_full"`   // "{1}, {0}": date and time
	JoinLong   string `json:"join_long"`
	JoinMedium string `json:"join_medium"`
	JoinShort  string `json:"join_short"`

	Decimal     string `json:"decimal"`
	Group       string `json:"group"`
	Minus       string `json:"minus"`
	Percent     string `json:"percent"`
	NumberForm  string `json:"number"`              // "#,##0.###"
	MinGrouping int    `json:"min_grouping,string"` // digits before the first separator: 2 in Spanish, which writes 1234 and 12.345

	Lists     listForms           `json:"list"`
	Compact   map[string]counts   `json:"compact"` // by power of ten, "1000"
	Relative  map[string]relative `json:"relative"`
	Durations map[string]counts   `json:"durations"`
	Sizes     map[string]counts   `json:"sizes"`
}

// counts holds patterns by plural category: "one", "few", "other", …
type counts map[string]string

//go:embed locales.jsonl
var lines string

// index maps lower-case codes to the lines with their data.
var index = sync.OnceValue(func() map[string]header {
	all := make(map[string]header, 450)
	for line := range strings.Lines(lines) {
		h := header{line: line}
		if err := json.Unmarshal([]byte(line), &h); err != nil {
			panic("locale: the embedded data is damaged: " + err.Error())
		}
		all[strings.ToLower(h.Code)] = h
	}
	return all
})

// header identifies a line.
type header struct {
	Code   string `json:"code"`
	Parent string `json:"parent"`
	line   string
}

var locales sync.Map // of *Locale by lower-case code

// Lookup returns the locale with a code such as "de", "pt-BR" or "zh_Hant"; case does not matter. For a code without data
// it is that of the nearest code above it: "de" for "de-XX". It reports false if there is none.
func Lookup(code string) (*Locale, bool) {
	key := strings.ToLower(strings.ReplaceAll(code, "_", "-"))
	for len(key) > 0 && len(key) <= maxCode {
		if known, ok := locales.Load(key); ok {
			return known.(*Locale), true
		}
		if h, ok := index()[key]; ok {
			known, _ := locales.LoadOrStore(key, h.load())
			return known.(*Locale), true
		}
		cut := max(strings.LastIndexByte(key, '-'), 0)
		key = key[:cut]
	}
	return nil, false
}

const maxCode = 35 // bytes of the longest code that is looked for, as in RFC 5646

// English is the locale of texts that are not translated.
func English() *Locale {
	l, ok := Lookup("en")
	if !ok {
		panic("locale: the embedded data has no English")
	}
	return l
}

// Codes returns the codes of all locales in no particular order.
func Codes() []string {
	codes := make([]string, 0, len(index()))
	for _, h := range index() {
		codes = append(codes, h.Code)
	}
	return codes
}

// load decodes the locale. Values that a line lacks are those of its parent.
func (h header) load() *Locale {
	raw, err := h.raw()
	var text []byte
	if err == nil {
		text, err = json.Marshal(raw)
	}
	l := &Locale{Code: h.Code, tag: language.Make(h.Code)}
	if err == nil {
		err = json.Unmarshal(text, &l.data)
	}
	if err != nil {
		panic(fmt.Sprintf("locale: the embedded data of %s is damaged: %v", h.Code, err))
	}
	l.Name, l.OwnName, l.RTL, l.PluralForms = l.data.Name, l.data.OwnName, l.data.RTL, l.data.Plurals
	l.FirstWeekday = time.Weekday(l.data.FirstDay)
	return l
}

func (h header) raw() (map[string]json.RawMessage, error) {
	raw := map[string]json.RawMessage{}
	if h.Parent != "" {
		above, err := index()[strings.ToLower(h.Parent)].raw()
		if err != nil {
			return nil, err
		}
		maps.Copy(raw, above)
	}
	own := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(h.line), &own); err != nil {
		return nil, err
	}
	maps.Copy(raw, own)
	return raw, nil
}

// pick returns the pattern for a number without a fraction.
func (l *Locale) pick(c counts, n int64) string {
	return l.choose(c, plural.Cardinal.MatchPlural(l.tag, int(max(n, -n)%10_000_000), 0, 0, 0, 0))
}

// categories has the names of plural categories in the data.
var categories = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many",
}

func (l *Locale) choose(c counts, form plural.Form) string {
	if text, ok := c[categories[form]]; ok {
		return text
	}
	return c["other"]
}
