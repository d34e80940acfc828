package display_test

import (
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/admin/display"
	"github.com/quintetgo/quintet/orm/registry"
	"github.com/quintetgo/quintet/orm/schema"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ before, after, want string }{
		"one word":          {"The night bus to Lille", "The night train to Lille", "The night [-bus][+train] to Lille"},
		"from nothing":      {"", "Live", "[+Live]"},
		"to nothing":        {"Draft", "", "[-Draft]"},
		"same":              {"Draft", "Draft", "Draft"},
		"nothing in common": {"a b c d", "w x y z q", "[-a b c d][+w x y z q]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := write(display.Diff(test.before, test.after)); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func write(parts []display.Part) string {
	var b strings.Builder
	for _, part := range parts {
		switch part.Op {
		case "del":
			b.WriteString("[-" + part.Text + "]")
		case "ins":
			b.WriteString("[+" + part.Text + "]")
		default:
			b.WriteString(part.Text)
		}
	}
	return b.String()
}

func FuzzDiff(f *testing.F) {
	f.Add("a b c", "a c b")
	f.Add("", "x")
	f.Fuzz(func(t *testing.T, before, after string) {
		if len(before) > 100 || len(after) > 100 { // longer texts are shortened
			return
		}
		var a, b strings.Builder
		for _, part := range display.Diff(before, after) {
			if part.Op != "ins" {
				a.WriteString(part.Text)
			}
			if part.Op != "del" {
				b.WriteString(part.Text)
			}
		}
		if a.String() != before || b.String() != after {
			t.Errorf("parts of %q and %q give %q and %q", before, after, a.String(), b.String())
		}
	})
}

func TestGroup(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{"0": "0", "999": "999", "1000": "1,000", "-1234567": "-1,234,567", "12345.678": "12,345.678"} {
		if got := display.Group(number); got != want {
			t.Errorf("Group(%q) = %q, want %q", number, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text  string
		limit int
		want  string
	}{
		{"short", 10, "short"},
		{"exactly10!", 10, "exactly10!"},
		{"one more than", 8, "one mor…"},
		{"éééé", 4, "éééé"},
		{"ééééé", 4, "ééé…"},
	} {
		if got := display.Cut(test.text, test.limit); got != test.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", test.text, test.limit, got, test.want)
		}
	}
}

func TestAgo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC)
	p := display.Printer{Now: func() time.Time { return now }}
	for _, test := range []struct {
		before time.Duration
		want   string
	}{
		{10 * time.Second, "just now"},
		{time.Minute, "1 minute ago"},
		{3 * time.Hour, "3 hours ago"},
		{20 * time.Hour, "yesterday, 19:30"},
		{80 * time.Hour, "20 Nov, 07:30"},
		{400 * 24 * time.Hour, "19 Oct 2025"},
		{-2 * time.Hour, "in 2 hours"},
	} {
		if got := p.Ago(now.Add(-test.before)); got != test.want {
			t.Errorf("%v before: got %q, want %q", test.before, got, test.want)
		}
	}
}

func TestValuesWithoutField(t *testing.T) {
	t.Parallel()
	p := display.Printer{Limit: 20}
	text := "x"
	for _, test := range []struct {
		value      any
		kind, want string
	}{
		{nil, display.None, ""},
		{(*string)(nil), display.None, ""},
		{&text, display.Text, "x"},
		{"  \n ", display.None, ""},
		{"two\nlines", display.Text, "two lines"},
		{12345, display.Text, "12,345"},
		{true, display.Bool, "Yes"},
		{time.Time{}, display.None, ""},
		{strings.Repeat("long ", 20), display.Text, "long long long long…"},
	} {
		if got := p.Value(nil, test.value); got.Kind != test.kind || got.Text != test.want {
			t.Errorf("Value(%#v) = %s %q, want %s %q", test.value, got.Kind, got.Text, test.kind, test.want)
		}
	}
}

func TestChoiceLabels(t *testing.T) {
	t.Parallel()
	type Post struct {
		ID     int64
		Status string
	}
	models := &registry.Registry{}
	if err := models.Register("blog", &Post{}); err != nil {
		t.Fatal(err)
	}
	model, err := models.Model("blog.Post")
	if err != nil {
		t.Fatal(err)
	}
	field := model.Lookup("status")
	field.Choices = []schema.Choice{{Value: "d", Label: "Draft"}}
	if got := (display.Printer{}).Field(field, &Post{Status: "d"}); got.Kind != display.Choice || got.Text != "Draft" {
		t.Errorf("got %+v", got)
	}
}
