package generate

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"unicode"
)

// module is a go.mod, which locates packages.
type module struct {
	dir      string
	path     string
	requires map[string]string // module path → version
	replaces map[string]replacement
	cache    func() string // the folder of downloaded modules
	root     func() string // the folder of the Go distribution
}

// replacement is the right side of a replace line: a folder, or another module at a version.
type replacement struct{ dir, path, version string }

// findModule reads the go.mod in dir or the nearest folder above it.
func findModule(dir string) (*module, error) {
	for at := dir; ; at = filepath.Dir(at) {
		content, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil {
			return parseModule(at, string(content))
		}
		if at == filepath.Dir(at) {
			return nil, fmt.Errorf("generate: no go.mod in %s or above it; run this inside a Go module (go mod init NAME creates one)", dir)
		}
	}
}

func parseModule(dir, content string) (*module, error) {
	m := &module{
		dir: dir, requires: map[string]string{}, replaces: map[string]replacement{},
		cache: sync.OnceValue(moduleCache), root: sync.OnceValue(goRoot),
	}
	block := ""
	for line := range strings.Lines(content) {
		line, _, _ = strings.Cut(line, "//")
		words := strings.Fields(line)
		for i, word := range words {
			words[i] = strings.Trim(word, "\"`")
		}
		switch {
		case len(words) == 0:
			continue
		case words[0] == ")":
			block = ""
			continue
		case len(words) == 2 && words[1] == "(":
			block = words[0]
			continue
		case block != "":
			words = append([]string{block}, words...)
		}
		m.add(words, dir)
	}
	if m.path == "" {
		return nil, fmt.Errorf("generate: %s has no module line", filepath.Join(dir, "go.mod"))
	}
	return m, nil
}

func (m *module) add(words []string, dir string) {
	switch {
	case words[0] == "module" && len(words) == 2:
		m.path = words[1]
	case words[0] == "require" && len(words) == 3:
		m.requires[words[1]] = words[2]
	case words[0] == "replace":
		left, right, found := cutWords(words[1:], "=>")
		if !found || len(left) == 0 || len(right) == 0 {
			return
		}
		r := replacement{path: right[0]}
		if len(right) > 1 {
			r.version = right[1]
		} else if r.dir = right[0]; !filepath.IsAbs(r.dir) {
			r.dir = filepath.Join(dir, filepath.FromSlash(r.dir))
		}
		m.replaces[left[0]] = r
	}
}

func cutWords(words []string, separator string) (left, right []string, found bool) {
	for i, word := range words {
		if word == separator {
			return words[:i], words[i+1:], true
		}
	}
	return words, nil, false
}

// locate returns the folder of the package with an import path, or "" if it is not on this machine.
func (m *module) locate(importPath string) string {
	if rest, ok := below(m.path, importPath); ok {
		return existing(filepath.Join(m.dir, filepath.FromSlash(rest)))
	}
	if dir := existing(filepath.Join(m.dir, "vendor", filepath.FromSlash(importPath))); dir != "" {
		return dir
	}
	// The longest module path that the import path begins with owns the package.
	for prefix := importPath; prefix != "."; prefix = path.Dir(prefix) {
		rest, _ := below(prefix, importPath)
		if r, ok := m.replaces[prefix]; ok {
			if r.dir != "" {
				return existing(filepath.Join(r.dir, filepath.FromSlash(rest)))
			}
			return m.cached(r.path, r.version, rest)
		}
		if version, ok := m.requires[prefix]; ok {
			return m.cached(prefix, version, rest)
		}
	}
	return existing(filepath.Join(m.root(), "src", filepath.FromSlash(importPath)))
}

func (m *module) cached(modulePath, version, rest string) string {
	return existing(filepath.Join(m.cache(), filepath.FromSlash(escape(modulePath)+"@"+escape(version)), filepath.FromSlash(rest)))
}

func moduleCache() string { return goEnv("GOMODCACHE") }

func goRoot() string { return goEnv("GOROOT") }

// goEnv returns a setting of the go command, or "" where there is no go command. A setting may also come from go env -w or from
// the place of the command, which only it knows how to read.
func goEnv(name string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// escape replaces upper-case letters as the module cache does, for file systems that are not case-sensitive.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsUpper(r) {
			b.WriteByte('!')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

func below(prefix, importPath string) (rest string, ok bool) {
	if importPath == prefix {
		return "", true
	}
	rest, ok = strings.CutPrefix(importPath, prefix+"/")
	return rest, ok
}

func existing(dir string) string {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return ""
	}
	return dir
}

// isStandard reports whether an import path belongs to the standard library: no module of the project owns it, and its
// first element has no dot.
func (m *module) isStandard(importPath string) bool {
	if _, ok := below(m.path, importPath); ok {
		return false
	}
	for prefix := importPath; prefix != "."; prefix = path.Dir(prefix) {
		if _, ok := m.replaces[prefix]; ok {
			return false
		}
		if _, ok := m.requires[prefix]; ok {
			return false
		}
	}
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}
