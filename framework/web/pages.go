package web

import (
	"embed"
	"io/fs"
)

//go:embed templates
var partials embed.FS

// Templates returns partials for every project, under web/: web/pagination.html shows links to the pages of a list. A project
// overrides each by a file of the same path.
func Templates() fs.FS {
	files, err := fs.Sub(partials, "templates")
	if err != nil {
		return partials // cannot be: the folder is part of the package
	}
	return files
}
