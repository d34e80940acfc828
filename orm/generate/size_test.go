package generate_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/orm/generate"
)

// TestColumnsCompileInLinearTime counts the functions that the compiler makes for the columns of models that are linked in
// a chain. Compiling them is the price of every save, and time would say less: it depends on the machine.
func TestColumnsCompileInLinearTime(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs the compiler")
	}
	five, ten, twenty := functions(t, 5), functions(t, 10), functions(t, 20)
	if each := (ten - five) / 5; each > 40 {
		t.Errorf("a model takes %d functions; at most 40 are wanted", each)
	}
	if first, second := ten-five, (twenty-ten)/2; second > first*11/10 {
		t.Errorf("5 models among 10 take %d functions, among 20 they take %d: the growth is not linear", first, second)
	}
	// Most of them are the methods of expressions of six types of values, which a package with models compiles once.
	if twenty > 1800 {
		t.Errorf("20 models take %d functions; at most 1,800 are wanted", twenty)
	}
}

// functions builds a package of n models with five fields each and returns the number of functions in its object, which
// must stay below 10 MB.
func functions(t *testing.T, n int) int {
	t.Helper()
	dir := t.TempDir()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/quintetgo/quintet"
	text := strings.Replace(string(mod), "module "+module, "module many", 1)
	text += fmt.Sprintf("\nrequire %s v0.0.0\nreplace %s => %s\n", module, module, root)
	var models, list strings.Builder
	models.WriteString("package many\n\nimport \"time\"\n")
	for i := range n {
		fmt.Fprintf(&models, "\ntype M%d struct {\n\tID int64\n\tName string\n\tAmount int\n\tActive bool\n\tCreatedAt time.Time\n", i)
		if i > 0 {
			fmt.Fprintf(&models, "\tParentID int64\n\tParent *M%d\n", i-1)
		}
		models.WriteString("}\n")
		fmt.Fprintf(&list, "&M%d{}, ", i)
	}
	for name, content := range map[string]string{
		"go.mod": text, "go.sum": string(sum), "models.go": models.String(),
		"app.go": "package many\n\ntype App struct{}\n\nfunc (App) Models() []any { return []any{" + list.String() + "} }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := generate.Run(dir, false); err != nil {
		t.Fatal(err)
	}
	object := filepath.Join(dir, "many.a")
	build := exec.CommandContext(t.Context(), "go", "build", "-mod=mod", "-o", object, ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if info, err := os.Stat(object); err != nil || info.Size() > 10<<20 {
		t.Errorf("the object of %d models: %v, %v; less than 10 MB is wanted", n, info, err)
	}
	out, err := exec.CommandContext(t.Context(), "go", "tool", "nm", object).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(out), " T ")
}
