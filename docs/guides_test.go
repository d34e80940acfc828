package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTemplateSnippetsAreInTemplates wants every ```html block of the guides to be, line by
// line, in a template below docs/, which the tests parse.
func TestTemplateSnippetsAreInTemplates(t *testing.T) {
	t.Parallel()
	var sources [][]string
	walk(t, ".", func(path string) {
		if strings.HasSuffix(path, ".html") {
			sources = append(sources, lines(t, path))
		}
	})
	blocks := 0
	for _, guide := range guides(t) {
		for _, block := range fenced(t, guide, "html") {
			blocks++
			if !isPartOf(block.lines, sources) {
				t.Errorf("%s:%d: this snippet is in no template below docs/:\n%s", guide, block.line, strings.Join(block.lines, "\n"))
			}
		}
	}
	if blocks == 0 {
		t.Error("no snippet was found: the test looks in the wrong place")
	}
}

// inlineCode is a span that may contain a type argument and a call, as in auth.New[accounts.User](db).
var inlineCode = regexp.MustCompile("`[^`]*`")

var links = regexp.MustCompile(`\]\(([^)#\s]*)(#[^)\s]*)?\)`)

// TestLinksLeadSomewhere wants every relative link of the guides to name a file, and every anchor a
// heading of it.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	for _, guide := range guides(t) {
		inside := false
		for number, line := range rawLines(t, guide) {
			if strings.HasPrefix(strings.TrimSpace(line), "```") {
				inside = !inside
			}
			if inside {
				continue
			}
			for _, link := range links.FindAllStringSubmatch(inlineCode.ReplaceAllString(line, "code"), -1) {
				if strings.Contains(link[1], "://") {
					continue
				}
				target := guide
				if link[1] != "" {
					target = filepath.Join(filepath.Dir(guide), link[1])
				}
				if _, err := os.Stat(target); err != nil {
					t.Errorf("%s:%d: %s leads nowhere", guide, number+1, link[1])
				} else if link[2] != "" && !anchors(t, target)[link[2][1:]] {
					t.Errorf("%s:%d: %s has no heading %s", guide, number+1, target, link[2])
				}
			}
		}
	}
}

// TestIndexNamesEveryGuide wants README.md to link to each page beside it.
func TestIndexNamesEveryGuide(t *testing.T) {
	t.Parallel()
	index := strings.Join(rawLines(t, "README.md"), "\n")
	for _, guide := range guides(t) {
		if filepath.Dir(guide) == "." && guide != "README.md" && !strings.Contains(index, "("+guide+")") {
			t.Errorf("docs/README.md does not link to %s", guide)
		}
	}
}

// TestTranscriptsAreTested rejects ```text blocks: what a program prints is an ```output block, which a test compares.
func TestTranscriptsAreTested(t *testing.T) {
	t.Parallel()
	for _, guide := range guides(t) {
		for _, block := range fenced(t, guide, "text") {
			t.Errorf("%s:%d: a block of text, which no test compares; make an example print it, and write output", guide, block.line)
		}
	}
}

// guides are the Markdown files below docs/.
func guides(t *testing.T) (list []string) {
	t.Helper()
	walk(t, ".", func(path string) {
		if strings.HasSuffix(path, ".md") {
			list = append(list, path)
		}
	})
	return list
}

// fenced returns the blocks of one language.
func fenced(t *testing.T, path, language string) (out []block) {
	t.Helper()
	var open *block
	for i, line := range rawLines(t, path) {
		switch {
		case open == nil && strings.TrimSpace(line) == "```"+language:
			open = &block{line: i + 1}
		case open != nil && strings.TrimSpace(line) == "```":
			out, open = append(out, *open), nil
		case open != nil && strings.TrimSpace(line) != "":
			open.lines = append(open.lines, squash(line))
		}
	}
	return out
}

var unlinkable = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)

// anchors are the headings of a file as links name them.
func anchors(t *testing.T, path string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	inside := false
	for _, line := range rawLines(t, path) {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			inside = !inside
		}
		if title := strings.TrimLeft(line, "#"); !inside && title != line {
			title = strings.ToLower(strings.TrimSpace(title))
			found[strings.ReplaceAll(unlinkable.ReplaceAllString(title, ""), " ", "-")] = true
		}
	}
	return found
}

// sourceFile matches the path of a Go file from the root of the module, in backquotes.
var sourceFile = regexp.MustCompile("`((?:admin|auth|cmd|contrib|docs|framework|orm|templates)/[a-z0-9_/]+\\.go)`")

// TestSourceFilesExist requires every file of the module that the guides name to exist.
func TestSourceFilesExist(t *testing.T) {
	t.Parallel()
	found := 0
	for _, guide := range guides(t) {
		for number, line := range rawLines(t, guide) {
			for _, m := range sourceFile.FindAllStringSubmatch(line, -1) {
				found++
				if _, err := os.Stat(filepath.Join("..", m[1])); err != nil {
					t.Errorf("%s:%d: there is no file %s", guide, number+1, m[1])
				}
			}
		}
	}
	if found == 0 {
		t.Error("no file was found: the test looks in the wrong place")
	}
}
