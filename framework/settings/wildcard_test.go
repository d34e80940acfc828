package settings_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/settings"
)

type several struct {
	URL   string              `env:"DB_URL"`
	URLs  map[string]string   `env:"DB_URL_*"`
	Lists map[string][]string `env:"DB_COPIES_*"`
}

func TestNamesWithAWildcard(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "url")
	if err := os.WriteFile(file, []byte("from a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	read := func(environ ...string) (s several, err error) {
		err = settings.Load(&s, settings.Options{Environ: append([]string{}, environ...), Dir: t.TempDir()})
		return s, err
	}
	s, err := read("DB_URL_FILE="+file, "DB_URL_LOGS=x", "DB_URL_OLD_LOGS_FILE="+file, "DB_URL_EMPTY=", "DB_COPIES_LOGS=a, b")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"logs": "x", "old_logs": "from a file"}
	if s.URL != "from a file" || !maps.Equal(s.URLs, want) || len(s.Lists) != 1 || !slices.Equal(s.Lists["logs"], []string{"a", "b"}) {
		t.Errorf("loaded %+v", s)
	}
	if s, err := read(); err != nil || s.URLs != nil || s.Lists != nil {
		t.Errorf("without variables: %+v, %v", s, err)
	}
	if _, err := read("DB_URL_LOGS=x", "DB_URL_LOGS_FILE="+file); err == nil || !strings.Contains(err.Error(), "DB_URL_LOGS and DB_URL_LOGS_FILE are both set") {
		t.Errorf("got %v", err)
	}
	var wrong struct {
		URLs string `env:"DB_URL_*"`
	}
	if err := settings.Load(&wrong, settings.Options{Environ: []string{}, Dir: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "the field URLs") {
		t.Errorf("a field of the wrong type: %v", err)
	}
}
