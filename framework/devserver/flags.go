package devserver

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// buildTag gives SQLite its module for full-text search in builds with cgo. The driver knows it by this name.
const buildTag = "sqlite_fts5"

// BuildFlags returns the flags with which go build makes a project for development: without DWARF, so that the linker is done
// sooner (stack traces keep their lines), and with the tag sqlite_fts5 beside those that GOFLAGS names. It runs the go
// command in dir with env, which is nil for that of the process.
func BuildFlags(ctx context.Context, dir string, env []string) []string {
	cmd := exec.CommandContext(ctx, "go", "env", "GOFLAGS")
	cmd.Dir, cmd.Env = dir, env
	out, err := cmd.Output()
	if err != nil {
		out = []byte(os.Getenv("GOFLAGS")) // the build will report what is wrong with the go command
	}
	return []string{"-buildvcs=false", "-ldflags=-w", "-tags=" + strings.Join(withTag(string(out)), ",")}
}

// withTag returns the tags that flags name, of which the last count, and ours.
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
