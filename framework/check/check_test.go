package check_test

import (
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/check"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	choices := []string{"title", "author", "status", "created_at", "id"}
	for word, want := range map[string]string{
		"titel": "title", "Title": "title", "auhtor": "author", "statsu": "status", "createdat": "created_at",
		"body": "", "": "", "x": "", "idd": "id", "tags": "",
	} {
		if got := check.Nearest(word, choices); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
	if got := check.Nearest("bat", []string{"", "cat", "hat", "bat"}); got != "bat" {
		t.Errorf("an exact match must win, got %q", got)
	}
	if got := check.DidYouMean("migrat", []string{"migrate"}); got != `; did you mean "migrate"?` {
		t.Errorf("DidYouMean = %q", got)
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()
	problems := []check.Problem{
		{ID: "web.W002", Level: check.Warning, Message: "no routes"},
		{ID: "web.E001", Level: check.Error, Place: "app.go:3", Message: "two routes", Hint: "rename one\nor remove it"},
	}
	var b strings.Builder
	if err := check.Print(&b, problems); err != nil {
		t.Fatal(err)
	}
	want := "error (web.E001): app.go:3: two routes\n    rename one\n    or remove it\nwarning (web.W002): no routes\n"
	if b.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", b.String(), want)
	}
	if check.Worst(problems) != check.Error || check.Err(problems[:1]) != nil {
		t.Error("Worst or Err is wrong")
	}
	if err := check.Err(problems); err == nil || !strings.Contains(err.Error(), "app.go:3: two routes") || strings.Contains(err.Error(), "no routes") {
		t.Errorf("Err = %v", err)
	}
	b.Reset()
	if err := check.PrintJSON(&b, nil); err != nil || b.String() != "[]\n" {
		t.Errorf("PrintJSON(nil) = %q, %v", b.String(), err)
	}
}

func FuzzNearest(f *testing.F) {
	f.Add("titel", "title")
	f.Add("ä", "")
	f.Fuzz(func(t *testing.T, word, choice string) {
		if got := check.Nearest(word, []string{choice}); got != "" && got != choice {
			t.Errorf("Nearest(%q, %q) = %q", word, choice, got)
		}
	})
}
