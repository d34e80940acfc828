package languages_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/i18n"
	"github.com/quintetgo/quintet/framework/languages"
)

// module is a module with two folders of catalogs, in which the test runs.
func module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	return dir
}

func run(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	open := func() (*i18n.Languages, error) { return i18n.New(i18n.Options{Codes: []string{"de", "ar", "en-GB"}}) }
	var b bytes.Buffer
	code = command.Main(context.Background(), command.Program{Name: "shop", Commands: languages.Commands(open)}, args,
		command.Call{In: strings.NewReader(""), Out: &b, Err: &b})
	return code, b.String()
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var shop = map[string]string{
	"go.mod":                        "module shop\n",
	"templates/base.html":           `{{ t "Welcome, {name}" "name" .name }} {{ tn "{count} item" "{count} items" .n }}`,
	"locale/.keep":                  "",
	"blog/templates/blog/list.html": `{{ tc "month" "May" }}`,
	"blog/locale/.keep":             "",
}

func TestMakeMessages(t *testing.T) {
	dir := module(t, shop)
	code, out := run(t, "makemessages")
	want := "blog/locale/de/LC_MESSAGES/messages.po: 1 text, 1 not translated\n" +
		"blog/locale/ar/LC_MESSAGES/messages.po: 1 text, 1 not translated\n" +
		"locale/de/LC_MESSAGES/messages.po: 2 texts, 2 not translated\n" +
		"locale/ar/LC_MESSAGES/messages.po: 2 texts, 2 not translated\n"
	if code != 0 || out != want {
		t.Fatalf("status %d:\n%s", code, out)
	}
	german := read(t, "locale/de/LC_MESSAGES/messages.po")
	if want := `msgid ""
msgstr ""
"Language: de\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=n==1 ? 0 : 1;\n"

#: templates/base.html
msgid "Welcome, {name}"
msgstr ""

#: templates/base.html
msgid "{count} item"
msgid_plural "{count} items"
msgstr[0] ""
msgstr[1] ""
`; german != want {
		t.Errorf("German:\n%s", german)
	}
	if arabic := read(t, "locale/ar/LC_MESSAGES/messages.po"); strings.Count(arabic, "msgstr[") != 6 {
		t.Errorf("Arabic:\n%s", arabic)
	}

	// A translator works, and the program changes.
	translated := strings.NewReplacer(
		"msgid \"Welcome, {name}\"\nmsgstr \"\"", "# A note.\nmsgid \"Welcome, {name}\"\nmsgstr \"Willkommen, {name}\"",
		"msgstr[0] \"\"\nmsgstr[1] \"\"", "msgstr[0] \"{count} Ding\"\nmsgstr[1] \"{count} Dinge\"",
	).Replace(german)
	if err := os.WriteFile(filepath.Join(dir, "locale/de/LC_MESSAGES/messages.po"), []byte(translated), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "templates/base.html"), []byte(`{{ t "{count} item" "count" 1 }} {{ t "New" }}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out := run(t, "makemessages", "--check", "--language", "de"); code != 1 || !strings.Contains(out, "out of date") {
		t.Errorf("--check: status %d:\n%s", code, out)
	}
	if code, out := run(t, "makemessages", "--language", "de"); code != 0 || !strings.Contains(out, "2 texts, 2 not translated") {
		t.Errorf("status %d:\n%s", code, out)
	}
	_, after, _ := strings.Cut(read(t, "locale/de/LC_MESSAGES/messages.po"), "\n\n")
	if want := `#: templates/base.html
#, fuzzy
msgid "{count} item"
msgstr "{count} Ding"

#: templates/base.html
msgid "New"
msgstr ""

#~ msgid "Welcome, {name}"
#~ msgstr "Willkommen, {name}"
`; after != want {
		t.Errorf("after the change:\n%s", after)
	}
	before := read(t, "locale/de/LC_MESSAGES/messages.po")
	if run(t, "makemessages", "--language", "de"); read(t, "locale/de/LC_MESSAGES/messages.po") != before {
		t.Error("a second run changed the catalog")
	}
}

func TestCompileMessages(t *testing.T) {
	module(t, map[string]string{
		"go.mod":                            "module shop\n",
		"locale/de/LC_MESSAGES/messages.po": "msgid \"Hello, {name}\"\nmsgstr \"Hallo, {name}\"\n",
	})
	if code, out := run(t, "compilemessages"); code != 0 || !strings.Contains(out, "locale/de/LC_MESSAGES/messages.mo: ") {
		t.Errorf("status %d:\n%s", code, out)
	}
	ls, err := i18n.New(i18n.Options{Default: "de", Sources: []i18n.Source{{Name: "project", FS: onlyCompiled(t)}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := i18n.T(i18n.WithLanguage(t.Context(), ls.Default()), "Hello, {name}"); got != "Hallo, {name}" {
		t.Error(got)
	}
	for text, want := range map[string]string{
		"msgid \"Hello, {name}\"\nmsgstr \"Hallo\"\n":               "lacks the placeholder {name}",
		"msgid \"Hello, {name}\"\nmsgstr \"Hallo, {Name} {nme}\"\n": "has the placeholder {nme}",
		"msgid \"Hello\n": "line 1",
	} {
		module(t, map[string]string{"go.mod": "module shop\n", "locale/de/LC_MESSAGES/messages.po": text})
		if code, out := run(t, "compilemessages"); code != 1 || !strings.Contains(out, want) || !strings.Contains(out, "messages.po") {
			t.Errorf("status %d:\n%s\nwant %s", code, out, want)
		}
	}
}

func TestMakeMessagesWithoutAModuleOrLanguage(t *testing.T) {
	t.Chdir(t.TempDir())
	if code, out := run(t, "makemessages"); code != 1 || !strings.Contains(out, "go.mod") {
		t.Errorf("status %d: %s", code, out)
	}
	module(t, map[string]string{"go.mod": "module shop\n"})
	if code, out := run(t, "makemessages", "--language", "klingon"); code != 1 || !strings.Contains(out, "klingon") {
		t.Errorf("status %d: %s", code, out)
	}
}
