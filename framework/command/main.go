package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/quintetgo/quintet/framework/check"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usageTemplate is printed by --help after the description.
const usageTemplate = `Usage:
  {{if .Runnable}}{{.UseLine}}{{else}}{{.CommandPath}} COMMAND [flags]{{end}}{{if .HasExample}}

Examples:
{{.Example}}{{end}}{{if .HasAvailableSubCommands}}

Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding}} {{.Short}}{{end}}{{end}}{{end}}{{if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}{{if .HasAvailableSubCommands}}

"{{.CommandPath}} COMMAND --help" describes a command.{{end}}
`

// Main runs the command that args name (without the program's own name) and returns the exit status: 0 for success, 1
// for failure, 2 for wrong usage. Errors are printed to call.Err as one message that begins with the program's name.
// Without arguments it prints the help and returns 2.
func Main(ctx context.Context, program Program, args []string, call Call) int {
	root := program.root(&call)
	if len(args) == 0 {
		_ = root.Help()
		return 2
	}
	err := program.checkName(args)
	name := program.Name
	if err == nil {
		root.SetArgs(args)
		var ran *cobra.Command
		ran, err = root.ExecuteContextC(ctx)
		name = ran.CommandPath()
	}
	return report(err, name, &call)
}

// report prints an error and returns its exit status.
func report(err error, name string, call *Call) int {
	if err == nil {
		return 0
	}
	if exit, ok := errors.AsType[exitError](err); ok {
		if exit.err != nil {
			call.Errorf("%s: %v\n", name, exit.err)
		}
		return exit.code
	}
	call.Errorf("%s: %v\n", name, err)
	if IsUsage(err) {
		call.Errorf("See %q.\n", name+" --help")
		return 2
	}
	return 1
}

// checkName returns an error if the command does not exist.
func (p Program) checkName(args []string) error {
	name := args[0]
	if strings.HasPrefix(name, "-") || strings.HasPrefix(name, "__complete") {
		return nil
	}
	names := []string{"help", "completion"}
	var listed []string
	for _, c := range p.Commands {
		names = append(names, c.Name)
		if !c.Hidden {
			listed = append(listed, c.Name)
		}
	}
	if name == "help" && len(args) > 1 {
		name = args[1]
	}
	if slices.Contains(names, name) {
		return nil
	}
	slices.Sort(listed)
	near := check.DidYouMean(name, listed)
	if near == "" {
		near = "; the commands are " + strings.Join(listed, ", ")
	}
	return Usagef("unknown command %q%s", name, near)
}

func (p Program) root(call *Call) *cobra.Command {
	long := p.Long
	if long == "" {
		long = p.Short
	}
	root := &cobra.Command{
		Use: p.Name, Short: p.Short, Long: long, Version: p.Version, SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetIn(call.In)
	root.SetOut(call.Out)
	root.SetErr(call.Err)
	root.SetUsageTemplate(usageTemplate)
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	for _, c := range p.Commands {
		root.AddCommand(c.cobra(p.Name, call))
	}
	return root
}

func (c Command) cobra(program string, call *Call) *cobra.Command {
	long := c.Long
	if long == "" {
		long = c.Short
	}
	use := c.Name
	if c.Usage != "" {
		use += " " + c.Usage
	}
	out := &cobra.Command{
		Use: use, Short: c.Short, Long: long, Example: indent(c.Example), Hidden: c.Hidden,
		Args: func(_ *cobra.Command, args []string) error { return c.count(args) },
		RunE: func(cmd *cobra.Command, args []string) error {
			run := *call
			run.Args = args
			return c.Run(cmd.Context(), &run)
		},
	}
	if c.Flags != nil {
		flags := flag.NewFlagSet(program+" "+c.Name, flag.ContinueOnError)
		c.Flags(flags)
		out.Flags().AddGoFlagSet(flags)
	}
	return out
}

// count checks the number of positional arguments.
func (c Command) count(args []string) error {
	switch {
	case len(args) < c.MinArgs:
		return Usagef("%s is missing", firstMissing(c.Usage, len(args)))
	case c.MaxArgs == 0 && len(args) > 0:
		return Usagef("no arguments are allowed, but there is %q", args[0])
	case c.MaxArgs > 0 && len(args) > c.MaxArgs:
		return Usagef("at most %d arguments are allowed, but there is also %q", c.MaxArgs, args[c.MaxArgs])
	}
	return nil
}

// firstMissing returns the name of the positional argument number n, counted from 0.
func firstMissing(usage string, n int) string {
	words := strings.Fields(usage)
	if n < len(words) {
		return strings.Trim(words[n], "[].…")
	}
	return "an argument"
}

// flagError adds the nearest flag to the error of an unknown one.
func flagError(cmd *cobra.Command, err error) error {
	if missing, ok := errors.AsType[*pflag.NotExistError](err); ok {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden {
				names = append(names, "--"+f.Name)
			}
		})
		name := missing.GetSpecifiedName()
		dashes := "--"
		if len(name) == 1 || missing.GetSpecifiedShortnames() != "" {
			dashes = "-"
		}
		return Usagef("unknown flag %s%s%s", dashes, name, check.DidYouMean(dashes+name, names))
	}
	return usageError{fmt.Errorf("%w", err)}
}

func indent(example string) string {
	if example == "" {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(example), "\n")
	for i, line := range lines {
		lines[i] = "  " + strings.TrimSpace(line)
	}
	return strings.Join(lines, "\n")
}
