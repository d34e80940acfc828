package staticfiles

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
)

// Source holds the static files of one app or of the project. Name is used in error messages.
type Source struct {
	Name string
	FS   fs.FS
}

// Options configures where static files are served.
type Options struct {
	// Prefix is the URL prefix, with slashes at both ends; it may be a full address, for a CDN. Default: "/static/".
	Prefix string
}

// Files is a set of static files, found and hashed once by New. It is safe for concurrent use.
type Files struct {
	prefix   string
	mount    string           // path of the prefix
	path     string           // the same, decoded
	byPath   map[string]*file // "blog/blog.css"
	byName   map[string]*file // "blog/blog.3f1c9a70b2de.css"
	problems []check.Problem
}

// file is one static file. content is nil for a file that is served unchanged from its source.
type file struct {
	path, hashed, source string
	hash                 string // the part of hashed that is the hash
	fsys                 fs.FS
	size                 int64
	content              []byte
	gzip                 gzipCopy
}

// New finds every file of the sources and computes the hashed names. Where two sources have the
// same path the first wins, so that a project overrides an app. The error joins all files that
// cannot be read. References to files that do not exist are no error, see [Files.Problems].
func New(sources []Source, options Options) (*Files, error) {
	f := &Files{prefix: options.Prefix, byPath: map[string]*file{}, byName: map[string]*file{}}
	if f.prefix == "" {
		f.prefix = "/static/"
	}
	if !strings.HasSuffix(f.prefix, "/") {
		f.prefix += "/"
	}
	f.mount = f.prefix
	if i := strings.Index(f.prefix, "://"); i >= 0 { // a CDN's address: its path is what is served here
		_, rest, _ := strings.Cut(f.prefix[i+3:], "/")
		f.mount = "/" + rest
	}
	f.path = unescapePath(f.mount)
	raw := map[string][]byte{}
	var problems []error
	for _, source := range sources {
		if source.FS == nil {
			continue
		}
		problems = append(problems, f.collect(source, raw))
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	references := f.references(raw)
	digests := references.digests(f.Paths(), raw)
	for name, file := range f.byPath {
		digest := digests[name]
		file.hash = hex.EncodeToString(digest[:6])
		file.hashed = hashedName(name, file.hash)
		f.byName[file.hashed] = file
	}
	for name, refs := range references {
		f.byPath[name].content = f.rewrite(name, raw[name], refs)
		f.byPath[name].size = int64(len(f.byPath[name].content))
	}
	return f, nil
}

// collect reads the files of one source. Hidden files and editors' backup files are ignored.
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

// URL returns the address of a file, as in "blog/blog.css". Characters with a meaning in addresses,
// such as # and ?, are escaped. An unknown path is an error that names the nearest one.
func (f *Files) URL(name string) (string, error) {
	if file := f.byPath[strings.TrimPrefix(name, "/")]; file != nil {
		return f.prefix + escape(file.hashed), nil
	}
	return "", fmt.Errorf("static file %q does not exist%s", name, check.DidYouMean(name, f.Paths()))
}

// escape makes a path part of an address. What it returns needs no quotes in a style sheet or script.
func escape(name string) string {
	segments := strings.Split(name, "/")
	for i, segment := range segments {
		segments[i] = url.PathEscape(segment)
	}
	return strings.Join(segments, "/")
}

// Problems returns warnings about references to files that do not exist, with file and line. Such
// an address is not rewritten: it may name something else, and a third party's style sheet must not
// prevent a site from starting.
func (f *Files) Problems() []check.Problem { return slices.Clone(f.problems) }

// Paths returns the paths of all files, sorted.
func (f *Files) Paths() []string { return slices.Sorted(maps.Keys(f.byPath)) }

// Prefix returns the URL prefix that all files share, ending in a slash.
func (f *Files) Prefix() string { return f.prefix }

// hashedName puts the hash before the last extension.
func hashedName(name, hash string) string {
	extension := path.Ext(name)
	return strings.TrimSuffix(name, extension) + "." + hash + extension
}
