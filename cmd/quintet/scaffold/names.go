package scaffold

import (
	"fmt"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

var (
	projectName = regexp.MustCompile(`^[a-z][a-z0-9]*([_-][a-z0-9]+)*$`)
	appName     = regexp.MustCompile(`^[a-z][a-z0-9]*$`)
	pathElement = regexp.MustCompile(`^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$`)
)

// standard are the names at the top of Go's library: a module of the same name could not have all packages it wants.
var standard = []string{
	"archive", "bufio", "builtin", "bytes", "cmd", "cmp", "compress", "container", "context", "crypto", "database", "debug", "embed", "encoding",
	"errors", "expvar", "flag", "fmt", "go", "hash", "html", "image", "index", "internal", "io", "iter", "log", "maps", "math", "mime", "net", "os",
	"path", "plugin", "reflect", "regexp", "runtime", "slices", "sort", "strconv", "strings", "structs", "sync", "syscall", "test", "testing", "text",
	"time", "unicode", "unique", "unsafe", "vendor", "weak",
}

// taken are names that main.go and the folders of a project use already.
var taken = []string{
	"admin", "auth", "framework", "init", "main", "migrate", "migrations", "orm", "project", "sqlite", "static", "templates", "testdata", "web", "webtest",
	"ormtest", "open", "home", "files", "users", "staff", "settings", "quintet",
}

// CheckProjectName returns an error that says why a project cannot have the name, and a name that it could have.
func CheckProjectName(name string) error {
	switch {
	case slices.Contains(standard, name) || token.IsKeyword(name):
		return fmt.Errorf("a project cannot be named %q: Go uses the name itself; how about %q?", name, name+"-site")
	case name == "quintet" || name == "main":
		return fmt.Errorf("a project cannot be named %q: the name is taken; how about %q?", name, name+"-site")
	case !projectName.MatchString(name) || len(name) > 64:
		return fmt.Errorf("a project cannot be named %q: write lower-case letters and digits, a letter first, words joined by - or _%s", name, suggestion(name, "-"))
	}
	return nil
}

// CheckAppName returns an error that says why an app cannot have the name, and a name that it could have.
func CheckAppName(name string) error {
	if slices.Contains(standard, name) || slices.Contains(taken, name) || token.IsKeyword(name) {
		return fmt.Errorf("an app cannot be named %q: Go or the project uses the name itself; how about %q?", name, name+"app")
	}
	if !appName.MatchString(name) || len(name) > 64 {
		return fmt.Errorf("an app cannot be named %q: it is the name of a Go package, so write lower-case letters and digits, a letter first%s", name, suggestion(name, ""))
	}
	return nil
}

// CheckModulePath returns an error if path cannot be a Go module's.
func CheckModulePath(path string) error {
	elements := strings.Split(path, "/")
	for _, element := range elements {
		if !pathElement.MatchString(element) || strings.HasSuffix(element, ".") {
			return fmt.Errorf("%q cannot be the path of a Go module; it looks like \"shop\" or \"example.com/team/shop\"", path)
		}
	}
	if slices.Contains(standard, elements[0]) {
		return fmt.Errorf("%q cannot be the path of a Go module: %q belongs to Go's library", path, elements[0])
	}
	return nil
}

// suggestion makes a possible name of an impossible one.
func suggestion(name, joint string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	near := strings.TrimLeft(strings.Join(words, joint), "0123456789-")
	if near == "" || near == name || slices.Contains(standard, near) {
		return ""
	}
	return fmt.Sprintf("; how about %q?", near)
}

// Title makes a heading of a name: "my-shop" becomes "My shop".
func Title(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' })
	title := strings.Join(words, " ")
	if title == "" {
		return ""
	}
	return strings.ToUpper(title[:1]) + title[1:]
}
