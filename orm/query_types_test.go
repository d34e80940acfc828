package orm_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/internal/fixture"
	"github.com/quintetgo/quintet/orm/internal/fixture/people"
	"github.com/quintetgo/quintet/orm/ormtest"
)

// TestColumnsThatDoNotCompile compiles each line into package fixture. Columns of another model do compile; see
// TestColumnsOfAnotherModel.
func TestColumnsThatDoNotCompile(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs the compiler")
	}
	lines := []struct{ code, want string }{
		{`posts.Filter(Posts.Views.Eq("x"))`, `"x"`},                      // another type of value
		{`posts.Filter(Posts.Status.Eq(Level(1)))`, "Level"},              // another named type
		{`posts.Filter(Posts.Views.Contains("x"))`, "Contains undefined"}, // a lookup that does not fit
		{`posts.Filter(Posts.Titel.Eq("x"))`, "Titel undefined"},          // no such field
		{`posts.SelectRelated(Posts.Title)`, "missing method relation"},   // a column is not a relation
		{`posts.Update(nil, Posts.Title.SetNull())`, "SetNull undefined"}, // not a NULL column
		{`posts.Filter(Posts.Views.GtExpr(Posts.Title.Expr()))`, "Expr["}, // a number and a text
	}
	var source strings.Builder
	source.WriteString("package fixture\n\nimport \"github.com/quintetgo/quintet/orm\"\n\nfunc _(posts orm.Query[Post]) {\n")
	for _, m := range lines {
		fmt.Fprintf(&source, "\t%s\n", m.code)
	}
	source.WriteString("}\n")
	dir, err := filepath.Abs("internal/fixture")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "invalid.go")
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(dir, "invalid.go"): file}})
	if err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(t.TempDir(), "overlay.json")
	for path, content := range map[string][]byte{file: []byte(source.String()), settings: overlay} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.CommandContext(t.Context(), "go", "build", "-overlay", settings, "-gcflags=-e", "./internal/fixture").CombinedOutput()
	if err == nil {
		t.Fatal("every line compiled")
	}
	for i, m := range lines {
		found := false
		for line := range strings.Lines(string(out)) {
			found = found || strings.Contains(line, fmt.Sprintf("invalid.go:%d:", i+6)) && strings.Contains(line, m.want)
		}
		if !found {
			t.Errorf("no error with %q for %s", m.want, m.code)
		}
	}
	if t.Failed() {
		t.Logf("the compiler said:\n%s", out)
	}
}

// The generator reads syntax, the registry types; they must agree on every name.
func TestGeneratedNamesMatchRegistry(t *testing.T) {
	t.Parallel()
	db := ormtest.Open(t, people.App{}, fixture.App{})
	var generated strings.Builder
	for _, file := range []string{"internal/fixture/models_gen.go", "internal/fixture/people/models_gen.go"} {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		generated.Write(content)
	}
	wants := func(format string, values ...any) {
		if text := fmt.Sprintf(format, values...); !strings.Contains(generated.String(), text) {
			t.Errorf("%s was not generated", text)
		}
	}
	for _, m := range db.Models() {
		if m.Auto {
			continue
		}
		for _, f := range m.Fields {
			wants("(r, %q)", f.Attr)
		}
		for _, name := range m.Names() {
			if _, err := m.ResolveRelation(name); err == nil {
				wants("columns.Follow(c.Rel, %q)", name)
			}
		}
	}
}
