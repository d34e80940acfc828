package generate

import (
	"context"
	"flag"
	"fmt"

	"github.com/quintetgo/quintet/framework/command"
)

// Command returns the command generate, which writes the typed columns of the models of the module in the working directory.
func Command() command.Command {
	var checkOnly bool
	return command.Command{
		Name: "generate", Short: "Write the typed columns of models (" + FileName + ") from the source",
		Example: "generate\ngenerate --check",
		Flags: func(f *flag.FlagSet) {
			f.BoolVar(&checkOnly, "check", false, "write nothing; exit 1 if a file is out of date")
		},
		Run: func(_ context.Context, c *command.Call) error {
			changed, err := Run(".", checkOnly)
			if err != nil {
				return err
			}
			for _, name := range changed {
				c.Printf("%s\n", name)
			}
			if len(changed) == 0 {
				c.Printf("Everything is up to date.\n")
			} else if checkOnly {
				return command.Exit(1, fmt.Errorf("%d generated files are out of date; run generate", len(changed)))
			}
			return nil
		},
	}
}
