package devserver

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

const here = "github.com/quintetgo/quintet/framework/devserver"

// TestDisk searches for the folder pages of this package.
func TestDisk(t *testing.T) {
	embedded := fstest.MapFS{"failure.html": {}, "gone.html": {}}
	root, err := ModuleDir(".")
	if err != nil {
		t.Fatal(err)
	}
	onDisk := func(f fs.FS) bool {
		_, embedded := f.(fstest.MapFS)
		return !embedded
	}
	if onDisk(Disk(embedded, here, "pages")) {
		t.Error("without a parent the disk is read")
	}
	disk := filepath.Join(t.TempDir(), "disk")
	t.Setenv(parentVariable, "1")
	t.Setenv(rootVariable, root)
	t.Setenv(diskVariable, disk)
	for name, c := range map[string]struct {
		embedded    fs.FS
		pkg, folder string
		want        bool
	}{
		"this package":      {embedded, here, "pages", true},
		"another folder":    {embedded, here, "templates", false},
		"another module":    {embedded, "example.com/other/devserver", "pages", false},
		"the same prefix":   {embedded, "github.com/quintetgo/quintetplus/devserver", "pages", false},
		"other files there": {fstest.MapFS{"other.html": {}}, here, "pages", false},
		"no files":          {fstest.MapFS{}, here, "pages", false},
	} {
		_ = os.Remove(disk)
		got := Disk(c.embedded, c.pkg, c.folder)
		list, _ := os.ReadFile(disk)
		want := ""
		if c.want {
			want = filepath.Join(root, "framework", "devserver", "pages") + "\n"
		}
		if onDisk(got) != c.want || string(list) != want {
			t.Errorf("%s: from the disk is %v, listed %q", name, onDisk(got), list)
		}
	}
	if Disk(nil, here, "pages") != nil {
		t.Error("a folder out of nothing")
	}
	Disk(embedded, here, "pages")
	for path, want := range map[string]bool{
		filepath.Join(root, "framework", "devserver", "pages", "x.html"): true, filepath.Join(root, "framework", "devserver", "pages.go"): false,
		filepath.Join(root, ".env"): true, filepath.Join(root, "framework", "devserver", "pagesmore", "x.html"): false, "": false,
	} {
		if got := readsFromDisk(disk, path); got != want {
			t.Errorf("%s: read from the disk is %v", strings.TrimPrefix(path, root), got)
		}
	}
	t.Setenv(diskVariable, filepath.Join(t.TempDir(), "no", "such", "folder"))
	if onDisk(Disk(embedded, here, "pages")) {
		t.Error("the disk is read though the parent cannot know")
	}
}
