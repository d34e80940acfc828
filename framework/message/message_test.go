package message_test

import (
	"encoding/json"
	"errors"
	"html/template"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/message"
)

func limit(n, length int) message.Message {
	return message.Message{
		Code:   "max_length",
		Text:   "Please use at most {limit} character (this has {length}).",
		Plural: "Please use at most {limit} characters (this has {length}).",
		Count:  "limit",
		Args:   message.Args{"limit": n, "length": length},
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		m    message.Message
		want string
	}{
		{message.Message{}, ""},
		{message.Text("It costs {price}, or {}."), "It costs {price}, or {}."},
		{limit(1, 2), "Please use at most 1 character (this has 2)."},
		{limit(0, 2), "Please use at most 0 characters (this has 2)."},
		{limit(1000, 2000), "Please use at most 1000 characters (this has 2000)."},
		{message.New("x", "{a}{b}{c}{A} {a b} {1} {{a}} {a", message.Args{"a": "<{b}>", "b": 0.5}), "<{b}>0.5{c}{A} {a b} {1} {<{b}>} {a"},
		{message.New("x", "{t} {d} {n} {u} {e}", message.Args{
			"t": time.Date(2026, 1, 31, 15, 30, 0, 0, time.UTC), "d": 90 * time.Second, "n": nil, "u": uint8(7), "e": errors.New("no"),
		}), "2026-01-31 15:30 1m30s  7 no"},
		{message.New("x", "A {model} with this {fields}", message.Args{
			"model": message.Text("post"), "fields": message.List{message.Text("title"), message.Text("slug"), message.Text("author")},
		}), "A post with this title, slug and author"},
	} {
		if got := test.m.String(); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	if !limit(1, 2).Equal(limit(1, 2)) || limit(1, 2).Equal(limit(1, 3)) || limit(1, 2).Equal(message.Message{}) {
		t.Error("Equal does not compare codes, texts and arguments")
	}
	if !message.Text("a").Equal(message.Message{Text: "a", Args: message.Args{}}) {
		t.Error("no arguments and an empty map differ")
	}
}

func TestWithKeepsTheOriginal(t *testing.T) {
	t.Parallel()
	original := limit(1, 2)
	changed := original.With(message.Args{"limit": 5})
	if original.Args["limit"] != 1 || changed.Args["limit"] != 5 || changed.Args["length"] != 2 {
		t.Errorf("got %v and %v", original.Args, changed.Args)
	}
	if got := changed.WithText("No more than {limit}!").String(); got != "No more than 5!" {
		t.Errorf("got %q", got)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	m := message.New("unique", "A {model} with {n} {list}", message.Args{
		"model": message.Text("post"), "n": 2, "list": message.List{message.Text("a"), message.Text("b")},
	})
	encoded, err := json.Marshal(map[string]any{"m": m, "plain": message.Text("x")})
	want := `{"m":{"code":"unique","message":"A post with 2 a and b","args":{"list":"a and b","model":"post","n":2}},"plain":{"message":"x"}}`
	if err != nil || string(encoded) != want {
		t.Errorf("got %s, %v", encoded, err)
	}
	var decoded map[string]message.Message
	if err := json.Unmarshal(encoded, &decoded); err != nil || decoded["m"].Code != "unique" || decoded["m"].String() != "A post with 2 a and b" {
		t.Errorf("got %v, %v", decoded, err)
	}
}

func TestTemplatesEscapeMessages(t *testing.T) {
	t.Parallel()
	page := template.Must(template.New("").Parse(`<p title="{{ . }}">{{ . }}</p>`))
	var out strings.Builder
	if err := page.Execute(&out, message.New("x", "“{name}”", message.Args{"name": `<b>"`})); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.Contains(got, "<b>") || strings.Contains(got, `"<`) || !strings.Contains(got, "&lt;b&gt;") {
		t.Errorf("got %s", got)
	}
}

// german is a catalog of two messages and a word.
type german struct{}

func (german) Translate(m message.Message, n int64) string {
	switch m.Text {
	case "{count} object was deleted.":
		if n == 1 {
			return "{count} Objekt wurde gelöscht."
		}
		return "{count} Objekte wurden gelöscht."
	case "There is no {model}.":
		return "{model} nicht gefunden."
	case "post":
		return "Beitrag"
	case "{first} and {last}":
		return "{first} und {last}"
	}
	return ""
}

func TestTranslator(t *testing.T) {
	t.Parallel()
	ctx := message.NewContext(t.Context(), german{})
	if message.FromContext(t.Context()) != nil {
		t.Error("a plain context has a translator")
	}
	deleted := message.Message{Text: "{count} object was deleted.", Plural: "{count} objects were deleted.", Count: "count", Args: message.Args{"count": 3}}
	list := message.List{message.Text("post"), message.Text("tag")}
	for _, test := range []struct {
		m    message.Message
		want string
	}{
		{deleted, "3 Objekte wurden gelöscht."},
		{deleted.With(message.Args{"count": int8(1)}), "1 Objekt wurde gelöscht."},
		{message.New("", "There is no {model}.", message.Args{"model": message.Text("post")}), "Beitrag nicht gefunden."},
		{message.New("", "{list}!", message.Args{"list": list}), "Beitrag und tag!"},
	} {
		if got := test.m.Render(message.FromContext(ctx)); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}

func TestMessagesWithoutArgumentsDoNotAllocate(t *testing.T) { //nolint:paralleltest // it counts allocations
	m := message.New("required", "This field is required.")
	text := ""
	if n := testing.AllocsPerRun(100, func() {
		m = message.New("required", "This field is required.")
		text = m.String()
	}); n != 0 || text == "" {
		t.Errorf("%v allocations, want 0", n)
	}
}
