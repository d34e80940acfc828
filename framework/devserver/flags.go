package devserver

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// buildTag enables SQLite's module for full-text search in builds with cgo. It is the name that the driver uses.
const buildTag = "sqlite_fts5"

// BuildFlags returns the flags of go build for development: without DWARF, which takes the linker less time (stack traces
// keep their lines), and with the tag sqlite_fts5 in addition to those in GOFLAGS. It runs the go command in dir with env;
// nil means the environment of the process.
func BuildFlags(ctx context.Context, dir string, env []string) []string {
	cmd := exec.CommandContext(ctx, "go", "env", "GOFLAGS")
	cmd.Dir, cmd.Env = dir, env
	out, err := cmd.Output()
	if err != nil {
		out = []byte(os.Getenv("GOFLAGS")) // the build will report the error of the go command
	}
	return []string{"-buildvcs=false", "-ldflags=-w", "-tags=" + strings.Join(withTag(string(out)), ",")}
}

// withTag returns the tags in flags, of which the last apply, with buildTag added.
func withTag(flags string) []string {
	var tags []string
	for flag := range strings.FieldsSeq(flags) {
		if list, ok := strings.CutPrefix(strings.TrimLeft(flag, "-"), "tags="); ok {
			tags = strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
		}
	}
	if !slices.Contains(tags, buildTag) {
		tags = append(tags, buildTag)
	}
	return tags
}
