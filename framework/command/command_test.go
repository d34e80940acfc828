package command_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/command"
)

// run runs the test program and returns its exit status and output.
func run(t *testing.T, input string, terminal bool, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	var dry bool
	var tags command.List
	program := command.Program{
		Name: "shop", Short: "A shop", Version: "1.2.3",
		Commands: []command.Command{
			{
				Name: "migrate", Usage: "[APP [NAME]]", Short: "Bring the database up to date", MaxArgs: 2, Example: "shop migrate\nshop migrate blog 0001",
				Flags: func(f *flag.FlagSet) {
					f.BoolVar(&dry, "dry-run", false, "change nothing")
					f.Var(&tags, "tag", "only these `tags`")
				},
				Run: func(_ context.Context, c *command.Call) error {
					c.Printf("args %q dry %v tags %q\n", c.Args, dry, []string(tags))
					return nil
				},
			},
			{Name: "load", Usage: "FILE", Short: "Load a file", MinArgs: 1, MaxArgs: 1, Run: func(context.Context, *command.Call) error { return errors.New("load it: no such file") }},
			{Name: "check", Short: "Check", Run: func(context.Context, *command.Call) error { return command.Exit(1, nil) }},
			{Name: "use", Short: "Use", Run: func(context.Context, *command.Call) error { return command.Usagef("--a and --b exclude each other") }},
			{Name: "ask", Short: "Ask", Run: func(_ context.Context, c *command.Call) error {
				name, err := c.Prompt("Name?")
				if err != nil {
					return err
				}
				sure, err := c.Confirm("Sure?")
				if err != nil {
					return err
				}
				secret, err := c.Password("Password?")
				c.Printf("\n%s %v %s\n", name, sure, secret)
				return err
			}},
			{Name: "secret", Short: "Hidden", Hidden: true, Run: func(context.Context, *command.Call) error { return nil }},
		},
	}
	code = command.Main(t.Context(), program, args, command.Call{In: strings.NewReader(input), Out: &stdout, Err: &stderr, Terminal: terminal})
	return code, stdout.String(), stderr.String()
}

func TestExitStatusAndMessages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args      string
		code      int
		out, errs string
	}{
		"flags and arguments mix":         {"migrate blog --dry-run 0001 --tag=a,b --tag c", 0, `args ["blog" "0001"] dry true tags ["a" "b" "c"]`, ""},
		"a failure is status 1":           {"load x", 1, "", "shop load: load it: no such file\n"},
		"a silent exit prints nothing":    {"check", 1, "", ""},
		"wrong usage found by a command":  {"use", 2, "", "shop use: --a and --b exclude each other\nSee \"shop use --help\".\n"},
		"an unknown command has a near":   {"migrat", 2, "", `shop: unknown command "migrat"; did you mean "migrate"?`},
		"an unknown command lists others": {"dance", 2, "", `unknown command "dance"; the commands are ask, check, load, migrate, use`},
		"an unknown flag has a near":      {"migrate --dryrun", 2, "", `shop migrate: unknown flag --dryrun; did you mean "--dry-run"?`},
		"an unknown short flag":           {"migrate -x", 2, "", `unknown flag -x`},
		"a bad flag value":                {"migrate --dry-run=perhaps", 2, "", `invalid`},
		"a missing argument is named":     {"load", 2, "", "FILE is missing"},
		"too many arguments":              {"migrate a b c", 2, "", `at most 2 arguments are allowed, but there is also "c"`},
		"no arguments are taken":          {"check now", 2, "", `no arguments are allowed, but there is "now"`},
		"help has examples":               {"migrate --help", 0, "Examples:\n  shop migrate\n  shop migrate blog 0001", ""},
		"help lists commands":             {"--help", 0, "migrate", ""},
		"help for one command":            {"help migrate", 0, "Bring the database up to date", ""},
		"help for an unknown command":     {"help migrat", 2, "", `did you mean "migrate"?`},
		"the version":                     {"--version", 0, "1.2.3\n", ""},
		"hidden commands run":             {"secret", 0, "", ""},
		"no arguments show the help":      {"", 2, "Commands:", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, out, errs := run(t, "", false, strings.Fields(test.args)...)
			if code != test.code || !strings.Contains(out, test.out) || !strings.Contains(errs, test.errs) || test.errs == "" && errs != "" {
				t.Errorf("status %d, want %d\nout: %s\nwant: %s\nerr: %s\nwant: %s", code, test.code, out, test.out, errs, test.errs)
			}
			if strings.Contains(out, "secret") {
				t.Error("a hidden command is listed")
			}
		})
	}
}

func TestQuestions(t *testing.T) {
	t.Parallel()
	if code, out, _ := run(t, " Django \nYES\n pass word\n", true, "ask"); code != 0 || !strings.Contains(out, "Django true  pass word\n") {
		t.Errorf("status %d, out %q", code, out)
	}
	if code, _, errs := run(t, "Django\ny\n", false, "ask"); code != 1 || !strings.Contains(errs, "there is no terminal") {
		t.Errorf("without a terminal: status %d, err %q", code, errs)
	}
}
