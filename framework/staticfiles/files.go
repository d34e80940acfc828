package staticfiles

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
)

// Source is the static files of one app or of the project. Name stands in error messages.
type Source struct {
	Name string
	FS   fs.FS
}

// Options says where static files are served.
type Options struct {
	Prefix string // URL prefix with slashes at both ends; "" means "/static/". May be absolute, for a CDN.
}

// Files is a set of static files, found and hashed once by New. It may be used concurrently.
type Files struct {
	prefix string
	byPath map[string]*file // "blog/blog.css"
	byName map[string]*file // "blog/blog.3f1c9a70b2de.css"
}

// file is one static file. content is nil for a file that is served as it stands in its source.
type file struct {
	path, hashed, source string
	fsys                 fs.FS
	size                 int64
	content              []byte
	gzip                 gzipCopy
}

// New finds every file of the sources and computes the hashed names. Where two sources have the
// same path the first wins, so that a project overrides an app. The error joins all problems: files
// that cannot be read, and references to files that do not exist.
func New(sources []Source, options Options) (*Files, error) {
	f := &Files{prefix: options.Prefix, byPath: map[string]*file{}, byName: map[string]*file{}}
	if f.prefix == "" {
		f.prefix = "/static/"
	}
	if !strings.HasSuffix(f.prefix, "/") {
		f.prefix += "/"
	}
	raw := map[string][]byte{}
	var problems []error
	for _, source := range sources {
		if source.FS == nil {
			continue
		}
		problems = append(problems, f.collect(source, raw))
	}
	graph := f.references(raw, &problems)
	for _, name := range f.Paths() {
		file := f.byPath[name]
		file.hashed = hashedName(name, graph.digest(name, raw))
		f.byName[file.hashed] = file
	}
	for name, refs := range graph {
		if len(refs) > 0 {
			f.byPath[name].content = f.rewrite(name, raw[name], refs)
			f.byPath[name].size = int64(len(f.byPath[name].content))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return f, nil
}

// collect reads the files of one source. Dot files and editors' leftovers are passed over.
func (f *Files) collect(source Source, raw map[string][]byte) error {
	return fs.WalkDir(source.FS, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("static files of %s: %w", source.Name, err)
		}
		if base := path.Base(name); name != "." && (strings.HasPrefix(base, ".") || strings.HasSuffix(base, "~")) {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if entry.IsDir() || f.byPath[name] != nil {
			return nil
		}
		content, err := fs.ReadFile(source.FS, name)
		if err != nil {
			return fmt.Errorf("static files of %s: %w", source.Name, err)
		}
		f.byPath[name] = &file{path: name, source: source.Name, fsys: source.FS, size: int64(len(content))}
		raw[name] = content
		return nil
	})
}

// URL returns the address of a file, as in "blog/blog.css". An unknown path is an error that names
// the nearest one.
func (f *Files) URL(name string) (string, error) {
	if file := f.byPath[strings.TrimPrefix(name, "/")]; file != nil {
		return f.prefix + file.hashed, nil
	}
	return "", fmt.Errorf("static file %q does not exist%s", name, check.DidYouMean(name, f.Paths()))
}

// Paths returns the paths of all files, sorted.
func (f *Files) Paths() []string { return slices.Sorted(maps.Keys(f.byPath)) }

// Prefix returns the URL prefix that all files share, ending in a slash.
func (f *Files) Prefix() string { return f.prefix }

// hashedName puts 12 hexadecimal digits of a digest before the last extension.
func hashedName(name string, digest [sha256.Size]byte) string {
	extension := path.Ext(name)
	return strings.TrimSuffix(name, extension) + "." + hex.EncodeToString(digest[:6]) + extension
}
