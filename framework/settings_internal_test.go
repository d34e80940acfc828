package framework

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/server"
	"github.com/quintetgo/quintet/framework/settings"
)

// ShopSettings are the settings of a project.
type ShopSettings struct {
	Settings
	StripeKey settings.Secret `env:"STRIPE_KEY,notEmpty"`
	PerPage   int             `env:"PER_PAGE" envDefault:"20"`
}

func TestSettingsReportEverythingAtOnce(t *testing.T) {
	t.Parallel()
	var s ShopSettings
	err := loadSettings(&s, settings.Options{Dir: t.TempDir(), Environ: []string{
		"DEBUG=maybe", "DATABASE_URL=db.sqlite3", "PER_PAGE=many", "TIME_ZONE=Mars/Base", "STATIC_URL=static", "ADDR=nonsense",
		"LANGUAGE_CODE=pt_BR", "SESSION_AGE=-1h", "REQUEST_TIMEOUT=-5s",
	}})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"DEBUG", `"maybe"`, "SECRET_KEY is not set", "SECRET_KEY_FILE", "DATABASE_URL is not a URL",
		"PER_PAGE", "STRIPE_KEY is", `"Mars/Base" is not a time zone`, "STATIC_URL", "ADDR: ",
		`LANGUAGE_CODE: "pt_BR" is not a language tag`, "SESSION_AGE: -1h0m0s is negative", "REQUEST_TIMEOUT: -5s is negative",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing %q in\n%v", want, err)
		}
	}
}

func TestSettingsDefaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		environ       []string
		debug, secure bool
	}{
		{[]string{"DEBUG=true"}, true, false},
		{[]string{"SECRET_KEY=x"}, false, true},
		{[]string{"SECRET_KEY=x", "SECURE_COOKIES=false"}, false, false},
		{[]string{"DEBUG=true", "SECURE_COOKIES=true"}, true, true},
	} {
		var s Settings
		if err := loadSettings(&s, settings.Options{Dir: t.TempDir(), Environ: c.environ}); err != nil {
			t.Errorf("%v: %v", c.environ, err)
		}
		if s.Debug != c.debug || s.SecureCookies != c.secure || s.DatabaseURL != "sqlite:///db.sqlite3" || s.binds()[0] != server.DefaultAddr {
			t.Errorf("%v: %+v", c.environ, s)
		}
	}
	for address, ok := range map[string]bool{
		"sqlite:///x": true, "postgres://u:p@h/n": true, "mysql://h/n": true, "mariadb://h/n": true,
		"": false, "db.sqlite3": false, "postgres//x": false, "oracle://h": true, "sqlite://": false,
	} {
		if err := databaseProblem("DATABASE_URL", address); (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
	}
	if err := databaseProblem("DATABASE_URL", "postgres:me:hunter2@host/x"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
	if err := LoadSettings(&struct{ A int }{}); err == nil || !strings.Contains(err.Error(), "struct that embeds it") {
		t.Errorf("got %v", err)
	}
}

// TestDevelopmentKey checks that the development key is random and stored, and that it does not depend on anything
// that others may know.
func TestDevelopmentKey(t *testing.T) {
	t.Parallel()
	load := func(dir string) string {
		var s Settings
		if err := loadSettings(&s, settings.Options{Dir: dir, Environ: []string{"DEBUG=true"}}); err != nil {
			t.Fatal(err)
		}
		return s.SecretKey.Reveal()
	}
	one, other := t.TempDir(), t.TempDir()
	key := load(one)
	if settings.Secret(key).Weakness() != "" || load(one) != key {
		t.Error("the key is weak, or was not kept")
	}
	if load(other) == key {
		t.Error("two folders have the same key")
	}
	first, second := New(Settings{Debug: true}), New(Settings{Debug: true})
	if signed := first.Signer().Sign("test", "x"); signed == second.Signer().Sign("test", "x") {
		t.Error("two projects without a key sign alike")
	}
}

// closer records that it was closed, and has commands that end in every way.
type closer struct{ closed *int }

func (closer) Name() string   { return "closer" }
func (c closer) Close() error { *c.closed++; return nil }
func (c closer) Commands() []command.Command {
	return []command.Command{
		{Name: "good", Run: func(context.Context, *command.Call) error { return nil }},
		{Name: "bad", Run: func(context.Context, *command.Call) error { return errors.New("no") }},
		{Name: "seven", Run: func(context.Context, *command.Call) error { return command.Exit(7, nil) }},
		{Name: "panics", Run: func(context.Context, *command.Call) error { panic("oh") }},
	}
}

func TestMainClosesTheProject(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]int{
		"good": 0, "bad": 1, "seven": 7, "check": 0, "routes": 0, "absent": 2, "good --nope": 2, "panics": -1, "": 2,
		"serve --workers 0 --bind 127.0.0.1:0": 0, "serve --workers 0 --bind /nowhere": 2, "serve --workers 0 --bind 192.0.2.1:1": 1,
	} {
		closed, opened := 0, 0
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		code := -1
		func() {
			defer func() { _ = recover() }()
			code = run(ctx, &opener{open: func() (*Project, error) {
				opened++
				return New(Settings{}, closer{&closed}), nil
			}}, strings.Fields(args), command.Call{Out: io.Discard, Err: io.Discard})
		}()
		if code != want || closed != opened {
			t.Errorf("%q: status %d, want %d; opened %d times and closed %d times", args, code, want, opened, closed)
		}
	}
}

func TestMainWorksWithoutAProject(t *testing.T) {
	t.Parallel()
	fail := func() (*Project, error) { return nil, errors.New("SECRET_KEY is not set") }
	for _, c := range []struct {
		args      string
		code      int
		out, errs string
	}{
		{"version", 0, "Quintet", ""},
		{"--help", 0, "runserver", "SECRET_KEY is not set"},
		{"", 2, "runserver", "SECRET_KEY is not set"},
		{"serve --workers 0", 1, "", "SECRET_KEY is not set"},
		{"serve --workers -1", 2, "", "--workers must not be negative"},
		{"status", 2, "", "--control is missing"},
		{"reload --control /nowhere.ctl", 1, "", "no server listens at /nowhere.ctl"},
		{"migrate", 1, "", "SECRET_KEY is not set"},
		{"runserver --no-reload", 1, "", "SECRET_KEY is not set"},
		{"runserver --no-relaod", 2, "", `did you mean "--no-reload"?`},
		{"runserver --nope", 2, "", "unknown flag --nope"},
	} {
		var out, errs bytes.Buffer
		code := run(context.Background(), &opener{open: fail}, strings.Fields(c.args), command.Call{Out: &out, Err: &errs})
		if code != c.code || !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.errs) {
			t.Errorf("%q: code %d\nout: %s\nerr: %s", c.args, code, out.String(), errs.String())
		}
	}
}
