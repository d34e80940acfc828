package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/quintetgo/quintet/cmd/quintet/scaffold"
	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/devserver"
)

// projectCommands are commands that every project has; they serve to guess what was meant outside of one.
func projectCommands() []string {
	return []string{
		"makemigrations", "migrate", "showmigrations", "sqlmigrate", "createsuperuser", "changepassword", "check", "routes",
		"collectstatic", "makemessages", "compilemessages", "serve",
	}
}

// projectDir returns the folder of the project around the working directory.
func projectDir(name string) (string, error) {
	dir, err := moduleDir(name)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, "main.go")); err != nil {
		return "", fmt.Errorf("%q needs a project, and there is no main.go in %s", name, dir)
	}
	return dir, nil
}

// moduleDir returns the folder of the module around the working directory, which uses Quintet but need not be a project.
func moduleDir(name string) (string, error) {
	dir, err := devserver.ModuleDir(".")
	if errors.Is(err, devserver.ErrNoModule) {
		return "", fmt.Errorf(
			"%q needs a project, and there is none here: no go.mod in this folder or above it. Change into a project, or make one "+
				"with: quintet startproject NAME",
			name,
		)
	}
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return "", err
	}
	if !strings.Contains(string(text), scaffold.ModulePath) {
		return "", fmt.Errorf(
			"%q needs a Quintet project, and the module in %s does not use Quintet. Change into a project, or make one with: "+
				"quintet startproject NAME",
			name,
			dir,
		)
	}
	return dir, nil
}

// forward builds the project and runs a command of its own in the project's folder, as `go run . CMD …` would there, but with
// the exit status kept.
func forward(ctx context.Context, name string, args []string, call command.Call) int {
	dir, err := projectDir(name)
	if err != nil {
		var own []string
		for _, c := range program().Commands {
			if !c.Hidden {
				own = append(own, c.Name)
			}
		}
		all := append(own, projectCommands()...)
		if near := check.DidYouMean(name, all); check.Nearest(name, all) != name {
			call.Errorf("quintet: unknown command %q%s\n", name, near)
			if near == "" {
				call.Errorf("There are %s, and inside a project its own, such as migrate.\n", strings.Join(own, ", "))
			}
			return 2
		}
		call.Errorf("quintet: %v\n", err)
		return 1
	}
	project := build{what: "project", name: filepath.Base(dir), key: dir, dir: dir, pkg: "."}
	binary, clean, err := project.run(ctx, call)
	defer clean()
	if err != nil {
		call.Errorf("quintet %s: %v\n", name, err)
		return 1
	}
	code, err := runProgram(ctx, binary, dir, args, call) // .env and the database of development are found from dir
	if err != nil {
		call.Errorf("quintet %s: %v\n", name, err)
	}
	return code
}
