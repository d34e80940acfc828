package command_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/quintetgo/quintet/framework/command"
)

func program() command.Program {
	var plan bool
	var count int
	return command.Program{
		Name: "shop", Short: "A shop", Version: "1.2",
		Commands: []command.Command{
			{
				Name: "migrate", Usage: "[APP [NAME]]", Short: "Apply migrations", Example: "migrate\nmigrate blog zero", MaxArgs: 2,
				Flags: func(f *flag.FlagSet) {
					f.BoolVar(&plan, "plan", false, "show the plan only")
					f.IntVar(&count, "count", 3, "how many")
				},
				Run: func(_ context.Context, c *command.Call) error {
					c.Printf("migrate %v plan=%v count=%d", c.Args, plan, count)
					return nil
				},
			},
			{Name: "fail", Run: func(context.Context, *command.Call) error { return errors.New("the disk is full") }},
			{Name: "quiet", Run: func(context.Context, *command.Call) error { return command.Exit(3, nil) }},
			{Name: "wrong", Run: func(context.Context, *command.Call) error {
				return fmt.Errorf("outer: %w", command.Usagef("no app is called %q", "x"))
			}},
			{Name: "need", Usage: "NAME", MinArgs: 1, MaxArgs: 1, Run: func(context.Context, *command.Call) error { return nil }},
			{Name: "secret", Hidden: true, Run: func(context.Context, *command.Call) error { return nil }},
			{Name: "ask", Run: func(_ context.Context, c *command.Call) error {
				name, err := c.Prompt("Name: ")
				if err != nil {
					return err
				}
				ok, err := c.Confirm("Sure?")
				c.Printf("%s %v", name, ok)
				return err
			}},
		},
	}
}

func TestMain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args     string
		code     int
		out, err string
	}{
		{"migrate", 0, "migrate [] plan=false count=3", ""},
		{"migrate blog --plan --count=7 zero", 0, "migrate [blog zero] plan=true count=7", ""},
		{"migrate -- --plan", 0, "migrate [--plan]", ""},
		{"migrat", 2, "", "error: unknown command \"migrat\"; did you mean \"migrate\"?\nRun \"shop --help\" for how to use it.\n"},
		{"migrat --plan", 2, "", `unknown command "migrat"; did you mean "migrate"?`},
		{"xyzzy", 2, "", "error: unknown command \"xyzzy\"\n"},
		{"migrate --paln", 2, "", "error: unknown flag \"--paln\"; did you mean \"--plan\"?\nRun \"shop migrate --help\" for how to use it.\n"},
		{"migrate -plan", 2, "", `unknown flag "-plan"; did you mean "--plan"?`},
		{"migrate --count", 2, "", "the flag --count needs a value"},
		{"migrate --count=many", 2, "", `the flag --count does not take "many": it is not of the right kind`},
		{"migrate a b c", 2, "", `migrate does not take the argument "c"; it takes [APP [NAME]]`},
		{"need", 2, "", "need needs an argument more; it takes NAME"},
		{"--nope", 2, "", `unknown flag "--nope"`},
		{"fail", 1, "", "error: the disk is full\n"},
		{"quiet", 3, "", ""},
		{"wrong", 2, "", `outer: no app is called "x"`},
		{"--version", 0, "shop 1.2\n", ""},
		{"", 0, "Apply migrations", ""},
		{"help migrate", 0, "  shop migrate blog zero\n", ""},
		{"migrate --help", 0, "--count int", ""},
		{"ask", 1, "", "Name: nobody is there to answer"},
	} {
		var out, errs bytes.Buffer
		code := command.Main(t.Context(), program(), strings.Fields(c.args), command.Call{In: strings.NewReader(""), Out: &out, Err: &errs})
		if code != c.code || !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.err) {
			t.Errorf("shop %s: code %d, want %d\nout: %s\nerr: %s", c.args, code, c.code, out.String(), errs.String())
		}
		if c.err == "" && errs.Len() > 0 || strings.Contains(out.String(), "secret") {
			t.Errorf("shop %s: out %q, err %q", c.args, out.String(), errs.String())
		}
	}
}

func TestPrompts(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	code := command.Main(t.Context(), program(), []string{"ask"}, command.Call{In: strings.NewReader("  Ada \nmaybe\nYES\n"), Out: &out, Err: &out, Terminal: true})
	if code != 0 || out.String() != "Name: Sure? [y/N] Please answer y or n.\nSure? [y/N] Ada true" {
		t.Errorf("code %d: %q", code, out.String())
	}
}
