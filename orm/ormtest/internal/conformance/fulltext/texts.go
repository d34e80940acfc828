package fulltext

import (
	"fmt"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm"
	"github.com/quintetgo/quintet/orm/dialect/search"
	"github.com/quintetgo/quintet/orm/migrate"
	"github.com/quintetgo/quintet/orm/migrate/operations"
)

// list writes values with spaces between them.
func list[T any](values []T) string { return strings.Trim(fmt.Sprint(values), "[]") }

func testTexts(t *testing.T, db *orm.DB) {
	library(t, db,
		"The Go language|Go is a web framework's friend",
		"Golang and the web|A FRAMEWORK for the web",
		"CAFÉ Été|snake_case e-mail a@b.com /usr/bin <b>bold</b> &amp; C++ 1.5 v2",
		"हिन्दी भाषा|日本語 текст",
		"Java",
	)
	for text, want := range map[string]string{
		"go":                         "1",
		"GO":                         "1",
		"go*":                        "1 2",
		"web framework":              "1 2",
		`"web framework"`:            "1",
		`"framework for the web"`:    "2",
		"web -go":                    "2",
		`framework -"web framework"`: "2",
		"web -golang -java":          "1",
		"web -gol*":                  "1",
		"the":                        "1 2",
		"a":                          "1 2 3",
		"is":                         "1",
		"s":                          "1",
		"perl":                       "",
		"web perl":                   "",
		"":                           "",
		"-java":                      "",
		"*":                          "",
		"café":                       "3",
		"CAFÉ été":                   "3",
		"cafe":                       "",
		"caf*":                       "3",
		"snake":                      "3",
		"snake_case":                 "3",
		"case_snake":                 "",
		"e-mail":                     "3",
		"mail":                       "3",
		"e-mai*":                     "3",
		"b.com":                      "3",
		"/usr/bin":                   "3",
		"usr":                        "3",
		"bold amp":                   "3",
		"C++ 1.5 v2":                 "3",
		"v2 5":                       "3",
		"हिन्दी":                     "4",
		"हिन":                        "",
		"日本*":                        "4",
		"ТЕКСТ":                      "4",
		"language Go":                "1",
		`"language go"`:              "1",
		"java":                       "5",
		`"java`:                      "5",
		"a AND web":                  "2",
	} {
		if got := found(t, db, books.Search(text)); got != want {
			t.Errorf("%q: got [%s], want [%s]", text, got, want)
		}
	}
	for text, want := range map[string]string{"golang": "2", "framework": "", "go*": "1 2", "café": "3"} {
		if got := found(t, db, title.Search(text)); got != want {
			t.Errorf("%q in the title: got [%s], want [%s]", text, got, want)
		}
	}
}

// testLanguages searches for other forms of words, which databases find that know the language.
func testLanguages(t *testing.T, db *orm.DB) {
	create := []operations.Operation{operations.CreateModel{
		Name: "Page", Fields: []operations.Field{operations.BigAuto("id"), operations.Text("text")},
		Indexes: []operations.Index{{Name: "lib_page_search", Fields: []string{"text"}, Search: true, Language: "english"}},
	}}
	if err := migrate.Up(t.Context(), db, steps(create)); err != nil {
		t.Fatal(err)
	}
	insert(t, db, "lib_page", "text", "she was running", "he runs", "a runner")
	want := "1 2"
	if s, ok := db.Dialect().(search.Searcher); !ok || !s.SearchesLanguage("english") {
		want = ""
	}
	x := search.Index{Name: "lib_page_search", Columns: []string{"text"}, Language: "english"}
	if got := inTable(t, db, "lib_page", x, "run"); got != want {
		t.Errorf("got [%s], want [%s]", got, want)
	}
}

// testHostile searches for texts that have a meaning in the languages of databases. None of them may be an error, or find a
// row that does not have the words.
func testHostile(t *testing.T, db *orm.DB) {
	library(t, db, "plain words", "near not and or match against title text body rank rowid")
	wanted := map[string]string{
		"AND": "2", "OR": "2", "NOT": "2", "^plain": "1", "+plain -": "1", "words & ": "1", "!!plain": "1", "plain\t\r\nwords": "1",
	}
	for _, text := range []string{
		"'", `"`, `\`, "%", "(", ")", "*", "-", "--", "-*", `-"`, `""`, `"*"`, "^", "+", "~", "@", "<", ">", ":", "&", "|", "!", "{", "}", ";",
		"'; DROP TABLE search_book; --", `" OR 1=1 --`, "') OR ('1'='1", "`", "$1", "?", "%s", "\x00", "\xff\xfe", "a\x00b", "\u2028", "😀",
		"NEAR(a b, 2)", "title : x", "{title body} : x", "^plain", "+plain -", "plain NOT", "NOT", "AND", "OR", "plain OR", "a <-> b", "a:*B",
		"plain @3", "@", "words & ", "!!plain", "''''", `\'`, "/* */", "plain\t\r\nwords", "’", "«»", "\u0301", "e\u0301", "½", "Ⅷ", "ʼ",
		strings.Repeat(`"`, 1001), strings.Repeat("(", 5000), strings.Repeat("a ", 5000), strings.Repeat("-b ", 5000), strings.Repeat("x", 100_000),
		strings.Repeat("é", 300), `"` + strings.Repeat("w ", 5000), strings.Repeat("*", 300), "x" + strings.Repeat("*", 300),
	} {
		if got := found(t, db, books.Search(text)); got != wanted[text] {
			t.Errorf("%.40q: got [%s], want [%s]", text, got, wanted[text])
		}
		q := orm.Objects[Book](db).OrderBy(books.SearchRank(text).Desc())
		if all, err := q.All(t.Context()); err != nil || len(all) != 2 {
			t.Errorf("%.40q: ranks: %d books, error %v", text, len(all), err)
		}
	}
}

// testLargeTexts stores texts that are longer than what databases index, and texts with as many words as they can have.
func testLargeTexts(t *testing.T, db *orm.DB) {
	var ideographs strings.Builder
	for i := range rune(150_000) {
		ideographs.WriteRune('\u4e00' + i%20_000)
		ideographs.WriteByte(' ')
	}
	library(t, db,
		"begin|"+strings.Repeat("filler ", 60_000)+"end",
		"begin|"+ideographs.String(),
		"begin|"+strings.Repeat("x", 500_000),
		"begin|"+strings.Repeat("-.,;", 100_000),
		"begin|"+strings.Repeat("\U0001F600", 300_000),
	)
	for text, want := range map[string]string{"begin": "1 2 3 4 5", "filler begin": "1", "end": "", "一": "2", `"begin 一"`: "2"} {
		if got := found(t, db, books.Search(text)); got != want {
			t.Errorf("%q: got [%s], want [%s]", text, got, want)
		}
	}
}
