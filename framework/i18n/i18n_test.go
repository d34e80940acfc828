package i18n_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/quintetgo/quintet/framework/i18n"
	"github.com/quintetgo/quintet/framework/message"
)

const header = "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n\n"

// catalogs returns a file system with one catalog for each language.
func catalogs(byLanguage map[string]string) fstest.MapFS {
	files := fstest.MapFS{}
	for folder, text := range byLanguage {
		files[folder+"/LC_MESSAGES/messages.po"] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func languages(t testing.TB, o i18n.Options) *i18n.Languages {
	t.Helper()
	ls, err := i18n.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return ls
}

func shop(t testing.TB) *i18n.Languages {
	return languages(t, i18n.Options{
		Codes: []string{"de", "de-AT", "ar", "pt-BR", i18n.Pseudo},
		Sources: []i18n.Source{
			{Name: "project", FS: catalogs(map[string]string{
				"de":    header + "msgid \"Title\"\nmsgstr \"Überschrift\"\n",
				"de_AT": "msgid \"January\"\nmsgstr \"Jänner\"\n",
			})},
			{Name: "blog", FS: catalogs(map[string]string{
				"de": header + "msgid \"Title\"\nmsgstr \"Titel\"\n\nmsgid \"January\"\nmsgstr \"Januar\"\n\n" +
					"msgctxt \"month name\"\nmsgid \"May\"\nmsgstr \"Mai\"\n\n" +
					"msgid \"{count} post by {name}\"\nmsgid_plural \"{count} posts by {name}\"\n" +
					"msgstr[0] \"{count} Beitrag von {name}\"\nmsgstr[1] \"{count} Beiträge von {name}\"\n",
				"pt":    "msgid \"Title\"\nmsgstr \"Título\"\n",
				"pt-BR": "msgid \"January\"\nmsgstr \"Janeiro\"\n",
				"ar": "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : " +
					"n%100>=11 && n%100<=99 ? 4 : 5;\\n\"\n\nmsgid \"{count} day\"\nmsgid_plural \"{count} days\"\n" +
					"msgstr[0] \"لا أيام\"\nmsgstr[1] \"يوم واحد\"\nmsgstr[2] \"يومان\"\nmsgstr[3] \"{count} أيام\"\nmsgstr[4] \"{count} يومًا\"\nmsgstr[5] \"{count} يوم\"\n",
			})},
			{Name: "empty", FS: nil},
		},
	})
}

func language(t testing.TB, ls *i18n.Languages, code string) *i18n.Language {
	t.Helper()
	l, ok := ls.Lookup(code)
	if !ok {
		t.Fatalf("no language %s", code)
	}
	return l
}

func TestTranslations(t *testing.T) {
	ls := shop(t)
	posts := func(n int) message.Message {
		return message.Message{
			Text: "{count} post by {name}", Plural: "{count} posts by {name}", Count: "count", Args: message.Args{"count": n, "name": "Ada"},
		}
	}
	days := func(n int) message.Message {
		return message.Message{Text: "{count} day", Plural: "{count} days", Count: "count", Args: message.Args{"count": n}}
	}
	for _, test := range []struct {
		code string
		m    message.Message
		want string
	}{
		{"en", message.Text("Title"), "Title"},
		{"de", message.Text("Title"), "Überschrift"}, // the project's before the app's
		{"de", message.Text("January"), "Januar"},
		{"de-AT", message.Text("January"), "Jänner"},
		{"de-AT", message.Text("Title"), "Überschrift"}, // of the shorter code
		{"pt-BR", message.Text("Title"), "Título"},
		{"pt-BR", message.Text("January"), "Janeiro"},
		{"de", message.Text("May"), "May"},
		{"de", message.Message{Text: "May", Context: "month name"}, "Mai"},
		{"de", message.Text("never translated"), "never translated"},
		{"de", posts(1), "1 Beitrag von Ada"},
		{"de", posts(0), "0 Beiträge von Ada"},
		{"de", posts(12345), "12.345 Beiträge von Ada"},
		{"en", posts(12345), "12,345 posts by Ada"},
		{"ar", days(0), "لا أيام"},
		{"ar", days(2), "يومان"},
		{"ar", days(3), "3 أيام"},
		{"ar", days(11), "11 يومًا"},
		{"ar", days(100), "100 يوم"},
		{"de", message.New("", "{a}", message.Args{"a": 1234.5}), "1.234,5"},
		{"de", message.New("", "{a}", message.Args{"a": message.List{message.Text("Title"), message.Text("x"), message.Text("y")}}), "Überschrift, x und y"},
		{"de", message.New("", "{a}", message.Args{"a": time.Date(2026, 12, 31, 17, 5, 0, 0, time.UTC)}), "31.12.2026, 17:05"},
		{i18n.Pseudo, message.Text("Save"), "[Šåvé]"},
		{i18n.Pseudo, posts(2), "[2 pöštš bý Ada]"},
	} {
		ctx := i18n.WithLanguage(t.Context(), language(t, ls, test.code))
		if got := i18n.Text(ctx, test.m); got != test.want {
			t.Errorf("%s: %q, want %q", test.code, got, test.want)
		}
	}
	if got := i18n.T(context.Background(), "Hello {name}", message.Args{"name": "Ada"}); got != "Hello Ada" {
		t.Errorf("without a language: %q", got)
	}
	if _, ok := i18n.FromContext(t.Context()); ok {
		t.Error("a context without a language has one")
	}
}

func TestLanguagesOfAProject(t *testing.T) {
	ls := shop(t)
	var codes []string
	for _, l := range ls.All() {
		codes = append(codes, l.Code+" "+l.Dir())
	}
	if got := strings.Join(codes, ", "); got != "en ltr, de ltr, de-AT ltr, ar rtl, pt-BR ltr, en-XA ltr" {
		t.Error(got)
	}
	for _, code := range []string{"", "fr", "de-CH", strings.Repeat("x", 1<<20)} {
		if l, ok := ls.Lookup(code); ok {
			t.Errorf("%.20q is %s", code, l.Code)
		}
	}
	if l, ok := ls.Lookup("DE_at"); !ok || l.Code != "de-AT" {
		t.Error("case and separators matter")
	}
}

func TestMatch(t *testing.T) {
	ls := shop(t)
	for header, want := range map[string]string{
		"":                                 "en",
		"de":                               "de",
		"de-CH,de;q=0.9,en;q=0.8":          "de",
		"de-at":                            "de-AT",
		"fr, ar;q=0.5":                     "ar",
		"ar;q=0.1, de;q=0.9":               "de",
		"pt-PT":                            "pt-BR",
		"pt":                               "pt-BR",
		"ja":                               "en",
		"*":                                "en",
		"de;q=0":                           "en",
		"de;q=x":                           "en",
		";;;,,,":                           "en",
		"\x00\xff":                         "en",
		strings.Repeat("de-", 30000):       "en",
		strings.Repeat("ja,", 30000):       "en",
		strings.Repeat("-", 64<<10):        "en",
		strings.Repeat("a;q=0,", 10000):    "en",
		"ar," + strings.Repeat("fr,", 2e4): "ar",
	} {
		if got := ls.Match(header); got.Code != want {
			t.Errorf("%.40q: %s, want %s", header, got.Code, want)
		}
	}
	one := languages(t, i18n.Options{Default: "fr"})
	if one.Match("de").Code != "fr" {
		t.Error("a project with one language negotiated")
	}
}

// The cache of headers is bounded, and concurrent use is safe.
func TestManyHeaders(t *testing.T) {
	ls := shop(t)
	done := make(chan bool)
	for worker := range 4 {
		go func() {
			for i := range 2000 {
				if got := ls.Match(fmt.Sprintf("de;q=0.9,x-%d-%d;q=0.1", worker, i%1500)); got.Code != "de" {
					t.Errorf("%d: %s", i, got.Code)
				}
			}
			done <- true
		}()
	}
	for range 4 {
		<-done
	}
	if n := i18n.Cached(ls); n > 1000 {
		t.Errorf("%d headers are remembered", n)
	}
}

func TestProblems(t *testing.T) {
	for name, test := range map[string]struct {
		o    i18n.Options
		want string
	}{
		"unknown language": {i18n.Options{Codes: []string{"klingon"}}, `"klingon" is not a language`},
		"no code":          {i18n.Options{Codes: []string{"de", "x"}}, `"x" is not a language`},
		"damaged catalog": {
			i18n.Options{Codes: []string{"de"}, Sources: []i18n.Source{{Name: "blog", FS: catalogs(map[string]string{"de": "msgid a\n"})}}},
			"catalogs of blog: de/LC_MESSAGES/messages.po: line 1",
		},
	} {
		if _, err := i18n.New(test.o); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A catalog of a language that the project does not offer is not read.
	broken := i18n.Source{Name: "blog", FS: catalogs(map[string]string{"fr": "msgid a\n"})}
	languages(t, i18n.Options{Codes: []string{"de"}, Sources: []i18n.Source{broken}})
}

func BenchmarkTranslate(b *testing.B) {
	ls := shop(b)
	ctx := i18n.WithLanguage(b.Context(), language(b, ls, "de"))
	b.ReportAllocs()
	for b.Loop() {
		_ = i18n.T(ctx, "Title")
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("de-CH,de;q=0.9,en;q=0.8")
	f.Add("*;q=0.5, ar")
	ls := shop(f)
	f.Fuzz(func(t *testing.T, header string) {
		if ls.Match(header) == nil {
			t.Error("no language")
		}
	})
}
