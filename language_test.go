package quintet_test

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// avoided lists phrases that CONTRIBUTING.md's glossary replaces, with what to write instead.
var avoided = []struct{ phrase, instead string }{
	{`gives|giving`, "returns, sends, provides"},
	{`answers|answered with`, "returns; responds with; responses"},
	{`says|is told|are told`, "reports, describes; is notified"},
	{`mistakes?`, "error, problem"},
	{`moments?`, "time, instant"},
	{`anew`, "again"},
	{`ways? back`, "reverse relation; return"},
	{`ways? out`, "escape hatch, hint, remedy"},
	{`go(es)? along`, "is also deleted, is included"},
	{`stands|stand in|stands in the way`, "is"},
	{`words for people`, "user-facing message"},
	{`turns? (it|them) round|turned round|the other way round`, "reverses; conversely"},
	{`without regard (to|for) case|capitals? from small letters|capital letters?`, "case-insensitively; case-sensitive; upper case"},
	{`by falling|falling (order|key|keys)`, "descending"},
	{`made up|made-up`, "generated"},
	{`of (its|their) own accord`, "automatically"},
	{`lies? (in|at|on|beside|below|under|outside|inside|there|apart)`, "is"},
	{`told off|quarrel|strangers?|worth more than|nothing else comes`, "a plain statement"},
}

// avoidedNames lists identifiers that say nothing to a reader who searches for the domain's own word.
var avoidedNames = []string{
	"bury", "heard", "hear", "become", "desk", "settle", "verdict", "duckUntil", "surround", "complain", "judge", "sayLater",
	"goesView", "goes", "chipText", "landable", "maker", "asker", "madeUpKey", "mustBeSound", "filler", "tie", "tied", "apart",
	"home", "never", "anew", "moment", "mistake", "mistakes",
}

func TestPlainEnglish(t *testing.T) {
	t.Parallel()
	patterns := make([]*regexp.Regexp, len(avoided))
	for i, a := range avoided {
		patterns[i] = regexp.MustCompile(`(?i)\b(` + a.phrase + `)\b`)
	}
	report := func(place, text string) {
		for i, pattern := range patterns {
			if found := pattern.FindString(text); found != "" {
				t.Errorf("%s: %q in %q; write: %s", place, found, strings.TrimSpace(text), avoided[i].instead)
			}
		}
	}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		path = filepath.ToSlash(path)
		name := entry.Name()
		if entry.IsDir() && path != "." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
			return fs.SkipDir
		}
		if entry.IsDir() || path == "language_test.go" || path == "CONTRIBUTING.md" {
			return nil
		}
		switch filepath.Ext(name) {
		case ".go":
			checkGoLanguage(t, path, report)
		case ".md", ".html", ".tmpl":
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			line := 0
			for content := range strings.Lines(string(text)) {
				line++
				report(path+":"+strconv.Itoa(line), content)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkGoLanguage reports comments and strings through report, and declared names itself.
func checkGoLanguage(t *testing.T, path string, report func(place, text string)) {
	source, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
		return
	}
	files := token.NewFileSet()
	var s scanner.Scanner
	s.Init(files.AddFile(path, -1, len(source)), source, nil, scanner.ScanComments)
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			break
		}
		if tok == token.COMMENT || tok == token.STRING && !strings.HasSuffix(path, "_test.go") {
			line := files.Position(pos).Line
			for content := range strings.Lines(text) {
				report(path+":"+strconv.Itoa(line), content)
				line++
			}
		}
	}
	file, err := parser.ParseFile(files, path, source, parser.SkipObjectResolution)
	if err != nil {
		t.Error(err)
		return
	}
	check := func(name *ast.Ident) {
		if name != nil && slices.Contains(avoidedNames, name.Name) {
			t.Errorf("%s: the name %q is in the list of names to avoid; use the domain's own word", files.Position(name.Pos()), name.Name)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			check(n.Name)
		case *ast.TypeSpec:
			check(n.Name)
		case *ast.ValueSpec:
			for _, name := range n.Names {
				check(name)
			}
		case *ast.Field:
			for _, name := range n.Names {
				check(name)
			}
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				for _, left := range n.Lhs {
					if name, ok := left.(*ast.Ident); ok {
						check(name)
					}
				}
			}
		}
		return true
	})
}
