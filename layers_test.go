package quintet_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const modulePath = "github.com/quintetgo/quintet"

// layers lists the top-level folders from the left of the layer line to its right. A folder
// imports itself and folders of a higher rank; cmd and docs stand side by side.
var layers = map[string]int{
	"docs": 0, "cmd": 0, "contrib": 1, "admin": 2, "auth": 3, "orm": 4, "framework": 5, "templates": 6,
}

// goFiles calls fn with every Go source file of the repository, generated scaffolds excepted.
func goFiles(t *testing.T, fn func(path string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && path != "." && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
			return fs.SkipDir
		}
		if !entry.IsDir() && strings.HasSuffix(name, ".go") {
			fn(filepath.ToSlash(path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestLayersPointRight parses the source instead of asking `go list`, whose cache hides changes.
func TestLayersPointRight(t *testing.T) {
	t.Parallel()
	seen := 0
	goFiles(t, func(path string) {
		folder, _, inside := strings.Cut(path, "/")
		if !inside {
			return
		}
		rank, known := layers[folder]
		if !known {
			t.Errorf("%s: folder %q is not one of the layers; move the file or change the architecture first", path, folder)
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		for _, spec := range file.Imports {
			target, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Errorf("%s: import %s: %v", path, spec.Path.Value, err)
				continue
			}
			if target == modulePath {
				t.Errorf("%s imports the module's root, which holds no code", path)
				continue
			}
			rest, ours := strings.CutPrefix(target, modulePath+"/")
			if !ours {
				continue
			}
			seen++
			to, _, _ := strings.Cut(rest, "/")
			if layers[to] < rank {
				t.Errorf("%s imports %s: %s stands to the left of %s in the layer line", path, target, to, folder)
			}
		}
	})
	if seen == 0 {
		t.Error("no import between our packages was seen: the test looks in the wrong place")
	}
}

// ormLayers are the packages of the ORM from the top down. A package imports packages of its own or a lower layer, and a
// package of the ORM that is not listed, such as orm/migrate, is above all of them.
var ormLayers = [][]string{
	{"orm"},
	{"orm/functions"},
	{"orm/columns", "orm/dynamic/functions"},
	{"orm/dynamic"},
	{"orm/internal/load", "orm/internal/store", "orm/internal/erase", "orm/internal/links"},
	{"orm/internal/constraint"},
	{"orm/internal/compile", "orm/internal/scan", "orm/internal/session"},
	{"orm/internal/operand", "orm/internal/partial", "orm/internal/rowsql", "orm/internal/signature"},
	{"orm/fault"},
	{"orm/registry"},
	{"orm/declare"},
	{"orm/schema"},
	{"orm/dialect/search", "orm/internal/convert"},
	{
		"orm/dialect", "orm/internal/datetime", "orm/internal/decimal", "orm/internal/problem", "orm/internal/sqltext",
		"orm/internal/stmtcache", "orm/internal/zero",
	},
	{"orm/router"},
}

// TestORMLayersPointDown keeps the packages of the ORM in their order.
func TestORMLayersPointDown(t *testing.T) {
	t.Parallel()
	checkLayers(t, "orm", ormLayers)
}

// adminLayers are the packages of the admin from the top down.
var adminLayers = [][]string{
	{"admin"},
	{"admin/changeform", "admin/deletion"},
	{"admin/changelist", "admin/audit"},
	{"admin/env"},
	{"admin/display"},
}

// TestAdminLayersPointDown keeps the packages of the admin in their order, and all but the first free of routes, sessions
// and accounts.
func TestAdminLayersPointDown(t *testing.T) {
	t.Parallel()
	checkLayers(t, "admin", adminLayers)
	goFiles(t, func(path string) {
		dir := filepath.ToSlash(filepath.Dir(path))
		if !strings.HasPrefix(dir, "admin/") || dir == "admin/migrations" || strings.HasSuffix(path, "_test.go") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		for _, spec := range file.Imports {
			switch target := strings.TrimPrefix(strings.Trim(spec.Path.Value, `"`), modulePath+"/"); target {
			case "auth", "framework", "framework/web", "framework/sessions", "framework/messages":
				t.Errorf("%s imports %s; only the package admin itself may", path, target)
			}
		}
	})
}

// checkLayers reports imports that point from a package of layers to a higher layer. prefix is the folder of the packages.
func checkLayers(t *testing.T, prefix string, layers [][]string) {
	t.Helper()
	layer := map[string]int{}
	for i, names := range layers {
		for _, name := range names {
			layer[name] = i + 1
		}
	}
	seen := 0
	goFiles(t, func(path string) {
		own, listed := layer[filepath.ToSlash(filepath.Dir(path))]
		if !listed || strings.HasSuffix(path, "_test.go") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		for _, spec := range file.Imports {
			target := strings.TrimPrefix(strings.Trim(spec.Path.Value, `"`), modulePath+"/")
			if target != prefix && !strings.HasPrefix(target, prefix+"/") || target == prefix+"/migrations" {
				continue
			}
			seen++
			if layer[target] < own {
				t.Errorf("%s imports %s, which is in a higher layer of %s", path, target, prefix)
			}
		}
	})
	if seen == 0 {
		t.Errorf("no import between packages of %s was seen: the test looks in the wrong place", prefix)
	}
}

// TestContribAppsStandApart keeps optional apps from importing each other.
func TestContribAppsStandApart(t *testing.T) {
	t.Parallel()
	goFiles(t, func(path string) {
		parts := strings.Split(path, "/")
		if parts[0] != "contrib" || len(parts) < 3 {
			return
		}
		own := modulePath + "/contrib/" + parts[1]
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		for _, spec := range file.Imports {
			target := strings.Trim(spec.Path.Value, `"`)
			if strings.HasPrefix(target, modulePath+"/contrib/") && target != own && !strings.HasPrefix(target, own+"/") {
				t.Errorf("%s imports %s: contrib apps never import each other", path, target)
			}
		}
	})
}

// TestServerNeedsNothingOfTheFramework keeps framework/server usable for any http.Handler: its packages import no other
// package of this module, in tests either.
func TestServerNeedsNothingOfTheFramework(t *testing.T) {
	t.Parallel()
	goFiles(t, func(path string) {
		if !strings.HasPrefix(path, "framework/server/") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		const own = modulePath + "/framework/server"
		for _, spec := range file.Imports {
			target := strings.Trim(spec.Path.Value, `"`)
			if strings.HasPrefix(target, modulePath+"/") && target != own && !strings.HasPrefix(target, own+"/") {
				t.Errorf("%s imports %s: framework/server imports only its own packages", path, target)
			}
		}
	})
}

// TestEveryPackageSaysWhatItDoes wants a package comment that begins "Package name" (or
// "Command name") in exactly one place of every package.
func TestEveryPackageSaysWhatItDoes(t *testing.T) {
	t.Parallel()
	type found struct {
		name     string
		comments int
		start    bool
	}
	packages := map[string]*found{}
	goFiles(t, func(path string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		p := packages[dir]
		if p == nil {
			p = &found{name: file.Name.Name}
			packages[dir] = p
		}
		if file.Doc == nil {
			return
		}
		p.comments++
		text := file.Doc.Text()
		p.start = p.start || strings.HasPrefix(text, "Package "+p.name+" ") || p.name == "main" && strings.HasPrefix(text, "Command ")
	})
	for dir, p := range packages {
		if p.comments == 0 || !p.start {
			t.Errorf("%s: package %s has no comment that says what it does (want one that starts with \"Package %s\")", dir, p.name, p.name)
		}
	}
}

// TestTopLevelFoldersAreTheAgreedOnes fails when a new top-level folder appears.
func TestTopLevelFoldersAreTheAgreedOnes(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if _, known := layers[entry.Name()]; entry.IsDir() && !known && !strings.HasPrefix(entry.Name(), ".") && entry.Name() != "node_modules" {
			t.Errorf("unknown top-level folder %q; the agreed ones are cmd, contrib, admin, auth, orm, framework, templates, docs", entry.Name())
		}
	}
}
