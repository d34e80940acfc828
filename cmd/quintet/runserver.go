package main

import (
	"context"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/devserver"
)

func runServer() command.Command {
	return command.Command{
		Name: "runserver", Usage: "[ADDR]", MaxArgs: 1,
		Short: "run the project, rebuilding it on every save",
		Long: "Runs the project around the working directory for development: rebuilds it when a file changes (templates and " +
			"static files need no build), reloads the browser, and shows what does not compile in the page. ADDR is a port or " +
			"host:port; the default is " + devserver.DefaultAddr + ".",
		Example: "quintet runserver\nquintet runserver 8001\nquintet runserver 0.0.0.0:8000",
		Run: func(ctx context.Context, call *command.Call) error {
			var addr string
			if len(call.Args) > 0 {
				addr = call.Args[0]
			}
			if _, err := devserver.Address(addr); err != nil {
				return command.Usagef("%w", err)
			}
			dir, err := projectDir("runserver")
			if err != nil {
				return err
			}
			return devserver.Run(ctx, devserver.Options{Dir: dir, Addr: addr, Out: call.Out, Err: call.Err})
		},
	}
}
