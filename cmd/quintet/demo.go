package main

import (
	"context"
	"errors"
	"github.com/quintetgo/quintet/framework/command"
)

func demo() command.Command {
	return command.Command{Name: "demo", Short: "run a finished example", Run: func(context.Context, *command.Call) error { return errors.New("not yet") }}
}
