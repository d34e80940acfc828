package main

import (
	"context"

	"github.com/quintetgo/quintet/cmd/quintet/scaffold"
	"github.com/quintetgo/quintet/framework/command"
)

func startApp() command.Command {
	return command.Command{
		Name: "startapp", Usage: "NAME", MinArgs: 1, MaxArgs: 1,
		Short: "write a new app into the project",
		Long: "Writes the folder of an app (models, views, admin, templates, migrations, a test) into the project around the " +
			"working directory, and registers it in main.go. What is there already stays as it is.",
		Example: "quintet startapp catalog",
		Run: func(_ context.Context, call *command.Call) error {
			name := call.Args[0]
			if err := scaffold.CheckAppName(name); err != nil {
				return command.Usagef("%w", err)
			}
			dir, err := projectDir("startapp")
			if err != nil {
				return err
			}
			result, err := scaffold.App{Name: name, Dir: dir}.Write()
			if err != nil {
				return err
			}
			switch {
			case result.Written && result.Registered:
				call.Printf("The app %s is in %s/, served below /%s/, and registered in main.go.\n", name, name, name)
			case result.Written:
				call.Printf("The app %s is in %s/.\n", name, name)
			case result.Registered:
				call.Printf("The app %s was there already; it is now registered in main.go and served below /%s/.\n", name, name)
			case result.Hint == "":
				call.Printf("The app %s is there already, and registered in main.go. Nothing was changed.\n", name)
			}
			if result.Hint != "" {
				call.Errorf("quintet startapp: %s\n", result.Hint)
			}
			if result.Written {
				call.Printf(
					"Next: write a model in %s/models.go, list it in app.go and admin.go, then\n\n    quintet generate\n    quintet "+
						"makemigrations\n    quintet migrate\n",
					name,
				)
			}
			return nil
		},
	}
}
