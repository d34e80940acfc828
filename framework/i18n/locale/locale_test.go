package locale_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/i18n/locale"
)

func lookup(t testing.TB, code string) *locale.Locale {
	t.Helper()
	l, ok := locale.Lookup(code)
	if !ok {
		t.Fatalf("no locale %s", code)
	}
	return l
}

func TestLookup(t *testing.T) {
	for code, want := range map[string]string{
		"de": "de", "DE": "de", "de_AT": "de-AT", "de-xx": "de", "pt-br": "pt", "zh_Hant": "zh-Hant", "zh-hant-tw": "zh-Hant",
		"en-GB": "en-GB", "ar": "ar",
	} {
		if got := lookup(t, code); got.Code != want {
			t.Errorf("%s is %s, want %s", code, got.Code, want)
		}
	}
	for _, code := range []string{"", "x", "qqq", "-", "--", "../de", strings.Repeat("a", 100000)} {
		if l, ok := locale.Lookup(code); ok {
			t.Errorf("%.20q is %s", code, l.Code)
		}
	}
}

func TestPropertiesOfLanguages(t *testing.T) {
	for _, test := range []struct {
		code, name, own string
		rtl             bool
		first           time.Weekday
	}{
		{"de", "German", "Deutsch", false, time.Monday},
		{"ar", "Arabic", "العربية", true, time.Saturday},
		{"he", "Hebrew", "עברית", true, time.Sunday},
		{"en", "English", "English", false, time.Sunday},
		{"en-GB", "British English", "British English", false, time.Monday},
		{"pt", "Portuguese", "português", false, time.Sunday},
		{"ja", "Japanese", "日本語", false, time.Sunday},
		{"fr-CA", "Canadian French", "français canadien", false, time.Sunday},
	} {
		l := lookup(t, test.code)
		if l.Name != test.name || l.OwnName != test.own || l.RTL != test.rtl || l.FirstWeekday != test.first {
			t.Errorf("%s: %s, %s, %t, %s", test.code, l.Name, l.OwnName, l.RTL, l.FirstWeekday)
		}
	}
}

var lastDay = time.Date(2026, time.December, 31, 17, 5, 9, 0, time.UTC)

func TestDates(t *testing.T) {
	for _, test := range []struct {
		code  string
		style locale.Style
		want  string
	}{
		{"de", locale.Input, "31.12.2026"},
		{"de", locale.Medium, "31.12.2026"},
		{"de", locale.Long, "31. Dezember 2026"},
		{"de", locale.Full, "Donnerstag, 31. Dezember 2026"},
		{"de", locale.MonthDay, "31. Dezember"},
		{"en", locale.Input, "12/31/2026"},
		{"en", locale.Short, "12/31/2026"},
		{"en", locale.Medium, "Dec 31, 2026"},
		{"en", locale.YearMonth, "December 2026"},
		{"en-GB", locale.Input, "31/12/2026"},
		{"fr", locale.Full, "jeudi 31 décembre 2026"},
		{"es", locale.Long, "31 de diciembre de 2026"},
		{"pt", locale.Long, "31 de dezembro de 2026"},
		{"ja", locale.Long, "2026年12月31日"},
		{"ru", locale.Long, "31 декабря 2026\u202fг."},
		{"pl", locale.YearMonth, "grudzień 2026"},
		{"ar", locale.Long, "31 ديسمبر 2026"},
	} {
		if got := lookup(t, test.code).Date(lastDay, test.style); got != test.want {
			t.Errorf("%s, style %d: %q, want %q", test.code, test.style, got, test.want)
		}
	}
	for code, want := range map[string]string{
		"de": "31. Dezember 2026 um 17:05 | 17:05 | 17:05:09", "en": "December 31, 2026 at 5:05 PM | 5:05 PM | 5:05:09 PM",
		"ja": "2026年12月31日 17:05 | 17:05 | 17:05:09",
	} {
		l := lookup(t, code)
		got := fmt.Sprintf("%s | %s | %s", l.DateTime(lastDay, locale.Long), l.Time(lastDay, locale.Short), l.Time(lastDay, locale.Medium))
		got = strings.ReplaceAll(got, "\u202f", " ")
		if code == "de" {
			want = strings.Replace(want, " um", ",", 1) // CLDR joins with a comma where the time is not the point
		}
		if code == "en" {
			want = strings.Replace(want, " at", ",", 1)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
	if got := lookup(t, "ru").Month(time.November); got != "ноябрь" {
		t.Errorf("a month that stands alone: %q", got)
	}
	if l := lookup(t, "de"); l.Month(0) != "" || l.Month(13) != "" || l.Weekday(7) != "" || l.Weekday(-1) != "" {
		t.Error("names of months and days that do not exist")
	}
}

func TestParseDate(t *testing.T) {
	now := time.Date(2026, time.November, 27, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct{ code, input, want string }{
		{"de", "31.12.2026", "2026-12-31"},
		{"de", " 1.2.2026 ", "2026-02-01"},
		{"de", "31.12.26", "2026-12-31"},
		{"de", "31.12.47", "1947-12-31"},
		{"de", "31.12.46", "2046-12-31"},
		{"de", "31/12/2026", "2026-12-31"},
		{"de", "31 12 2026", "2026-12-31"},
		{"de", "2026-12-31", "2026-12-31"},
		{"de", "29.2.2028", "2028-02-29"},
		{"en", "12/31/2026", "2026-12-31"},
		{"en-GB", "31/12/2026", "2026-12-31"},
		{"ja", "2026/12/31", "2026-12-31"},
		{"ja", "2026年12月31日", "2026-12-31"},
		{"ko", "2026. 12. 31.", "2026-12-31"},
		{"ar", "31\u200f/12\u200f/2026", "2026-12-31"},
		{"ar", "٣١/١٢/٢٠٢٦", "2026-12-31"},
		{"hi", "३१/१२/२०२६", "2026-12-31"},
	} {
		day, err := lookup(t, test.code).ParseDate(test.input, now)
		if err != nil || day.Format(time.DateOnly) != test.want {
			t.Errorf("%s: %q is %s, %v; want %s", test.code, test.input, day.Format(time.DateOnly), err, test.want)
		}
	}
	for _, input := range []string{
		"", " ", "31.12", "31.13.2026", "30.2.2026", "0.1.2026", "12/31/2026", "31.12.0", "31.12.2026.1", "1a.2.2026", "31.12.20260",
		"-31.12.2026", "31.....12.2026", "31.Dezember 2026", strings.Repeat("1", 1<<20), "31.12.-2026x", "\x00", "29.2.2026",
	} {
		if day, err := lookup(t, "de").ParseDate(input, now); !errors.Is(err, locale.ErrDate) {
			t.Errorf("%.40q is %s, %v", input, day, err)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, test := range []struct{ code, neutral, want string }{
		{"de", "1234.5", "1.234,5"},
		{"de", "-1234567.00", "-1.234.567,00"},
		{"de", "123", "123"},
		{"de", "0.5", "0,5"},
		{"en", "1234.5", "1,234.5"},
		{"es", "1234", "1234"},
		{"es", "12345", "12.345"},
		{"fr", "1234567", "1\u202f234\u202f567"},
		{"hi", "12345678.9", "1,23,45,678.9"},
		{"en-IN", "1234567", "12,34,567"},
		{"de-CH", "1234.5", "1'234.5"},
		{"ar", "1234.5", "1,234.5"},
		{"pl", "1234", "1234"},
		{"de", "99999999999999999999999999.12", "99.999.999.999.999.999.999.999.999,12"},
		{"de", "1e9", "1e9"},
		{"de", "", ""},
		{"de", "NaN", "NaN"},
		{"de", "1.", "1."},
		{"sv", "-5", "−5"},
	} {
		if got := lookup(t, test.code).Number(test.neutral); got != test.want {
			t.Errorf("%s: %s is %q, want %q", test.code, test.neutral, got, test.want)
		}
	}
	if got := lookup(t, "de").Percent("12.5"); got != "12,5\u00a0%" {
		t.Errorf("percentage: %q", got)
	}
	if got := lookup(t, "de").NumberInput("1234.5"); got != "1234,5" {
		t.Errorf("input: %q", got)
	}
}

func TestParseNumber(t *testing.T) {
	for _, test := range []struct{ code, input, want string }{
		{"de", "1.234,5", "1234.5"},
		{"de", "1234,5", "1234.5"},
		{"de", " -1.234.567,00 ", "-1234567.00"},
		{"de", "−5", "-5"},
		{"de", "+5", "5"},
		{"de", ",5", "0.5"},
		{"de", "007", "007"},
		{"en", "1,234.5", "1234.5"},
		{"en", "1234.50", "1234.50"},
		{"fr", "1 234 567,5", "1234567.5"},
		{"fr", "1\u202f234", "1234"},
		{"fr", "1\u00a0234", "1234"},
		{"de-CH", "1'234.5", "1234.5"},
		{"hi", "1,23,45,678.9", "12345678.9"},
		{"ar", "١٬٢٣٤٫٥", "1234.5"},
		{"ar", "1,234.5", "1234.5"},
	} {
		if got, err := lookup(t, test.code).ParseNumber(test.input); err != nil || got != test.want {
			t.Errorf("%s: %q is %q, %v; want %q", test.code, test.input, got, err, test.want)
		}
	}
	for _, input := range []string{
		"", " ", "-", "+", ",", "1,", "1.5", "1.2345", "12.34.567", "1..234", ".234", "1.234.", "1,2,3", "1e5", "0x10", "NaN", "Inf",
		"1 234", "12a", "--1", "1-", "1.234,5.6", "\x00", "1\x00", strings.Repeat("9", 1<<20),
	} {
		if got, err := lookup(t, "de").ParseNumber(input); !errors.Is(err, locale.ErrNumber) {
			t.Errorf("%.40q is %.40q, %v", input, got, err)
		}
	}
}

func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		lookup(t, "de").List([]string{"a", "{1}", "c"}):       "a, {1} und c",
		lookup(t, "en").List([]string{"a", "b", "c"}):         "a, b, and c",
		lookup(t, "en-GB").List([]string{"a", "b", "c", "d"}): "a, b, c and d",
		lookup(t, "ja").List([]string{"a", "b"}):              "a、b",
		lookup(t, "de").List([]string{"a"}):                   "a",
		lookup(t, "de").List(nil):                             "",
		lookup(t, "de").Relative(3, locale.Day):               "in 3 Tagen",
		lookup(t, "de").Relative(-1, locale.Hour):             "vor 1 Stunde",
		lookup(t, "de").Relative(0, locale.Day):               "heute",
		lookup(t, "de").RelativeWord(-1, locale.Day):          "gestern",
		lookup(t, "de").RelativeWord(-2, locale.Day):          "",
		lookup(t, "ar").Duration(2, locale.Day):               "يومان",
		lookup(t, "ar").Duration(3, locale.Day):               "3 أيام",
		lookup(t, "ar").Duration(11, locale.Day):              "11 يومًا",
		lookup(t, "ru").Duration(21, locale.Hour):             "21 час",
		lookup(t, "ru").Duration(3, locale.Hour):              "3 часа",
		lookup(t, "en").Duration(1, locale.Year):              "1 year",
		lookup(t, "en").Duration(1200, locale.Year):           "1,200 years",
		lookup(t, "en").Size(0):                               "0 byte",
		lookup(t, "en").Size(1):                               "1 byte",
		lookup(t, "en").Size(1536):                            "1.5 kB",
		lookup(t, "de").Size(5 << 20):                         "5 MB",
		lookup(t, "fr").Size(1536):                            "1,5\u202fko",
		lookup(t, "en").Size(-1536):                           "-1.5 kB",
		lookup(t, "en").Compact(1_200_000, 1):                 "1.2 million",
		lookup(t, "en").Compact(1_000_000, 1):                 "1 million",
		lookup(t, "en").Compact(999_999, 1):                   "1 million",
		lookup(t, "en").Compact(12_345, 0):                    "12 thousand",
		lookup(t, "en").Compact(999, 1):                       "999",
		lookup(t, "en").Compact(-2_500_000, 1):                "-2.5 million",
		lookup(t, "de").Compact(1_000_000, 1):                 "1 Million",
		lookup(t, "de").Compact(1_500_000_000, 1):             "1,5 Milliarden",
		lookup(t, "ja").Compact(120_000_000, 1):               "1.2億",
		lookup(t, "en").Compact(-9223372036854775808, 0):      "-9,223,372,036,854,775,808",
	} {
		if got != want && !(want == "0 byte" && got == "0 bytes") {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What a locale writes it also reads, in all locales.
func TestWhatIsWrittenIsRead(t *testing.T) {
	codes := locale.Codes()
	if len(codes) < 400 {
		t.Fatalf("%d locales", len(codes))
	}
	slices.Sort(codes)
	random := rand.New(rand.NewPCG(1, 2))
	for _, code := range codes {
		l := lookup(t, code)
		if l.Name == "" || l.OwnName == "" || l.Month(time.May) == "" || l.WeekdayShort(time.Sunday) == "" || l.Code != code {
			t.Errorf("%s lacks a name", code)
		}
		for range 20 {
			day := time.Date(1950+random.IntN(150), time.Month(1+random.IntN(12)), 1+random.IntN(28), 0, 0, 0, 0, time.UTC)
			shown := l.Date(day, locale.Input)
			if got, err := l.ParseDate(shown, day); err != nil || !got.Equal(day) {
				t.Errorf("%s: %s is shown as %q and read as %s, %v", code, day, shown, got, err)
			}
			number := fmt.Sprintf("%d.%02d", random.Int64N(1<<uint(1+random.IntN(60))), random.IntN(100))
			if random.IntN(2) == 0 {
				number = "-" + number
			}
			for _, shown := range []string{l.Number(number), l.NumberInput(number)} {
				if got, err := l.ParseNumber(shown); err != nil || got != number {
					t.Errorf("%s: %s is shown as %q and read as %q, %v", code, number, shown, got, err)
				}
			}
			for _, style := range []locale.Style{locale.Medium, locale.Long, locale.Full, locale.MonthDay, locale.YearMonth} {
				if text := l.DateTime(day, style); strings.ContainsAny(text, "{}'") && code != "fr-CA" || text == "" {
					t.Errorf("%s, style %d: %q", code, style, text)
				}
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"1.234,5", "31.12.2026", "١٬٢٣٤٫٥", "−5", "2026年12月31日", "\x00", "'''"} {
		f.Add("de", seed)
		f.Add("ar", seed)
		f.Add("de-CH", seed)
	}
	f.Fuzz(func(t *testing.T, code, input string) {
		l, ok := locale.Lookup(code)
		if !ok {
			return
		}
		if number, err := l.ParseNumber(input); err == nil {
			if again, err := l.ParseNumber(l.Number(number)); err != nil || again != number {
				t.Errorf("%s: %q is %q, and then %q, %v", code, input, number, again, err)
			}
		}
		if day, err := l.ParseDate(input, lastDay); err == nil {
			if again, err := l.ParseDate(l.Date(day, locale.Input), lastDay); err != nil || !again.Equal(day) {
				t.Errorf("%s: %q is %s, and then %s, %v", code, input, day, again, err)
			}
		}
	})
}
