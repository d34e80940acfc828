package framework

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/devserver"
)

// assetFolders are the folders that Assets may have.
var assetFolders = []string{"templates", "static", "locale"}

// assetSet holds the assets of the project or of an app.
type assetSet struct {
	name  string // "project", or the app's name
	place string // for problems
	pkg   string // the import path of the package that embeds the files; "main" is the command's
	files fs.FS
}

// collectAssets returns the assets of the project and then of the apps, and reports those that have none of the folders.
func (p *Project) collectAssets() (list []assetSet) {
	if p.settings.Assets != nil {
		list = append(list, assetSet{name: "project", place: "Settings.Assets", pkg: "main", files: p.settings.Assets})
	}
	for _, app := range p.apps {
		if a, ok := app.(AssetsApp); ok {
			list = append(list, assetSet{name: app.Name(), place: "app " + app.Name(), pkg: packageOf(app), files: a.Assets()})
		}
	}
	for _, set := range list {
		if set.files == nil {
			p.problem("framework.E015", check.Error, set.place, "its Assets are nil", "Return an embed.FS, or remove the method.")
		} else if !slices.ContainsFunc(assetFolders, set.has) {
			p.problem("framework.E015", check.Error, set.place, "its Assets have no folder templates, static or locale"+set.entries(),
				"Embed the folders themselves, as in //go:embed all:templates all:static.")
		}
	}
	return list
}

// has reports whether the assets contain a folder.
func (a assetSet) has(folder string) bool {
	info, err := fs.Stat(a.files, folder)
	return err == nil && info.IsDir()
}

// entries lists the first entries of assets that lack the expected folders.
func (a assetSet) entries() string {
	var names []string
	entries, _ := fs.ReadDir(a.files, ".")
	for _, entry := range entries[:min(len(entries), 3)] {
		names = append(names, fmt.Sprintf("%q", entry.Name()))
	}
	if len(names) == 0 {
		return "; they are empty"
	}
	return ", but " + strings.Join(names, ", ")
}

// folder returns one of the folders, or nil if the assets do not have it. Under the development server it is read from disk.
func (a assetSet) folder(name string) fs.FS {
	if a.files == nil || !a.has(name) {
		return nil
	}
	sub, err := fs.Sub(a.files, name)
	if err != nil { // impossible for the names in assetFolders
		return nil
	}
	return devserver.Disk(sub, a.pkg, name)
}

// checkEmbedded reports files of the assets' folders in the module at dir that are not embedded because their names begin
// with _ or . and the pattern of go:embed does not begin with "all:".
func (p *Project) checkEmbedded(dir string) (list []check.Problem) {
	for _, set := range p.assets {
		source := set.sourceDir(dir)
		if set.files == nil || source == "" {
			continue
		}
		for _, folder := range assetFolders {
			if !set.has(folder) {
				continue
			}
			missing := notEmbedded(os.DirFS(source), set.files, folder)
			if len(missing) == 0 {
				continue
			}
			more := ""
			if len(missing) > 1 {
				more = fmt.Sprintf(" and %d more", len(missing)-1)
			}
			list = append(list, check.Problem{
				ID: "framework.E016", Level: check.Error, Place: set.place,
				Message: fmt.Sprintf("%s%s is not embedded: go:embed leaves out names that begin with _ or .", missing[0], more),
				Hint:    fmt.Sprintf("Write //go:embed all:%s.", folder),
			})
		}
	}
	return list
}

// sourceDir returns the directory of the package that embeds the assets, or "" if it is not in the main module.
func (a assetSet) sourceDir(module string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	pkg := a.pkg
	if pkg == "main" {
		pkg = info.Path
	}
	rel, inside := strings.CutPrefix(pkg+"/", info.Main.Path+"/")
	if !inside {
		return ""
	}
	return filepath.Join(module, filepath.FromSlash(rel))
}

// notEmbedded returns the files of a folder on disk that go:embed without "all:" left out, in lexical order. It returns none
// for a folder that shares no file with the embedded one.
func notEmbedded(disk, embedded fs.FS, folder string) (missing []string) {
	shared := false
	_ = fs.WalkDir(disk, folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil // folders that cannot be read are not checked
		}
		if _, err := fs.Stat(embedded, name); err == nil {
			shared = true
			return nil
		}
		if base := path.Base(name); base != ".DS_Store" && hidden(name) {
			missing = append(missing, name)
		}
		return nil
	})
	if !shared {
		return nil
	}
	return missing
}

// hidden reports whether go:embed without "all:" leaves out the path.
func hidden(name string) bool {
	for element := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(element, "_") || strings.HasPrefix(element, ".") {
			return true
		}
	}
	return false
}

// packageOf returns the import path of an app's package.
func packageOf(app App) string {
	t := reflect.TypeOf(app)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.PkgPath()
}
