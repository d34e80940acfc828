package forms

import (
	"embed"
	"io/fs"
)

//go:embed templates
var embedded embed.FS

// Templates returns the templates of forms and fields, in the folder forms. A project overrides one with a template of the same
// path.
func Templates() fs.FS {
	files, err := fs.Sub(embedded, "templates")
	if err != nil {
		return embedded // impossible: the folder is embedded
	}
	return files
}
