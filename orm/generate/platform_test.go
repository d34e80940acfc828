package generate

import (
	"go/build"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"
)

// The choice of files is compared with that of package go/build, which the program itself does not link.
func TestPlatformsChooseFilesAsTheGoCommandDoes(t *testing.T) {
	names := []string{
		"store.go", "store_linux.go", "store_windows.go", "store_amd64.go", "store_arm64.go", "store_linux_amd64.go",
		"store_windows_amd64.go", "store_linux_arm64.go", "linux.go", "amd64.go", "store_linux_extra.go", "store_extra_linux.go",
		"_store.go", ".store.go", "store_android.go", "store_unix.go", "store_js_wasm.go", "windows_linux.go", "a__linux.go",
	}
	constraints := []string{
		"", "linux", "windows", "!windows", "unix", "unix && !darwin", "amd64 || arm64", "ignore", "!ignore", "go1.20", "go1.999",
		"!go1.20", "gc", "cgo", "!cgo", "android", "darwin", "solaris", "illumos", "ios", "plan9", "js && wasm",
	}
	platforms := []platform{
		{"linux", "amd64"},
		{"windows", "arm64"},
		{"android", "arm64"},
		{"ios", "arm64"},
		{"illumos", "amd64"},
		{"js", "wasm"},
	}
	dir := t.TempDir()
	for _, p := range platforms {
		context := build.Default
		context.GOOS, context.GOARCH = p.system, p.processor
		context.CgoEnabled = os.Getenv("CGO_ENABLED") != "0"
		for _, name := range names {
			for _, c := range constraints {
				content := "// A comment.\n\n//go:build " + c + "\n\npackage store\n"
				if c == "" {
					content = "package store\n"
				}
				if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
				want, err := context.MatchFile(dir, name)
				if err != nil {
					t.Fatal(err)
				}
				file, err := parser.ParseFile(token.NewFileSet(), name, content, parser.ParseComments)
				if err != nil {
					t.Fatal(err)
				}
				if got := p.compiles(name, file); got != want {
					t.Errorf("%s: %s with the constraint %q: %v, go/build says %v", p, name, c, got, want)
				}
			}
		}
	}
}
