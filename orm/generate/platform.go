package generate

import (
	"cmp"
	"go/ast"
	"go/build/constraint"
	"go/version"
	"os"
	"runtime"
	"slices"
	"strings"
)

// The systems and processors that the go command knows in the names of files: store_windows.go, store_linux_arm64.go.
const (
	systems = " aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos "
	unix    = " aix android darwin dragonfly freebsd hurd illumos ios linux netbsd openbsd solaris "

	processors = " 386 amd64 amd64p32 arm arm64 arm64be armbe loong64 mips mips64 mips64le mips64p32 mips64p32le mipsle ppc ppc64 " +
		"ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm "
)

// platform is the system that files are selected for, as the go command does. Package go/build would answer the same, but it
// links the packages that read documentation into the command line, which every first build would have to compile.
type platform struct{ system, processor string }

func currentPlatform() platform {
	return platform{cmp.Or(os.Getenv("GOOS"), runtime.GOOS), cmp.Or(os.Getenv("GOARCH"), runtime.GOARCH)}
}

// compiles reports whether the file called name is part of its package. Its build constraint counts, too, unless the file could
// not be read at all.
func (p platform) compiles(name string, file *ast.File) bool {
	if strings.HasPrefix(name, "_") || strings.HasPrefix(name, ".") || !p.named(name) {
		return false
	}
	if file == nil {
		return true
	}
	for _, group := range file.Comments {
		if group.Pos() > file.Package {
			break
		}
		for _, line := range group.List {
			if expr, err := constraint.Parse(line.Text); err == nil && constraint.IsGoBuild(line.Text) {
				return expr.Eval(p.tag)
			}
		}
	}
	return true
}

// named reports whether the system and processor in a file's name, if any, are those of p.
func (p platform) named(name string) bool {
	words := strings.Split(strings.TrimSuffix(name, ".go"), "_")[1:]
	slices.Reverse(words)
	switch {
	case len(words) > 1 && knows(systems, words[1]) && knows(processors, words[0]):
		return p.tag(words[1]) && p.tag(words[0])
	case len(words) > 0 && (knows(systems, words[0]) || knows(processors, words[0])):
		return p.tag(words[0])
	}
	return true
}

// tag reports whether a build tag holds.
func (p platform) tag(tag string) bool {
	switch tag {
	case p.system, p.processor, "gc":
		return true
	case "unix":
		return knows(unix, p.system)
	case "linux":
		return p.system == "android"
	case "solaris":
		return p.system == "illumos"
	case "darwin":
		return p.system == "ios"
	case "cgo":
		return os.Getenv("CGO_ENABLED") != "0"
	}
	return version.IsValid(tag) && version.Compare(tag, version.Lang(runtime.Version())) <= 0
}

func knows(list, word string) bool { return word != "" && strings.Contains(list, " "+word+" ") }
