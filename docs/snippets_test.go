package docs_test

import (
	"bufio"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSnippetsAreCompiledCode wants every ```go block of README.md and docs/ to be, line by
// line, in a Go file below docs/, which the build compiles. A line "// …" represents omitted lines.
func TestSnippetsAreCompiledCode(t *testing.T) {
	t.Parallel()
	var sources [][]string
	var guides []string
	walk(t, ".", func(path string) {
		switch {
		case strings.HasSuffix(path, ".go") && path != "snippets_test.go":
			sources = append(sources, lines(t, path))
		case strings.HasSuffix(path, ".md"):
			guides = append(guides, path)
		}
	})
	guides = append(guides, "../README.md", "../CONTRIBUTING.md")
	blocks := 0
	for _, guide := range guides {
		for _, block := range goBlocks(t, guide) {
			blocks++
			if !isPartOf(block.lines, sources) {
				t.Errorf("%s:%d: this snippet is in no compiled file below docs/:\n%s", guide, block.line, strings.Join(block.lines, "\n"))
			}
		}
	}
	if blocks == 0 {
		t.Error("no snippet was found: the test looks in the wrong place")
	}
}

type block struct {
	line  int
	lines []string
}

// goBlocks returns the fenced Go blocks of a Markdown file.
func goBlocks(t *testing.T, path string) []block {
	t.Helper()
	var out []block
	var open *block
	for i, line := range rawLines(t, path) {
		switch {
		case open == nil && strings.TrimSpace(line) == "```go":
			open = &block{line: i + 1}
		case open != nil && strings.TrimSpace(line) == "```":
			out = append(out, *open)
			open = nil
		case open != nil && strings.TrimSpace(line) != "":
			open.lines = append(open.lines, squash(line))
		}
	}
	return out
}

// isPartOf reports whether one source contains the parts of block in order, each part unbroken.
func isPartOf(block []string, sources [][]string) bool {
	var parts [][]string
	part := []string{}
	for _, line := range block {
		if line == "// …" {
			parts, part = append(parts, part), []string{}
			continue
		}
		part = append(part, line)
	}
	parts = append(parts, part)
	for _, source := range sources {
		at, all := 0, true
		for _, part := range parts {
			found := find(source, part, at)
			if found < 0 {
				all = false
				break
			}
			at = found + len(part)
		}
		if all {
			return true
		}
	}
	return false
}

func find(source, part []string, from int) int {
	for i := from; i+len(part) <= len(source); i++ {
		same := true
		for j := range part {
			if source[i+j] != part[j] {
				same = false
				break
			}
		}
		if same {
			return i
		}
	}
	return -1
}

// squash folds white space, so that alignment and indentation do not count.
func squash(line string) string { return strings.Join(strings.Fields(line), " ") }

func lines(t *testing.T, path string) []string {
	t.Helper()
	var out []string
	for _, line := range rawLines(t, path) {
		if line = squash(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func rawLines(t *testing.T, path string) []string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var out []string
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		out = append(out, scanner.Text())
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func walk(t *testing.T, root string, fn func(path string)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			fn(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
