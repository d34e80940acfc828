package serve_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/serve"
	"github.com/quintetgo/quintet/framework/server"
)

// Add the command serve, and those that control its master, to any program with an http.Handler.
func ExampleCommand() {
	open := func() (serve.Site, error) { return serve.Site{Handler: http.NotFoundHandler()}, nil }
	program := command.Program{Name: "shop", Commands: append(serve.ControlCommands(), serve.Command(open))}

	call := command.Call{Out: io.Discard, Err: io.Discard}
	fmt.Println(command.Main(context.Background(), program, []string{"serve", "--workers", "-1"}, call))
	fmt.Println(command.Main(context.Background(), program, []string{"serve", "--help"}, call))
	// Output:
	// 2
	// 0
}

// Serve a site in this process, with its start and stop.
func ExampleRun() {
	ctx, stop := context.WithCancel(context.Background())
	site := serve.Site{
		Handler: http.NotFoundHandler(),
		Start:   func(context.Context) error { fmt.Println("start"); return nil },
		Stop:    func(context.Context) error { fmt.Println("stop"); return nil },
	}
	err := serve.Run(ctx, site, server.Options{
		Bind:  []string{"127.0.0.1:0"},
		Ready: func([]net.Addr) { fmt.Println("ready"); stop() },
	})
	fmt.Println(err)
	// Output:
	// start
	// ready
	// stop
	// <nil>
}
