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

// packages are the packages at the top of Go's library, and names that the go command keeps for itself: a module of the same
// name cannot be built. Names such as archive and text, below which Go only has packages, can be used.
var packages = []string{
	"all", "bufio", "builtin", "bytes", "cmd", "cmp", "context", "crypto", "embed", "encoding", "errors", "expvar", "flag", "fmt", "go",
	"hash",
	"html",
	"image", "io", "iter", "log", "maps", "math", "mime", "net", "os", "path", "plugin", "reflect", "regexp", "runtime", "slices", "sort",
	"std",
	"strconv",
	"strings", "structs", "sync", "syscall", "testing", "time", "toolchain", "unicode", "unique", "unsafe", "vendor", "weak",
}

// folders are the other names at the top of Go's library. A module below one could be a package of it.
var folders = []string{"archive", "compress", "container", "database", "debug", "index", "internal", "test", "text"}

// taken lists the names that the files of a new project and a new app use, with their use. An app cannot have them.
var taken = map[string]string{
	"accounts":  "the project uses the name itself, for an app",
	"admin":     "main.go uses the name itself, for a package of Quintet",
	"auth":      "main.go uses the name itself, for a package of Quintet",
	"db":        "main.go uses the name itself, for a variable",
	"embed":     "main.go uses the name itself, for a package of Go",
	"error":     "main.go uses the name itself, for a type or value of Go",
	"files":     "main.go uses the name itself, for a variable",
	"framework": "main.go uses the name itself, for a package of Quintet",
	"http":      "the app's test uses the name itself, for a package of Go",
	"init":      "Go uses the name itself, for functions",
	"main":      "Go uses the name itself, for programs",
	"migrate":   "main.go uses the name itself, for a package of Quintet",
	"mysql":     "main.go uses the name itself, for a package of Quintet",
	"nil":       "main.go uses the name itself, for a type or value of Go",
	"open":      "main.go uses the name itself, for a function",
	"orm":       "main.go uses the name itself, for a package of Quintet",
	"ormtest":   "the app's test uses the name itself, for a package of Quintet",
	"os":        "the app's test uses the name itself, for a package of Go",
	"postgres":  "main.go uses the name itself, for a package of Quintet",
	"project":   "main.go uses the name itself, for a function",
	"s":         "main.go uses the name itself, for a variable",
	"site":      "main_test.go uses the name itself, for a function",
	"sqlite":    "main.go uses the name itself, for a package of Quintet",
	"static":    "the project uses the name itself, for a folder",
	"string":    "main.go uses the name itself, for a type or value of Go",
	"t":         "the app's test uses the name itself, for a variable",
	"templates": "the project uses the name itself, for a folder",
	"testdata":  "the go command uses the name itself, for folders that it leaves out",
	"testing":   "the app's test uses the name itself, for a package of Go",
	"vendor":    "the go command uses the name itself, for copies of other modules",
	"web":       "main.go uses the name itself, for a package of Quintet",
	"webtest":   "the app's test uses the name itself, for a package of Quintet",
}

// CheckProjectName returns an error if a project cannot have the name. Its text has the reason and suggests a name.
func CheckProjectName(name string) error {
	switch {
	case slices.Contains(packages, name):
		return fmt.Errorf(
			"a project cannot be named %q: Go uses the name itself, for a package or a command; how about %q?",
			name,
			name+"-site",
		)
	case name == "quintet":
		return fmt.Errorf("a project cannot be named %q: it is the name of Quintet's own program; how about %q?", name, name+"-site")
	case !projectName.MatchString(name) || len(name) > 64:
		return fmt.Errorf(
			"a project cannot be named %q: write lower-case letters and digits, a letter first, words joined by - or _%s",
			name,
			suggestion(name, "-"),
		)
	}
	return nil
}

// CheckAppName returns an error if an app cannot have the name. Its text has the reason and suggests a name.
func CheckAppName(name string) error {
	if token.IsKeyword(name) {
		return fmt.Errorf("an app cannot be named %q: Go uses the name itself, for a keyword; how about %q?", name, name+"app")
	}
	if why := taken[name]; why != "" {
		return fmt.Errorf("an app cannot be named %q: %s; how about %q?", name, why, name+"app")
	}
	if !appName.MatchString(name) || len(name) > 64 {
		return fmt.Errorf(
			"an app cannot be named %q: it is the name of a Go package, so write lower-case letters and digits, a letter first%s",
			name,
			suggestion(name, ""),
		)
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
	if first := elements[0]; slices.Contains(packages, first) || len(elements) > 1 && slices.Contains(folders, first) {
		return fmt.Errorf("%q cannot be the path of a Go module: %q belongs to Go's library", path, first)
	}
	return nil
}

// suggestion makes a possible name of an impossible one.
func suggestion(name, joint string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	near := strings.TrimLeft(strings.Join(words, joint), "0123456789-")
	if near == "" || near == name || slices.Contains(packages, near) {
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
