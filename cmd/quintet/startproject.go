package main

import (
	"cmp"
	"context"
	"flag"
	"path/filepath"
	"strings"

	"github.com/quintetgo/quintet/cmd/quintet/scaffold"
	"github.com/quintetgo/quintet/framework/command"
)

func startProject(name string, hidden bool) command.Command {
	var module, database string
	return command.Command{
		Name: name, Hidden: hidden, Usage: "NAME [DIR]", MinArgs: 1, MaxArgs: 2,
		Short: "write a new project",
		Long: "Writes a project that compiles, passes its tests and has an admin, into the folder DIR (default: NAME). The " +
			"folder must not exist, or be empty.",
		Example: "quintet startproject shop\nquintet startproject shop --database postgres\n" +
			"quintet startproject shop . --module example.com/team/shop",
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&module, "module", "", "`path` of the Go module (default: NAME)")
			flags.StringVar(&database, "database", "sqlite", "`kind` of database: "+strings.Join(scaffold.Databases(), ", "))
		},
		Run: func(_ context.Context, call *command.Call) error {
			name := call.Args[0]
			dir := name
			if len(call.Args) > 1 {
				dir = call.Args[1]
			}
			if err := scaffold.CheckProjectName(name); err != nil {
				return command.Usagef("%w", err)
			}
			if module != "" {
				if err := scaffold.CheckModulePath(module); err != nil {
					return command.Usagef("--module: %w", err)
				}
			}
			if err := scaffold.CheckDatabase(database); err != nil {
				return command.Usagef("--database: %w", err)
			}
			origin, err := scaffold.FindOrigin()
			if err != nil {
				return err
			}
			project := scaffold.Project{Name: name, Dir: dir, Module: cmp.Or(module, name), Database: database, Origin: origin}
			if err := project.Write(); err != nil {
				return err
			}
			if filepath.Clean(dir) == "." {
				call.Printf("The project %s is in the current folder. Next:\n\n", name)
			} else {
				call.Printf("The project %s is in %s. Next:\n\n    cd %s\n", name, dir, dir)
			}
			if origin.Checkout == "" {
				call.Printf("    go mod tidy\n")
			}
			if database != "sqlite" {
				call.Printf("    # create the user and the database that README.md names, or change DATABASE_URL in .env\n")
			}
			call.Printf(
				"    quintet runserver\n\nIt prints the address of the site, and a link that makes the first account for the admin.\n",
			)
			return nil
		},
	}
}
