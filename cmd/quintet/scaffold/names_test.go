package scaffold_test

import (
	"os"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/cmd/quintet/scaffold"
)

func writeFile(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		check func(string) error
		name  string
		want  string // part of the error; "" for a good name
	}{
		{scaffold.CheckProjectName, "shop", ""},
		{scaffold.CheckProjectName, "my-shop_2", ""},
		{scaffold.CheckProjectName, "My Shop", `"my-shop"`},
		{scaffold.CheckProjectName, "Café", `"caf"`},
		{scaffold.CheckProjectName, "net", "Go uses the name itself"},
		{scaffold.CheckProjectName, "time", "Go uses the name itself"},
		{scaffold.CheckProjectName, "cmd", "Go uses the name itself"},
		{scaffold.CheckProjectName, "vendor", "Go uses the name itself"},
		{scaffold.CheckProjectName, "quintet", "Quintet's own program"},
		{scaffold.CheckProjectName, "archive", ""},
		{scaffold.CheckProjectName, "text", ""},
		{scaffold.CheckProjectName, "test", ""},
		{scaffold.CheckProjectName, "select", ""},
		{scaffold.CheckProjectName, "9lives", `"lives"`},
		{scaffold.CheckProjectName, "", "cannot be named"},
		{scaffold.CheckProjectName, "..", "cannot be named"},
		{scaffold.CheckProjectName, strings.Repeat("a", 65), "cannot be named"},
		{scaffold.CheckAppName, "catalog", ""},
		{scaffold.CheckAppName, "my-app", `"myapp"`},
		{scaffold.CheckAppName, "my_app", `"myapp"`},
		{scaffold.CheckAppName, "archive", ""},
		{scaffold.CheckAppName, "image", ""},
		{scaffold.CheckAppName, "text", ""},
		{scaffold.CheckAppName, "index", ""},
		{scaffold.CheckAppName, "time", ""},
		{scaffold.CheckAppName, "log", ""},
		{scaffold.CheckAppName, "settings", ""},
		{scaffold.CheckAppName, "type", "Go uses the name itself, for a keyword"},
		{scaffold.CheckAppName, "admin", "main.go uses the name itself"},
		{scaffold.CheckAppName, "os", "the app's test uses the name itself"},
		{scaffold.CheckAppName, "users", ""},
		{scaffold.CheckAppName, "files", "for a variable"},
		{scaffold.CheckAppName, "site", "main_test.go uses the name itself"},
		{scaffold.CheckAppName, "string", "for a type or value of Go"},
		{scaffold.CheckAppName, "vendor", "the go command"},
		{scaffold.CheckAppName, "init", "Go uses the name itself"},
		{scaffold.CheckAppName, "a/b", "cannot be named"},
		{scaffold.CheckModulePath, "example.com/team/shop", ""},
		{scaffold.CheckModulePath, "/shop", "cannot be the path"},
		{scaffold.CheckModulePath, "shop\n", "cannot be the path"},
		{scaffold.CheckModulePath, "a/../b", "cannot be the path"},
		{scaffold.CheckModulePath, "net/shop", "belongs to Go"},
	} {
		err := test.check(test.name)
		if test.want == "" && err != nil {
			t.Errorf("%q is refused: %v", test.name, err)
		}
		if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%q: got %v, want %s", test.name, err, test.want)
		}
	}
}

func TestTitle(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"my-shop": "My shop", "shop_2": "Shop 2", "a": "A", "": ""} {
		if got := scaffold.Title(name); got != want {
			t.Errorf("Title(%q) = %q, want %q", name, got, want)
		}
	}
}
