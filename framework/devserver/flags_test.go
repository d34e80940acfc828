package devserver_test

import (
	"os"
	"slices"
	"testing"

	"github.com/quintetgo/quintet/framework/devserver"
)

func TestBuildFlagsKeepTheTagsOfTheProject(t *testing.T) {
	t.Parallel()
	for flags, want := range map[string]string{
		"":                           "-tags=sqlite_fts5",
		"-mod=readonly":              "-tags=sqlite_fts5",
		"-tags=blue":                 "-tags=blue,sqlite_fts5",
		"-mod=mod --tags=blue,green": "-tags=blue,green,sqlite_fts5",
		"-tags=red -tags=blue":       "-tags=blue,sqlite_fts5",
		"-tags=sqlite_fts5,blue":     "-tags=sqlite_fts5,blue",
	} {
		env := append(os.Environ(), "GOFLAGS="+flags)
		if got := devserver.BuildFlags(t.Context(), t.TempDir(), env); !slices.Contains(got, want) {
			t.Errorf("GOFLAGS=%q: got %q, want %s", flags, got, want)
		}
	}
}
