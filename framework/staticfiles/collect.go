package staticfiles

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
)

// Manifest is the name of the file in which Collect stores the hashed names: a JSON object by path,
// for deployment tools.
const Manifest = "staticfiles.json"

// Collect writes every file below dir, under its plain and its hashed name and, if that is smaller, as
// a compressed copy (.gz), so that a web server can serve them. It creates dir if necessary,
// overwrites files, removes none, and returns the names written, sorted.
func (f *Files) Collect(dir string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("collect static files: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("collect static files: %w", err)
	}
	defer root.Close()
	var written []string
	write := func(name string, content []byte) error {
		if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
			return fmt.Errorf("collect static files: %w", err)
		}
		if err := root.WriteFile(name, content, 0o644); err != nil {
			return fmt.Errorf("collect static files: %w", err)
		}
		written = append(written, name)
		return nil
	}
	manifest := map[string]string{}
	for _, name := range f.Paths() {
		file := f.byPath[name]
		manifest[name] = file.hashed
		content, err := file.read()
		if err != nil {
			return written, fmt.Errorf("collect static files of %s: %w", file.source, err)
		}
		var packed []byte
		if compressible(types[path.Ext(name)]) && file.size >= 512 {
			packed = file.gzip.of(file)
		}
		for _, target := range []string{name, file.hashed} {
			if err := write(target, content); err != nil {
				return written, err
			}
			if packed != nil {
				if err := write(target+".gz", packed); err != nil {
					return written, err
				}
			}
		}
	}
	list, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return written, fmt.Errorf("collect static files: %w", err)
	}
	return written, write(Manifest, append(list, '\n'))
}
