package scaffold

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// App describes the app to write.
type App struct {
	Name string // as CheckAppName wants it
	Dir  string // the project's folder, with go.mod and main.go
}

// Result is what Write did.
type Result struct {
	Written    bool // false if the folder was there already
	Registered bool // false if main.go knew the app already
	Hint       string
}

// Write writes the app's folder and registers the app in main.go. What is there already stays as it is, so it may be
// called again. If main.go cannot be changed safely, Hint describes what to add by hand. After an error nothing is changed.
func (a App) Write() (Result, error) {
	var result Result
	if err := CheckAppName(a.Name); err != nil {
		return result, err
	}
	module, err := moduleOf(a.Dir)
	if err != nil {
		return result, err
	}
	target := filepath.Join(a.Dir, a.Name)
	if err := a.free(target); err != nil {
		return result, err
	}
	if _, err := os.Stat(target); err != nil {
		result.Written = true
	}
	mainFile := filepath.Join(a.Dir, "main.go")
	source, err := os.ReadFile(mainFile)
	if err != nil {
		return result, fmt.Errorf("%w: apps are registered there", err)
	}
	changed, err := Register(source, module+"/"+a.Name, a.Name)
	if err != nil {
		result.Hint = fmt.Sprintf(
			"%v. Add the app to main.go by hand: import %q, pass %s.App{DB: db} to framework.New, and include %q in the routes.",
			err,
			module+"/"+a.Name,
			a.Name,
			a.Name,
		)
		changed = source
	}
	result.Registered = !bytes.Equal(source, changed)
	if result.Written {
		aside, err := os.MkdirTemp(a.Dir, "."+a.Name+"-new-")
		if err != nil {
			return result, err
		}
		defer os.RemoveAll(aside)
		if err := os.Chmod(aside, 0o755); err != nil {
			return result, err
		}
		data := map[string]string{"app": a.Name, "title": Title(a.Name), "module": module, "users": ""}
		if _, err := os.Stat(filepath.Join(a.Dir, "accounts", "app.go")); err == nil {
			data["users"] = module + "/accounts" // models of the app may refer to the user model
		}
		if err := render("app", aside, data); err != nil {
			return result, err
		}
		if err := os.Rename(aside, target); err != nil {
			return result, err
		}
	}
	if result.Registered {
		if err := replace(mainFile, changed); err != nil {
			if result.Written {
				_ = os.RemoveAll(target)
			}
			return result, err
		}
	}
	return result, nil
}

// free returns an error if the folder is something else than an app.
func (a App) free(target string) error {
	info, err := os.Stat(target)
	if err != nil {
		return nil
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is a file; choose another name for the app", target)
	}
	if _, err := os.Stat(filepath.Join(target, "app.go")); err != nil {
		return fmt.Errorf("the folder %s exists and holds no app.go; choose another name for the app", target)
	}
	return nil
}

// replace writes a file so that it is either the old or the new one.
func replace(path string, text []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(text)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Chmod(file.Name(), info.Mode().Perm())
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	return err
}

// moduleOf reads the module path from go.mod.
func moduleOf(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "//")
		if fields := strings.Fields(line); len(fields) == 2 && fields[0] == "module" {
			return strings.Trim(fields[1], "\"`"), nil
		}
	}
	return "", fmt.Errorf("%s has no module line", filepath.Join(dir, "go.mod"))
}
