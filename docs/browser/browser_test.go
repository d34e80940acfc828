package browser_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The login of the example, as the scripts use it.
const (
	username = "editor"
	password = "minor-swing-1937"
)

// scripts runs one script of testdata against the example blog; each of its steps becomes a
// subtest. Set QUINTET_SCREENSHOTS to a folder to keep pictures of the pages.
func scripts(t *testing.T, name string) {
	t.Helper()
	modules := os.Getenv("QUINTET_NODE_MODULES")
	if modules == "" {
		t.Skip("browser tests need QUINTET_NODE_MODULES, a node_modules folder with playwright-core and @axe-core/playwright (npm install --ignore-scripts)")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("browser tests need node: install nodejs")
	}
	if os.Getenv("QUINTET_CHROMIUM") == "" {
		if _, err := os.Stat("/usr/bin/chromium"); err != nil {
			t.Skip("browser tests need Chromium: install chromium, or set QUINTET_CHROMIUM to its path")
		}
	}
	site := httptest.NewServer(blog(t))
	t.Cleanup(site.Close)
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), node, filepath.Join("testdata", name), site.URL, username, password, os.Getenv("QUINTET_SCREENSHOTS"))
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, errs.String())
	}
	steps := 0
	for scanner := bufio.NewScanner(&out); scanner.Scan(); steps++ {
		var step struct {
			Name, Detail string
			OK           bool
		}
		if err := json.Unmarshal(scanner.Bytes(), &step); err != nil {
			t.Errorf("the script printed %q", scanner.Text())
			continue
		}
		t.Run(strings.ReplaceAll(step.Name, "/", "|"), func(t *testing.T) {
			if !step.OK {
				t.Error(step.Detail)
			}
		})
	}
	if steps < 10 {
		t.Errorf("the script took only %d steps\n%s", steps, errs.String())
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	scripts(t, "pages.cjs")
}

func TestEditor(t *testing.T) {
	t.Parallel()
	scripts(t, "editor.cjs")
}
