package catalog_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"github.com/quintetgo/quintet/framework/i18n/internal/catalog"
	"github.com/quintetgo/quintet/framework/i18n/locale"
)

const german = `# Translators: one line about them.
msgid ""
msgstr ""
"Language: de\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: models.go:10
msgid "Title"
msgstr "Titel"

#, fuzzy
msgid "Body"
msgstr "Körper"

msgid "Untranslated"
msgstr ""

msgctxt "month name"
msgid "May"
msgstr "Mai"

msgid "{count} post"
msgid_plural "{count} posts"
msgstr[0] "{count} Beitrag"
msgstr[1] "{count} Beiträge"

msgid ""
"a long "
"text with \"quotes\" and \\ and\n"
"two lines"
msgstr "kurz"

#~ msgid "Old"
#~ msgstr "Alt"
`

func TestParsePO(t *testing.T) {
	c, err := catalog.ParsePO([]byte(german))
	if err != nil {
		t.Fatal(err)
	}
	if c.Language != "de" || c.Plurals.Count != 2 || c.Plurals.Form(1) != 0 || c.Plurals.Form(0) != 1 {
		t.Errorf("header: %q, %+v", c.Language, c.Plurals)
	}
	want := map[catalog.Key]string{
		{Text: "Title"}:                      "Titel",
		{Context: "month name", Text: "May"}: "Mai",
		{Text: "{count} post"}:               "{count} Beitrag|{count} Beiträge",
		{Text: "a long text with \"quotes\" and \\ and\ntwo lines"}: "kurz",
	}
	if len(c.Entries) != len(want) {
		t.Errorf("%d entries: %+v", len(c.Entries), c.Entries)
	}
	for _, e := range c.Entries {
		if want[e.Key] != strings.Join(e.Forms, "|") {
			t.Errorf("%+v is %q, want %q", e.Key, e.Forms, want[e.Key])
		}
	}
}

func TestDamagedPO(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"keyword":       {"msgid \"a\"\nmsgstx \"b\"\n", "line 2"},
		"no quotes":     {"msgid a\n", "line 1"},
		"open quote":    {"msgid \"a\nmsgstr \"\"\n", "line 1"},
		"quote inside":  {"msgid \"a \"b\" c\"\n", `write \"`},
		"escape":        {`msgid "a\x"` + "\n", `\\ for a backslash`},
		"ends in slash": {`msgid "a\"` + "\n", `\\ for a backslash`},
		"huge index":    {"msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[999999999] \"c\"\n", "line 3"},
		"no keyword":    {"#msgid\n\"a\"\n", "follows no keyword"},
		"order":         {"msgstr \"a\"\n", "out of place"},
		"no msgstr":     {"msgid \"a\"\n\nmsgid \"b\"\n", "out of place"},
		"no end":        {"msgid \"a\"\n", "no msgstr"},
		"twice":         {"msgid \"a\"\nmsgstr \"b\"\nmsgid \"a\"\nmsgstr \"c\"\n", "in line 1 as well"},
		"skipped form":  {"msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[1] \"c\"\n", "in order"},
		"missing form":  {"msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\nmsgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"c\"\n", "has 1 forms"},
		"charset":       {"msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=latin1\\n\"\n", "UTF-8"},
		"not UTF-8":     {"msgid \"\xff\"\n", "UTF-8"},
		"plural rule":   {"msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=(n ? ;\\n\"\n", "Plural-Forms"},
		"no rule":       {"msgid \"\"\nmsgstr \"Plural-Forms: two\\n\"\n", "Plural-Forms"},
		"too few forms": {"msgid \"\"\nmsgstr \"Plural-Forms: nplurals=1; plural=n != 1;\\n\"\n", "nplurals is 1"},
	} {
		if _, err := catalog.ParsePO([]byte(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The rules of languages as they are published with gettext, against examples of CLDR.
func TestPluralRules(t *testing.T) {
	for _, test := range []struct {
		rule string
		want map[int64]int
	}{
		{"nplurals=2; plural=(n != 1);", map[int64]int{0: 1, 1: 0, 2: 1, 11: 1, 1_000_001: 1}},
		{"nplurals=2; plural=(n > 1);", map[int64]int{0: 0, 1: 0, 2: 1}},
		{"nplurals=1; plural=0;", map[int64]int{0: 0, 1: 0, 5: 0}},
		{
			"nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
			map[int64]int{0: 2, 1: 0, 2: 1, 5: 2, 11: 2, 12: 2, 21: 0, 22: 1, 111: 2, 1_000_000_021: 0, -1: 0},
		},
		{
			"nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;",
			map[int64]int{0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 102: 5, 103: 3, 111: 4},
		},
	} {
		p, err := catalog.ParsePlurals(test.rule)
		if err != nil {
			t.Errorf("%s: %v", test.rule, err)
			continue
		}
		for n, want := range test.want {
			if got := p.Form(n); got != want {
				t.Errorf("%s: form %d for %d, want %d", test.rule, got, n, want)
			}
		}
	}
	var zero catalog.Plurals
	if zero.Form(1) != 0 || zero.Form(2) != 1 || zero.Form(-1<<63) != 1 {
		t.Error("without a rule the plural is that of English")
	}
}

// The rules of all locales select the forms that CLDR's implementation in x/text selects.
func TestPluralRulesOfLocales(t *testing.T) {
	order := []plural.Form{plural.Zero, plural.One, plural.Two, plural.Few, plural.Many, plural.Other}
	compared := 0
	for _, code := range locale.Codes() {
		l, _ := locale.Lookup(code)
		p, err := catalog.ParsePlurals(l.PluralForms)
		if err != nil {
			t.Errorf("%s: %v", code, err)
			continue
		}
		forms := map[plural.Form]bool{}
		tag := language.Make(code)
		numbers := []int{1_000_000, 2_000_000, 1_000_001, 10_000_000}
		for n := range 1200 {
			numbers = append(numbers, n)
		}
		for _, n := range numbers {
			forms[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)] = true
		}
		if base, _ := tag.Base(); len(forms) != p.Count || base.String() == "mr" || base.String() == "mk" {
			continue // x/text has the rules of an older release of CLDR
		}
		compared++
		for _, n := range numbers {
			want := 0
			for _, form := range order {
				if form == plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0) {
					break
				}
				if forms[form] {
					want++
				}
			}
			if got := p.Form(int64(n)); got != want {
				t.Errorf("%s: form %d for %d, want %d: %s", code, got, n, want, l.PluralForms)
				break
			}
		}
	}
	if compared < 300 {
		t.Errorf("only %d rules were compared", compared)
	}
}

func TestMO(t *testing.T) {
	c, err := catalog.ParsePO([]byte(german))
	if err != nil {
		t.Fatal(err)
	}
	compiled := catalog.Compile(c, "nplurals=2; plural=(n != 1);")
	back, err := catalog.ParseMO(compiled)
	if err != nil {
		t.Fatal(err)
	}
	if len(back.Entries) != len(c.Entries) || back.Language != "de" || back.Plurals.Count != 2 {
		t.Fatalf("%+v", back)
	}
	for _, e := range c.Entries {
		found := false
		for _, b := range back.Entries {
			found = found || b.Key == e.Key && strings.Join(b.Forms, "|") == strings.Join(e.Forms, "|") && b.Plural == e.Plural
		}
		if !found {
			t.Errorf("%+v is lost", e)
		}
	}
	if !bytes.Equal(compiled, catalog.Compile(c, "nplurals=2; plural=(n != 1);")) {
		t.Error("the same catalog compiles to different bytes")
	}
	for i := range compiled {
		if i < 28 || i%7 == 0 {
			damaged := bytes.Clone(compiled)
			damaged[i] ^= 0xff
			_, _ = catalog.ParseMO(damaged) // any error, but no panic and no memory by the file's own count
		}
		_, _ = catalog.ParseMO(compiled[:i])
	}
	huge := bytes.Clone(compiled)
	binary.LittleEndian.PutUint32(huge[8:], 1<<31)
	if _, err := catalog.ParseMO(huge); err == nil {
		t.Error("a count beyond the file was accepted")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(german))
	f.Add([]byte("msgid \"\"\nmsgstr \"Plural-Forms: nplurals=3; plural=n%2 ? 1 : 2;\\n\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := catalog.ParsePO(data); err == nil {
			for _, e := range c.Entries {
				if e.Text == "" || len(e.Forms) == 0 {
					t.Errorf("an entry without a text: %+v", e)
				}
			}
		}
		_, _ = catalog.ParseMO(data)
	})
}
