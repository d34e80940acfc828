package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"

	"github.com/quintetgo/quintet/cmd/quintet/scaffold"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/devserver"
)

// demoPackage is the program that the command demo builds and starts. It is not a part of this program: that would
// multiply the time to install it, since the demo contains SQLite, the admin and a site.
const demoPackage = scaffold.ModulePath + "/docs/examples/blog/demo"

func demo() command.Command {
	var dir, addr, password string
	return command.Command{
		Name: "demo", Short: "run a finished example: a blog with an admin, feeds and a sitemap",
		Long: "Builds and runs a finished example on SQLite, with content: a blog with authors, tags and comments, an admin, feeds " +
			"and a sitemap. It keeps its data, and finds it again when it is started again.",
		Example: "quintet demo\nquintet demo --addr 127.0.0.1:8123 --dir ./demo",
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&dir, "dir", "", "`folder` for the data (default: quintet/demo in the user's cache)")
			flags.StringVar(&addr, "addr", devserver.DefaultAddr, "`address` to listen on")
			flags.StringVar(&password, "password", "", "`password` of the user admin (default: a random one, kept in the folder)")
		},
		Run: func(ctx context.Context, call *command.Call) error {
			if _, err := devserver.Address(addr); err != nil {
				return command.Usagef("--addr: %w", err)
			}
			binary, clean, err := buildDemo(ctx, *call)
			defer clean()
			if err != nil {
				return err
			}
			code, err := runProgram(ctx, binary, "", []string{"--dir", dir, "--addr", addr, "--password", password}, *call)
			if err == nil && code != 0 {
				return command.Exit(code, nil)
			}
			return err
		},
	}
}

// buildDemo builds the demo of the checkout or release that this program comes from.
func buildDemo(ctx context.Context, call command.Call) (binary string, clean func(), err error) {
	origin, err := scaffold.FindOrigin()
	if err != nil {
		return "", func() {}, err
	}
	b := build{what: "demo", name: "demo", key: origin.Checkout + "\n" + demoPackage + "@" + origin.Version, dir: origin.Checkout}
	if origin.Checkout != "" {
		b.pkg = demoPackage
		return b.run(ctx, call)
	}
	// A release need not be a dependency of the module around the working directory: go install builds it without one.
	b.pkg, b.install, b.dir = demoPackage+"@"+origin.Version, true, filepath.Clean(os.TempDir())
	return b.run(ctx, call)
}
