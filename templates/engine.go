package templates

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/quintetgo/quintet/templates/internal/program"
)

// Source is one place that templates come from.
type Source struct {
	Name string // "project", or the app's name; used in errors
	FS   fs.FS  // rooted so that "blog/list.html" resolves; nil is an empty source
}

// Options configures an Engine.
type Options struct {
	// Sources are looked through in order: the first that has a path wins.
	Sources []Source
	// Funcs are added to the built-in functions and replace those of the same name. Each returns
	// one value, or a value and an error.
	Funcs map[string]any
	// Now is the clock of now, timesince and timeuntil; time.Now by default.
	Now func() time.Time
	// Nil is called when a template reads a field of a struct that is a nil pointer or a nil slice, with the struct, or
	// a pointer to it where it has an address, and the name of the field. It may set the field, which is then read
	// again. Its error ends the rendering. Default: nil fields are empty.
	Nil func(object any, field string) error
}

// Engine renders templates. It does not change after New and may be used concurrently.
type Engine struct {
	files    map[string]*file // by name
	byKey    map[string]*file // by name, and overridden files by name@source
	pages    map[string]*page
	known    map[string]bool // functions and the engine's own words
	funcs    map[string]any
	broken   map[string]bool                      // files with errors, which are not reported again for files that use them
	nilField func(object any, field string) error // Options.Nil
	warnings []error
	buffers  sync.Pool
	active   atomic.Int64 // renderings in progress
}

// page is a file ready to be rendered.
type page struct {
	file  *file
	once  sync.Once                       // makes fast when the page is first rendered: not all pages are, and a start is to be short
	fast  atomic.Pointer[program.Program] // nil if the page cannot be made into closures
	uses  map[string]bool                 // keys of the data that the page mentions
	all   bool                            // the page passes its data on as a whole
	whole bool                            // to what may look at the entries: lazy ones are made before
	err   error                           // why a partial cannot be rendered on its own

	mu    sync.Mutex
	spare []*original // not in use; at least one is made with the page
}

// New reads and parses every .html, .txt and .xml file of every source. The error joins an *Error
// for each error found; the Engine is usable only when it is nil.
func New(options Options) (*Engine, error) {
	e := &Engine{
		files: map[string]*file{}, byKey: map[string]*file{}, pages: map[string]*page{}, known: map[string]bool{},
		broken:  map[string]bool{},
		funcs:   builtins(options.Now),
		buffers: sync.Pool{New: func() any { return new(bytes.Buffer) }}, nilField: options.Nil,
	}
	errs := e.addFuncs(options.Funcs)
	maps.Copy(e.funcs, map[string]any{"include": e.include, "_enter": enter, "_leave": leave})
	for name := range e.funcs {
		e.known[name] = true
	}
	for _, name := range append([]string{"extends", "super"}, standard...) {
		e.known[name] = true
	}
	errs = append(errs, e.readSources(options.Sources)...)
	errs = append(errs, e.buildPages())
	if err := joinErrors(errs); err != nil {
		return nil, err
	}
	return e, nil
}

func (e *Engine) readSources(sources []Source) (errs []error) {
	last := map[string]*file{} // the file that later sources are overridden by
	for _, source := range sources {
		if source.FS == nil {
			continue
		}
		err := fs.WalkDir(source.FS, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if strings.HasPrefix(path.Base(name), ".") && name != "." {
				if entry.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			if entry.IsDir() || kindOf(name) == kindNone {
				return nil
			}
			f, err := e.load(source.Name, source.FS, name)
			if err != nil {
				errs = append(errs, err)
				e.broken[name] = true
			}
			if f == nil {
				return nil
			}
			if above := last[name]; above != nil {
				above.over = f
			} else {
				e.files[name] = f
			}
			last[name], e.byKey[f.key] = f, f
			return nil
		})
		if err != nil {
			errs = append(errs, fmt.Errorf("templates: read source %q: %w", source.Name, err))
		}
	}
	return errs
}

// errElsewhere replaces an error that is reported with another file.
var errElsewhere = errors.New("a file that it uses has an error")

func (e *Engine) buildPages() error {
	var errs []error
	failed := map[string]error{}
	part := map[string]bool{}
	for _, name := range e.Names() {
		if e.broken[name] {
			continue
		}
		p, included, err := e.build(e.files[name])
		for _, f := range included {
			part[f.name] = true
		}
		switch {
		case err == nil:
		case p != nil:
			failed[name] = err // only escaping failed
		default:
			errs = append(errs, err)
		}
		if p == nil {
			p = &page{file: e.files[name]}
		}
		if p.err == nil {
			p.err = err
		}
		e.pages[name] = p
	}
	for _, name := range slices.Sorted(maps.Keys(failed)) {
		if !part[name] {
			errs = append(errs, failed[name])
		}
	}
	return joinErrors(errs)
}

// build resolves, escapes and lints one page. The page is not nil when only escaping failed.
func (e *Engine) build(f *file) (*page, []*file, error) {
	body, called, x, err := e.resolve(f)
	if errors.Is(err, errElsewhere) {
		return &page{file: f, err: errElsewhere}, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	included := slices.Collect(maps.Values(x.units))
	c, _ := e.chainOf(f)
	errs, warnings := c.unused()
	e.warnings = append(e.warnings, warnings...)
	p := &page{file: f}
	p.findUses(body)
	if f.kind == kindHTML {
		found, doubts := e.lint(f, body, called)
		errs = append(errs, found...)
		e.warnings = append(e.warnings, doubts...)
	}
	if len(errs) > 0 {
		return nil, included, joinErrors(errs)
	}
	o, err := e.original(f, body, called)
	if err != nil {
		return p, included, e.escapeError(f, err)
	}
	p.spare = append(p.spare, o)
	return p, included, nil
}

// Has reports whether a file of this name exists in any source.
func (e *Engine) Has(name string) bool { return e.files[name] != nil }

// Names returns the paths of all templates, sorted.
func (e *Engine) Names() []string { return slices.Sorted(maps.Keys(e.files)) }

// Warnings returns what looks wrong but does not keep a page from being rendered: *Error values,
// in the order of the pages.
func (e *Engine) Warnings() []error {
	var unique []error
	seen := map[string]bool{}
	for _, warning := range e.warnings {
		if !seen[warning.Error()] {
			seen[warning.Error()] = true
			unique = append(unique, warning)
		}
	}
	return unique
}

// Uses reports whether the page, with its layouts and partials, mentions the key of its data, or
// passes the data on as a whole. It is false for unknown names.
func (e *Engine) Uses(name, key string) bool {
	p := e.pages[name]
	return p != nil && (p.all || p.uses[key])
}

// pathHint suggests a path: one with the same file name, or one that differs by little beside the
// ending, which is no help.
func (e *Engine) pathHint(name string) string {
	var stems []string
	ending := path.Ext(name)
	for _, known := range e.Names() {
		if path.Base(known) == path.Base(name) {
			return fmt.Sprintf("did you mean %q?", known)
		}
		if path.Ext(known) == ending {
			stems = append(stems, strings.TrimSuffix(known, ending))
		}
	}
	if near := didYouMean(strings.TrimSuffix(name, ending), stems); near != "" {
		return strings.TrimSuffix(near, `"?`) + ending + `"?`
	}
	return "it would be a file " + name + " in one of the template folders"
}

// joinErrors joins without repeating a message, in order of file and line.
func joinErrors(errs []error) error {
	var flat []error
	seen := map[string]bool{}
	var add func(error)
	add = func(err error) {
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			for _, inner := range joined.Unwrap() {
				add(inner)
			}
			return
		}
		if err != nil && !seen[err.Error()] {
			seen[err.Error()] = true
			flat = append(flat, err)
		}
	}
	for _, err := range errs {
		add(err)
	}
	slices.SortStableFunc(flat, func(a, b error) int {
		x, _ := errors.AsType[*Error](a)
		y, _ := errors.AsType[*Error](b)
		if x == nil || y == nil {
			return 0
		}
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column))
	})
	return errors.Join(flat...)
}
