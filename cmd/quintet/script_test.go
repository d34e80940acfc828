package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/quintetgo/quintet/orm/ormtest/testdb"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"quintet": main})
}

// TestScripts types the commands of testdata/script/*.txtar as a person would.
func TestScripts(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE", "GOMODCACHE", "CGO_ENABLED", "CC").Output()
	if err != nil {
		t.Fatal(err)
	}
	goEnv := strings.Split(string(out), "\n")
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("GOCACHE", goEnv[0])
			env.Setenv("GOMODCACHE", goEnv[1])
			env.Setenv("CGO_ENABLED", goEnv[2])
			env.Setenv("CC", goEnv[3])
			env.Setenv("GOPROXY", "off") // a new project needs nothing from the network
			env.Setenv("GOFLAGS", "-mod=readonly")
			env.Setenv("GOTOOLCHAIN", "local")
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".cache"))
			switch t := env.T().(testing.TB); strings.TrimPrefix(filepath.Base(env.WorkDir), "script-") {
			case "startproject_postgres":
				env.Setenv("POSTGRES_URL", testdb.PostgresURL(t))
			case "startproject_mysql":
				env.Setenv("MARIADB_URL", testdb.MariaDBURL(t))
			}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"empty": empty, "replace": replaceText},
	})
}

// empty wants a folder to hold nothing, not even hidden files.
func empty(ts *testscript.TestScript, neg bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	if (len(entries) == 0) == neg {
		ts.Fatalf("%s holds %v", args[0], entries)
	}
}

// replaceText replaces a text that must be in a file: replace FILE OLD NEW.
func replaceText(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	text := ts.ReadFile(path)
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(path, []byte(strings.ReplaceAll(text, args[1], args[2])), 0o644))
}
