package dburl_test

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/quintetgo/quintet/orm/internal/dburl"
)

func TestParse(t *testing.T) {
	t.Parallel()
	plain := dburl.URL{
		Host: "localhost", Port: 5432, Database: "shop", Pool: dburl.Pool{Max: 20, Idle: 20, Lifetime: time.Hour, IdleTime: 5 * time.Minute},
		Timeouts: dburl.Timeouts{Connect: 5 * time.Second}, TLS: dburl.TLS{Mode: dburl.Prefer}, Extra: map[string]string{},
	}
	for text, change := range map[string]func(u *dburl.URL){
		"db://localhost/shop":                func(*dburl.URL) {},
		"db:///shop":                         func(*dburl.URL) {},
		"DB://ada@db.example:6543/shop":      func(u *dburl.URL) { u.User, u.Host, u.Port = "ada", "db.example", 6543 },
		"db://ada:p%40ss%2F%25@[::1]/my%20x": func(u *dburl.URL) { u.User, u.Password, u.Host, u.Database = "ada", "p@ss/%", "::1", "my x" },
		"db:///shop?pool_max=5":              func(u *dburl.URL) { u.Pool.Max, u.Pool.Idle = 5, 5 },
		"db:///shop?pool_max=5&pool_idle=0":  func(u *dburl.URL) { u.Pool.Max, u.Pool.Idle = 5, 0 },
		"db:///shop?pool_lifetime=0&pool_idle_time=30s": func(u *dburl.URL) {
			u.Pool.Lifetime, u.Pool.IdleTime = 0, 30*time.Second
		},
		"db:///shop?connect_timeout=10": func(u *dburl.URL) { u.Timeouts.Connect = 10 * time.Second },
		"db:///shop?connect_timeout=1m&statement_timeout=90ms": func(u *dburl.URL) {
			u.Timeouts = dburl.Timeouts{Connect: time.Minute, Statement: 90 * time.Millisecond}
		},
		"db:///shop?sslmode=require": func(u *dburl.URL) { u.TLS.Mode = dburl.Require },
		"db:///shop?sslmode=verify-full&sslrootcert=/ca.pem": func(u *dburl.URL) {
			u.TLS = dburl.TLS{Mode: dburl.VerifyFull, RootFile: "/ca.pem"}
		},
		"db:///shop?own=a%26b": func(u *dburl.URL) { u.Extra["own"] = "a&b" },
	} {
		want := plain
		want.Extra = map[string]string{}
		change(&want)
		got, err := dburl.Parse(text, 5432, "own")
		if err != nil || !reflect.DeepEqual(*got, want) {
			t.Errorf("%s: got %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"db:shop":                                   "expected two slashes",
		"db://localhost":                            "expected two slashes",
		"db://localhost/":                           "names no database",
		"db://localhost/a/b":                        "has a slash",
		"db://localhost/a%00b":                      "NUL",
		"db://ada:secret%zz@localhost/shop":         "percent codes",
		"db://ada:secret#1@localhost/shop":          "",
		"db://localhost/shop#1":                     "write %23",
		"db://localhost:99999/shop":                 "outside of 1 to 65535",
		"db:///shop?pool_mx=3":                      `did you mean "pool_max"?`,
		"db:///shop?ssl-mode=require":               "sslmode",
		"db:///shop?colour=red":                     "the options are connect_timeout, pool_idle",
		"db:///shop?pool_max=3&pool_max=4":          "given 2 times",
		"db:///shop?pool_max=0":                     "whole number from 1",
		"db:///shop?pool_max=3&pool_idle=4":         "more than pool_max=3",
		"db:///shop?pool_idle=-1":                   "whole number from 0",
		"db:///shop?pool_lifetime=30":               "with its unit",
		"db:///shop?pool_lifetime=-1s":              "with its unit",
		"db:///shop?statement_timeout=30":           "with its unit",
		"db:///shop?statement_timeout=1us":          "fraction of a millisecond",
		"db:///shop?sslmode=verifyfull":             `did you mean "verify-full"?`,
		"db:///shop?sslmode=require&sslrootcert=/x": "use sslmode=verify-full",
		"db:///shop?sslcert=/x":                     "together",
		"db:///shop?sslrootcert=":                   "path of a file",
		"db:///shop?a=%zz":                          "options after",
	} {
		u, err := dburl.Parse(text, 5432)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %+v, %v; want an error with %q", text, u, err, want)
		}
	}
}

func TestTLSConfig(t *testing.T) {
	t.Parallel()
	for mode, insecure := range map[dburl.Mode]bool{dburl.Prefer: true, dburl.Require: true, dburl.VerifyFull: false} {
		c, err := dburl.TLS{Mode: mode}.Config("db.example")
		if err != nil || c.InsecureSkipVerify != insecure || c.ServerName != "db.example" || c.MinVersion < tls.VersionTLS12 {
			t.Errorf("%s: got %+v, %v", mode, c, err)
		}
	}
	if c, err := (dburl.TLS{Mode: dburl.Disable}).Config("db.example"); c != nil || err != nil {
		t.Errorf("disable: got %+v, %v", c, err)
	}
	if c, err := (dburl.TLS{Mode: dburl.VerifyCA}).Config("db.example"); err != nil || c.VerifyConnection(tls.ConnectionState{}) == nil {
		t.Errorf("verify-ca accepts a server without a certificate (%v)", err)
	}
	empty := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []dburl.TLS{
		{Mode: dburl.VerifyFull, RootFile: empty},
		{Mode: dburl.VerifyFull, RootFile: empty + ".missing"},
		{Mode: dburl.Require, CertFile: empty, KeyFile: empty},
	} {
		if c, err := bad.Config("db.example"); err == nil {
			t.Errorf("%+v: got %+v", bad, c)
		}
	}
}
