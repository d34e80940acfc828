package forms

import (
	"embed"
	"io/fs"
)

//go:embed templates
var embedded embed.FS

// Templates returns the templates that show forms and fields, under forms/. A project overrides
// each by a file of the same path.
func Templates() fs.FS {
	files, err := fs.Sub(embedded, "templates")
	if err != nil {
		return embedded // cannot be: the folder is part of the package
	}
	return files
}
