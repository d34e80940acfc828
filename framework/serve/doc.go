// Package serve is the production side of a project's command line: the command serve, which runs a site under a master
// process with workers, and the commands status, reload and stop, which control a running master.
//
// It knows nothing of projects. A [Site] is a handler with a few functions and defaults; package framework makes one of
// a project, and any other program can do the same:
//
//	open := func() (serve.Site, error) { return serve.Site{Handler: mux}, nil }
//	commands := append(serve.ControlCommands(), serve.Command(open))
//	os.Exit(command.Main(ctx, command.Program{Name: "shop", Commands: commands}, os.Args[1:], command.Stdio()))
package serve
