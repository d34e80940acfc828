package settings_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/framework/settings"
)

type Base struct {
	Key   settings.Secret `env:"SECRET_KEY"`
	Debug bool            `env:"DEBUG"`
	Hosts []string        `env:"ALLOWED_HOSTS"`
}

type site struct {
	Base
	Page  int           `env:"PER_PAGE" envDefault:"20"`
	Wait  time.Duration `env:"WAIT" envDefault:"5s"`
	Token string        `env:"TOKEN,notEmpty"`
	Inner func()        `env:"-"`
}

func (s *site) Validate() error {
	if s.Page > 100 {
		return errors.Join(fmt.Errorf("PER_PAGE is %d; the most is 100", s.Page), errors.New("and a second problem"))
	}
	return nil
}

func load(t *testing.T, dotenv string, environ ...string) (site, error) {
	t.Helper()
	dir := t.TempDir()
	if dotenv != "" {
		if err := os.WriteFile(filepath.Join(dir, ".env"), []byte(dotenv), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var s site
	err := settings.Load(&s, settings.Options{Environ: append([]string{}, environ...), Dir: dir})
	return s, err
}

func TestLoad(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte("from a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := load(t, "", "SECRET_KEY_FILE="+file, "DEBUG=true", "ALLOWED_HOSTS=a.example,b.example", "WAIT=1m", "TOKEN=x")
	if err != nil {
		t.Fatal(err)
	}
	if s.Key.Reveal() != "from a file" || !s.Debug || len(s.Hosts) != 2 || s.Hosts[1] != "b.example" || s.Page != 20 || s.Wait != time.Minute {
		t.Errorf("loaded %+v", s)
	}
}

func TestDotEnvIsForDevelopment(t *testing.T) {
	t.Parallel()
	const dotenv = "DEBUG=true\nTOKEN=\"from the file\" # comment\nPER_PAGE=7\n"
	s, err := load(t, dotenv, "PER_PAGE=8")
	if err != nil || !s.Debug || s.Token != "from the file" || s.Page != 8 {
		t.Errorf("loaded %+v, %v; the environment wins over the file, which fills the rest", s, err)
	}
	s, err = load(t, dotenv, "DEBUG=false", "TOKEN=x")
	if err != nil || s.Debug || s.Token != "x" || s.Page != 20 {
		t.Errorf("loaded %+v, %v; with DEBUG=false the file is not read", s, err)
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := load(t, "", "DEBUG=perhaps", "PER_PAGE=many", "WAIT=5", "SECRET_KEY_FILE=/does/not/exist")
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"problems with the settings:", `DEBUG: "perhaps" is not a boolean; write true or false`, `PER_PAGE: "many" is not a whole number`,
		`WAIT: "5" is not a duration`, "SECRET_KEY_FILE: open /does/not/exist", "TOKEN is",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error has no %q:\n%v", want, err)
		}
	}
	if _, err := load(t, "", "SECRET_KEY_FILE=x", "SECRET_KEY=y", "TOKEN=x"); err == nil || !strings.Contains(err.Error(), "SECRET_KEY and SECRET_KEY_FILE are both set") {
		t.Errorf("error %v does not say that two are set", err)
	}
	if _, err := load(t, "", "PER_PAGE=1000", "TOKEN=x"); err == nil || err.Error() != "2 problems with the settings:\n  PER_PAGE is 1000; the most is 100\n  and a second problem" {
		t.Errorf("error %v is not what Validate says", err)
	}
	if err := settings.Load(site{}, settings.Options{}); err == nil {
		t.Error("loading into a value that cannot be filled is no error")
	}
}

func TestSecretIsNeverSeen(t *testing.T) {
	t.Parallel()
	secret := settings.Secret("hunter2")
	encoded, err := json.Marshal(map[string]any{"key": secret})
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "key", secret)
	for _, text := range []string{fmt.Sprint(secret), fmt.Sprintf("%v %+v %#v %s %q", secret, secret, secret, secret, secret), string(encoded), log.String()} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("%s shows the secret", text)
		}
	}
	if secret.Reveal() != "hunter2" || settings.Secret("").String() != "" {
		t.Error("Reveal or the empty secret is wrong")
	}
}
