package framework

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestNotEmbedded(t *testing.T) {
	t.Parallel()
	disk := fstest.MapFS{
		"templates/a.html": {}, "templates/_b.html": {}, "templates/.drafts/c.html": {}, "templates/new.html": {}, "templates/.DS_Store": {},
	}
	for name, c := range map[string]struct {
		embedded fstest.MapFS
		want     []string
	}{
		"without all:":    {fstest.MapFS{"templates/a.html": {}}, []string{"templates/.drafts/c.html", "templates/_b.html"}},
		"with all:":       {fstest.MapFS{"templates/a.html": {}, "templates/_b.html": {}, "templates/.drafts/c.html": {}}, nil},
		"another package": {fstest.MapFS{"templates/z.html": {}}, nil},
	} {
		if got := notEmbedded(disk, c.embedded, "templates"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
