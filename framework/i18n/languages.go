package i18n

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/quintetgo/quintet/framework/i18n/internal/catalog"
	"github.com/quintetgo/quintet/framework/i18n/locale"
)

// Source is one place that catalogs come from.
type Source struct {
	// Name is "project" or the name of an app, for errors.
	Name string
	// FS holds folders of languages: "de/LC_MESSAGES/messages.po". Names of languages are written as in gettext ("pt_BR")
	// or as in HTML ("pt-BR"). A compiled file (.mo) is read where there is no .po file of the same name. nil is an empty
	// source.
	FS fs.FS
}

// Options configures [New].
type Options struct {
	// Default is the code of the language of requests that ask for none of the languages. Default: "en".
	Default string
	// Codes are the languages that the project offers, such as "de" and "pt-BR". Default: only the default language.
	Codes []string
	// Sources are looked through in order: the first that translates a text wins.
	Sources []Source
}

// Languages are the languages of a project with their translations. They do not change after [New], and are safe for
// concurrent use.
type Languages struct {
	all      []*Language // the default one first
	matcher  language.Matcher
	accepted acceptCache
}

// New reads the catalogs of the languages that o names. The error joins one for each problem: a language without data, a
// catalog that cannot be read. It names the source, the file and the line.
func New(o Options) (*Languages, error) {
	if o.Default == "" {
		o.Default = "en"
	}
	codes := []string{o.Default}
	for _, code := range o.Codes {
		if !slices.ContainsFunc(codes, func(other string) bool { return strings.EqualFold(code, other) }) {
			codes = append(codes, code)
		}
	}
	ls := &Languages{}
	var errs []error
	for _, code := range codes {
		l, err := newLanguage(code)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		ls.all = append(ls.all, l)
	}
	for _, source := range o.Sources {
		errs = append(errs, ls.read(source))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	tags := make([]language.Tag, len(ls.all))
	for i, l := range ls.all {
		l.merge()
		tags[i] = l.tag
	}
	ls.matcher = language.NewMatcher(tags)
	return ls, nil
}

// All returns the languages, the default one first and the others in the order of [Options]. The slice is the caller's.
func (ls *Languages) All() []*Language { return slices.Clone(ls.all) }

// Default returns the language of requests that ask for none of the languages.
func (ls *Languages) Default() *Language { return ls.all[0] }

// Lookup returns the language with exactly that code; case and the kind of separator do not matter.
func (ls *Languages) Lookup(code string) (*Language, bool) {
	if len(code) > maxCode {
		return nil, false
	}
	code = strings.ReplaceAll(code, "_", "-")
	for _, l := range ls.all {
		if strings.EqualFold(l.Code, code) {
			return l, true
		}
	}
	return nil, false
}

const maxCode = 35 // bytes, as in RFC 5646

// read adds the catalogs of a source to the languages that they are for.
func (ls *Languages) read(source Source) error {
	if source.FS == nil {
		return nil
	}
	folders, err := fs.ReadDir(source.FS, ".")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	errs := []error{err}
	for _, folder := range folders {
		var wanted []*Language
		for _, l := range ls.all {
			if l.uses(folder.Name()) {
				wanted = append(wanted, l)
			}
		}
		if !folder.IsDir() || len(wanted) == 0 {
			continue
		}
		c, err := readFolder(source.FS, path.Join(folder.Name(), "LC_MESSAGES"))
		if err != nil {
			errs = append(errs, fmt.Errorf("catalogs of %s: %w", source.Name, err))
			continue
		}
		for _, l := range wanted {
			l.add(folder.Name(), c)
		}
	}
	return errors.Join(errs...)
}

// readFolder reads the files of a folder.
func readFolder(files fs.FS, dir string) (list []*catalog.Catalog, err error) {
	entries, err := fs.ReadDir(files, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		name := path.Join(dir, entry.Name())
		base, compiled := strings.CutSuffix(entry.Name(), ".mo")
		if compiled && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == base+".po" }) {
			continue
		}
		parse := catalog.ParsePO
		switch {
		case compiled:
			parse = catalog.ParseMO
		case path.Ext(name) != ".po":
			continue
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		c, err := parse(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		list = append(list, c)
	}
	return list, nil
}

// newLanguage returns a language without translations.
func newLanguage(code string) (*Language, error) {
	if strings.EqualFold(code, Pseudo) {
		return &Language{Locale: locale.English(), Code: Pseudo, tag: language.Make(Pseudo), pseudo: true}, nil
	}
	l, ok := locale.Lookup(code)
	tag, err := language.Parse(code)
	if !ok || err != nil {
		return nil, fmt.Errorf("%q is not a language with known conventions; write a code such as de, pt-BR or zh-Hant", code)
	}
	return &Language{Locale: l, Code: tag.String(), tag: tag}, nil
}
