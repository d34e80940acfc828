// Command demo runs the blog with generated content, without any setup. `quintet demo` builds and starts it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/quintetgo/quintet/framework/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The name is what was typed: errors begin with it.
	program := command.Program{Name: "quintet", Short: "Run the demo of Quintet", Commands: []command.Command{demo()}}
	code := command.Main(ctx, program, append([]string{"demo"}, os.Args[1:]...), command.Stdio())
	stop()
	os.Exit(code)
}
