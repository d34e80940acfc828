package languages

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/devserver"
	"github.com/quintetgo/quintet/framework/i18n"
	"github.com/quintetgo/quintet/framework/i18n/catalogs"
)

// Commands returns the commands makemessages and compilemessages of a project. The function open returns its languages; it is
// called when makemessages runs without the name of a language.
func Commands(open func() (*i18n.Languages, error)) []command.Command {
	return []command.Command{makeMessages(open), compileMessages()}
}

func makeMessages(open func() (*i18n.Languages, error)) command.Command {
	var codes command.List
	var check bool
	return command.Command{
		Name: "makemessages", Short: "write the texts to be translated into the catalogs",
		Long: "Collects the texts of Go files and templates, and writes them into the catalogs of each language: " +
			"locale/LANGUAGE/LC_MESSAGES/messages.po. Each folder locale gets the texts of the folder that contains it, without those " +
			"of folders below that have their own; if there is none, it is made beside go.mod. Translations are kept. Texts that " +
			"are gone become comments at the end of the file.",
		Example: "shop makemessages\nshop makemessages --language de --language pt-BR",
		Flags: func(flags *flag.FlagSet) {
			flags.Var(&codes, "language", "`code` of a language; may be repeated (default: those of the project, without English)")
			flags.BoolVar(&check, "check", false, "write nothing, and fail if a catalog would change or lacks a translation")
		},
		Run: func(_ context.Context, call *command.Call) error {
			dir, err := devserver.ModuleDir(".")
			if err != nil {
				return err
			}
			if len(codes) == 0 {
				ls, err := open()
				if err != nil {
					return err
				}
				codes = codesOf(ls)
			}
			if len(codes) == 0 {
				return command.Usagef("the project has no language to translate into: set LANGUAGES, or name one with --language")
			}
			return update(dir, codes, check, call)
		},
	}
}

// codesOf returns the codes of the languages that texts are translated into.
func codesOf(ls *i18n.Languages) (codes []string) {
	for _, l := range ls.All() {
		if base, _, _ := strings.Cut(l.Code, "-"); base != "en" {
			codes = append(codes, l.Code)
		}
	}
	return codes
}

// update brings the catalogs of all folders up to date.
func update(dir string, codes []string, check bool, call *command.Call) error {
	root := os.DirFS(dir)
	folders, err := localeFolders(root)
	if err != nil {
		return err
	}
	if len(folders) == 0 {
		folders = []string{"locale"}
	}
	var errs []error
	stale := 0
	for _, folder := range folders {
		texts, err := catalogs.Texts(root, path.Dir(folder), folders)
		errs = append(errs, err)
		for _, code := range codes {
			name := filepath.Join(dir, filepath.FromSlash(folder), strings.ReplaceAll(code, "-", "_"), "LC_MESSAGES", "messages.po")
			old, err := os.ReadFile(name)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			result, err := catalogs.Update(old, code, texts)
			shown, relErr := filepath.Rel(dir, name)
			if err := errors.Join(err, relErr); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
				continue
			}
			changed := !bytes.Equal(old, result.Text)
			if check && (changed || result.Untranslated > 0) {
				stale++
			}
			if changed && !check {
				if err := write(name, result.Text); err != nil {
					return err
				}
			}
			call.Printf("%s: %s, %d not translated\n", filepath.ToSlash(shown), command.Plural(result.Texts, "text"), result.Untranslated)
		}
	}
	if stale > 0 {
		errs = append(errs, fmt.Errorf("%s out of date: run makemessages, and translate the texts", command.Plural(stale, "catalog")))
	}
	return errors.Join(errs...)
}

// localeFolders returns the folders named locale of a module.
func localeFolders(root fs.FS) (folders []string, err error) {
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() || name == "." {
			return err
		}
		base := entry.Name()
		switch {
		case strings.HasPrefix(base, ".") || slices.Contains([]string{"testdata", "vendor", "node_modules"}, base):
			return fs.SkipDir
		case base == "locale":
			folders = append(folders, name)
			return fs.SkipDir
		}
		return nil
	})
	return folders, err
}

func write(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil { //nolint:gosec // source files of the project
		return err
	}
	return os.WriteFile(name, text, 0o644) //nolint:gosec // a source file of the project
}

func compileMessages() command.Command {
	return command.Command{
		Name: "compilemessages", Short: "check the catalogs and write their compiled form",
		Long: "Checks all .po files of the module: their form, the forms of the plural, and placeholders that a translation lacks or " +
			"adds. It writes a .mo file beside each one without errors, for other programs: Quintet itself reads .po files.",
		Example: "shop compilemessages",
		Run: func(_ context.Context, call *command.Call) error {
			dir, err := devserver.ModuleDir(".")
			if err != nil {
				return err
			}
			return compile(dir, call)
		},
	}
}

func compile(dir string, call *command.Call) error {
	folders, err := localeFolders(os.DirFS(dir))
	if err != nil {
		return err
	}
	var errs []error
	for _, folder := range folders {
		names, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(folder), "*", "LC_MESSAGES", "*.po"))
		if err != nil {
			return err
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			compiled, err := catalogs.Compile(text)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
				continue
			}
			target := strings.TrimSuffix(name, ".po") + ".mo"
			if err := write(target, compiled); err != nil {
				return err
			}
			shown, err := filepath.Rel(dir, target)
			errs = append(errs, err)
			call.Printf("%s: %d bytes\n", filepath.ToSlash(shown), len(compiled))
		}
	}
	return errors.Join(errs...)
}
