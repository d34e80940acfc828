package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/quintetgo/quintet/framework/check"
)

// Main runs the command that args name (without the program's own name), prints its error if there is one, and returns the
// code to exit with: 0 done, 1 failed, 2 used wrongly.
func Main(ctx context.Context, program Program, args []string, call Call) int {
	call = call.withDefaults()
	err := run(ctx, program, args, &call)
	Print(call.Err, err)
	return exitCode(err)
}

// Print writes an error as Main does: "error: " and the message, and for wrong usage where to find help.
func Print(w io.Writer, err error) {
	if err == nil {
		return
	}
	if exit, ok := errors.AsType[*ExitError](err); ok && exit.Err == nil {
		return
	}
	_, _ = fmt.Fprintf(w, "error: %s\n", strings.TrimSpace(err.Error()))
	if usage, ok := errors.AsType[*UsageError](err); ok && usage.Help != "" {
		_, _ = fmt.Fprintf(w, "Run %q for how to use it.\n", usage.Help)
	}
}

func run(ctx context.Context, program Program, args []string, call *Call) error {
	root := &cobra.Command{
		Use: program.Name, Short: program.Short, Version: program.Version, SilenceErrors: true, SilenceUsage: true,
		Args:              cobra.ArbitraryArgs,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.SetUsageTemplate(usageTemplate)
	root.SetHelpTemplate("{{with (or .Long .Short)}}{{. | trimTrailingWhitespaces}}\n\n{{end}}{{.UsageString}}")
	root.SetIn(call.In)
	root.SetOut(call.Out)
	root.SetErr(call.Err)
	root.SetArgs(slices.Clone(args))
	if args == nil {
		root.SetArgs([]string{})
	}
	root.SetFlagErrorFunc(flagError)
	names := []string{"help", "completion"}
	for _, c := range program.Commands {
		root.AddCommand(build(program, c, call))
		names = append(names, c.Name)
	}
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") && !isCommand(names, args[0]) {
		return &UsageError{Message: fmt.Sprintf("unknown command %q%s", args[0], check.DidYouMean(args[0], names)), Help: program.Name + " --help"}
	}
	return root.ExecuteContext(ctx)
}

func isCommand(names []string, name string) bool {
	return slices.Contains(names, name) || strings.HasPrefix(name, "__complete") // cobra's own, called by shells
}

// build turns a command into one of cobra's.
func build(program Program, c Command, call *Call) *cobra.Command {
	help := program.Name + " " + c.Name + " --help"
	cmd := &cobra.Command{
		Use: strings.TrimSpace(c.Name + " " + c.Usage), Short: c.Short, Long: c.Long, Hidden: c.Hidden, DisableFlagsInUseLine: false,
		Example: examples(program.Name, c.Example),
		Args: func(_ *cobra.Command, args []string) error {
			if message := countArgs(c, args); message != "" {
				return &UsageError{Message: message, Help: help}
			}
			return nil
		},
	}
	if c.Flags != nil {
		std := flag.NewFlagSet(c.Name, flag.ContinueOnError)
		c.Flags(std)
		cmd.Flags().AddGoFlagSet(std)
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		call.Args = args
		err := c.Run(cmd.Context(), call)
		if usage, ok := errors.AsType[*UsageError](err); ok && usage.Help == "" {
			usage.Help = help
		}
		return err
	}
	return cmd
}

// countArgs says what is wrong with the number of arguments.
func countArgs(c Command, args []string) string {
	wanted := "it takes none"
	if c.Usage != "" {
		wanted = "it takes " + c.Usage
	}
	switch {
	case len(args) < c.MinArgs:
		return fmt.Sprintf("%s needs an argument more; %s", c.Name, wanted)
	case c.MaxArgs >= 0 && len(args) > c.MaxArgs:
		return fmt.Sprintf("%s does not take the argument %q; %s", c.Name, args[c.MaxArgs], wanted)
	}
	return ""
}

// examples puts the program's name in front of each line.
func examples(program, text string) string {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		b.WriteString("  " + program + " " + strings.TrimSpace(line) + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// flagError says which flag was wrong and which one was probably meant.
func flagError(cmd *cobra.Command, err error) error {
	usage := &UsageError{Message: err.Error(), Help: cmd.CommandPath() + " --help"}
	if errors.Is(err, pflag.ErrHelp) {
		return err
	}
	var flags []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			flags = append(flags, "--"+f.Name)
		}
	})
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		name := "--" + unknown.GetSpecifiedName()
		if cluster := unknown.GetSpecifiedShortnames(); cluster != "" {
			name = "-" + cluster
			usage.Message = fmt.Sprintf("unknown flag %q%s", name, check.DidYouMean("-"+name, flags))
			return usage
		}
		usage.Message = fmt.Sprintf("unknown flag %q%s", name, check.DidYouMean(name, flags))
		return usage
	}
	if missing, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		usage.Message = fmt.Sprintf("the flag --%s needs a value", missing.GetSpecifiedName())
		return usage
	}
	if bad, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		usage.Message = fmt.Sprintf("the flag --%s does not take %q: %s", bad.GetFlag().Name, bad.GetValue(), shortCause(bad.Unwrap()))
	}
	return usage
}

// shortCause leaves out the names of parsing functions.
func shortCause(err error) string {
	if err == nil {
		return "wrong value"
	}
	switch text := err.Error(); {
	case text == "parse error" || strings.Contains(text, "invalid syntax"):
		return "it is not of the right kind"
	case strings.Contains(text, "out of range"):
		return "it is out of range"
	default:
		return text
	}
}

const usageTemplate = `Usage:
  {{if .HasAvailableSubCommands}}{{.CommandPath}} COMMAND [flags] [arguments]{{else}}{{.UseLine}}{{end}}
{{- if .HasExample}}

Examples:
{{.Example}}{{end}}
{{- if .HasAvailableSubCommands}}

Commands:{{range .Commands}}{{if (or .IsAvailableCommand (eq .Name "help"))}}
  {{rpad .Name .NamePadding }} {{.Short}}{{end}}{{end}}{{end}}
{{- if .HasAvailableLocalFlags}}

Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}{{end}}
{{- if .HasAvailableSubCommands}}

Run "{{.CommandPath}} COMMAND --help" for more about a command.{{end}}
`
