package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/orm/generate"
)

func generateColumns() command.Command {
	var check bool
	var dir string
	return command.Command{
		Name: "generate", Short: "write the typed columns of models (models_gen.go)",
		Long: "Reads the models of the project's packages and writes typed columns for queries, from the source alone: the " +
			"module need not compile, nor be a project.",
		Example: "quintet generate\nquintet generate --check",
		Flags: func(flags *flag.FlagSet) {
			flags.BoolVar(&check, "check", false, "write nothing; exit with status 1 if files are out of date")
			flags.StringVar(&dir, "dir", "", "the `folder` with the models (default: that of the module around the working directory)")
		},
		Run: func(_ context.Context, call *command.Call) error {
			root := dir
			if root == "" {
				var err error
				if root, err = moduleDir("generate"); err != nil {
					return err
				}
			} else if info, err := os.Stat(root); err != nil || !info.IsDir() {
				return command.Usagef("--dir: there is no folder %q", root)
			}
			changed, err := generate.Run(root, check)
			if err != nil {
				return err
			}
			for _, path := range changed {
				call.Printf("%s\n", path)
			}
			if check && len(changed) > 0 {
				return command.Exit(1, fmt.Errorf("these files are out of date; run: quintet generate"))
			}
			if len(changed) == 0 {
				call.Printf("Everything is up to date.\n")
			}
			return nil
		},
	}
}
