package languages_test

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

// onlyCompiled returns the folder locale of the working directory without its .po files.
func onlyCompiled(t *testing.T) fs.FS {
	t.Helper()
	name := "de/LC_MESSAGES/messages.mo"
	return fstest.MapFS{name: {Data: []byte(read(t, "locale/"+name))}}
}
