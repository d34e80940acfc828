package admin

import (
	"embed"
	"io/fs"
)

// Partials begin with an underscore, which embed leaves out without "all:".
//
//go:embed all:templates all:static
var assets embed.FS

// Templates holds the pages; a project overrides one by a file of the same path, such as admin/list.html.
func (*App) Templates() fs.FS { return folder("templates") }

// Static holds style sheets, scripts and icons under admin/.
func (*App) Static() fs.FS { return folder("static") }

func folder(name string) fs.FS {
	sub, err := fs.Sub(assets, name)
	if err != nil { // only for names that are no paths
		return assets
	}
	return sub
}
