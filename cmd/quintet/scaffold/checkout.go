package scaffold

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
)

// ModulePath is the path of Quintet's own module.
const ModulePath = "github.com/quintetgo/quintet"

// Origin is where this program comes from, and so what a new project builds against.
type Origin struct {
	Checkout string // the folder with Quintet's source; empty if there is none on this machine
	Version  string // the release, if there is no checkout
}

// FindOrigin finds the checkout that this program was built from, or else its release.
func FindOrigin() (Origin, error) {
	if _, file, _, ok := runtime.Caller(0); ok && filepath.IsAbs(file) {
		for dir := filepath.Dir(file); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
			text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
			if err == nil && bytes.HasPrefix(text, []byte("module "+ModulePath+"\n")) && !inModuleCache(dir) {
				return Origin{Checkout: dir}, nil
			}
		}
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Path == ModulePath && strings.HasPrefix(info.Main.Version, "v") &&
		!strings.Contains(info.Main.Version, "+dirty") {
		return Origin{Version: info.Main.Version}, nil
	}
	return Origin{}, errors.New(
		"this program knows neither the checkout nor the release it was built from; build it with `go install` in a checkout",
	)
}

// inModuleCache reports whether the source is that of a release, at path@version, rather than a checkout.
func inModuleCache(dir string) bool { return strings.Contains(filepath.Base(dir), "@") }

// Modules returns the text of go.mod and go.sum for a project with that module path. A project beside a checkout requires
// exactly what the checkout does, so nothing is fetched and `go mod tidy` is not needed.
func (o Origin) Modules(module string) (mod, sum string, err error) {
	var b strings.Builder
	fmt.Fprintf(&b, "module %s\n\ngo 1.26.0\n\n", module)
	if o.Checkout == "" {
		fmt.Fprintf(&b, "require %s %s\n\ntool %s/cmd/ormvet\n", ModulePath, o.Version, ModulePath)
		return b.String(), "", nil
	}
	fmt.Fprintf(&b, "require %s v0.0.0\n\nreplace %s => %s\n\n", ModulePath, ModulePath, quoted(filepath.ToSlash(o.Checkout)))
	text, err := os.ReadFile(filepath.Join(o.Checkout, "go.mod"))
	if err != nil {
		return "", "", err
	}
	b.WriteString("require (\n")
	for _, line := range requirements(string(text)) {
		b.WriteString("\t" + line + " // indirect\n")
	}
	fmt.Fprintf(&b, ")\n\ntool %s/cmd/ormvet\n", ModulePath)
	sums, err := os.ReadFile(filepath.Join(o.Checkout, "go.sum"))
	return b.String(), string(sums), err
}

// requirements returns "module version" for each module that a go.mod requires.
func requirements(text string) []string {
	var list []string
	inside := false
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "//")
		fields := strings.Fields(line)
		switch {
		case len(fields) == 2 && fields[0] == "require" && fields[1] == "(":
			inside = true
		case len(fields) == 1 && fields[0] == ")":
			inside = false
		case len(fields) == 3 && fields[0] == "require":
			list = append(list, fields[1]+" "+fields[2])
		case inside && len(fields) == 2:
			list = append(list, fields[0]+" "+fields[1])
		}
	}
	return list
}

// quoted writes a path for go.mod.
func quoted(path string) string {
	if strings.ContainsAny(path, " \t\"'`(),=>#") || strings.Contains(path, "//") {
		return strconv.Quote(path)
	}
	return path
}
