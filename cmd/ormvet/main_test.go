package main_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestVet runs the tool as go vet does, on a file that is laid into the package of models that package orm tests with. A
// comment "want MODEL" names the model whose columns are reported on that line; no other line may have a report.
func TestVet(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("runs the compiler")
	}
	dir := t.TempDir()
	tool := filepath.Join(dir, "ormvet.exe")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", tool, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cases, err := filepath.Abs("testdata/queries.go")
	if err != nil {
		t.Fatal(err)
	}
	models, err := filepath.Abs("../../orm/internal/fixture")
	if err != nil {
		t.Fatal(err)
	}
	settings, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(models, "queries.go"): cases}})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlay, settings, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "go", "vet", "-vettool="+tool, "-overlay="+overlay,
		"../../orm/internal/fixture").CombinedOutput()
	if err == nil {
		t.Fatal("go vet found nothing")
	}
	source, err := os.ReadFile(cases)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(source), "\n") {
		_, want, wanted := strings.Cut(line, "// want ")
		report := ""
		for reported := range strings.Lines(string(out)) {
			if strings.Contains(reported, fmt.Sprintf("queries.go:%d:", i+1)) {
				report += reported
			}
		}
		switch {
		case wanted && !strings.Contains(report, "not those of "+want):
			t.Errorf("line %d, %s: reported is %q", i+1, strings.TrimSpace(line), report)
		case !wanted && report != "":
			t.Errorf("line %d, %s: reported is %q, though nothing is wrong", i+1, strings.TrimSpace(line), report)
		}
	}
	if t.Failed() {
		t.Logf("go vet wrote:\n%s", out)
	}
}
