package framework

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/settings"
)

// ShopSettings are a project's own.
type ShopSettings struct {
	Settings
	StripeKey settings.Secret `env:"STRIPE_KEY,notEmpty"`
	PerPage   int             `env:"PER_PAGE" envDefault:"20"`
}

func TestSettingsReportEverythingAtOnce(t *testing.T) {
	t.Parallel()
	var s ShopSettings
	err := loadSettings(&s, settings.Options{Dir: t.TempDir(), Environ: []string{
		"DEBUG=maybe", "DATABASE_URL=sqlit:///x", "PER_PAGE=many", "TIME_ZONE=Mars/Base", "STATIC_URL=static", "ADDR=nonsense",
	}})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"DEBUG", `"maybe"`, "SECRET_KEY is not set", "SECRET_KEY_FILE", `unknown scheme "sqlit"; did you mean "sqlite"?`,
		"PER_PAGE", "STRIPE_KEY is", `"Mars/Base" is no time zone`, "STATIC_URL", "ADDR: ",
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
		if s.Debug != c.debug || s.SecureCookies != c.secure || s.DatabaseURL != "sqlite:///db.sqlite3" || s.binds()[0] != DefaultAddr {
			t.Errorf("%v: %+v", c.environ, s)
		}
	}
	for address, ok := range map[string]bool{
		"sqlite:///x": true, "postgres://u:p@h/n": true, "mysql://h/n": true, "mariadb://h/n": true,
		"": false, "db.sqlite3": false, "postgres//x": false, "oracle://h": false, "sqlite://": false,
	} {
		if err := databaseProblem(address); (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
	}
	if err := databaseProblem("pstgres://me:hunter2@host/x"); err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), `"postgres"`) {
		t.Errorf("got %v", err)
	}
	if err := LoadSettings(&struct{ A int }{}); err == nil || !strings.Contains(err.Error(), "embeds framework.Settings") {
		t.Errorf("got %v", err)
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
		{"serve --workers -1", 2, "", "a number from 0 is wanted"},
		{"status", 2, "", "--control is missing"},
		{"reload --control /nowhere.ctl", 1, "", "no server answers at /nowhere.ctl"},
		{"migrate", 1, "", "SECRET_KEY is not set"},
		{"runserver --no-reload", 1, "", "SECRET_KEY is not set"},
		{"runserver --no-relaod", 2, "", `did you mean "--no-reload"?`},
		{"runserver --nope", 2, "", "unknown flag --nope"},
	} {
		var out, errs bytes.Buffer
		code := run(context.Background(), fail, strings.Fields(c.args), command.Call{Out: &out, Err: &errs})
		if code != c.code || !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.errs) {
			t.Errorf("%q: code %d\nout: %s\nerr: %s", c.args, code, out.String(), errs.String())
		}
	}
}
