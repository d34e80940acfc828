//go:build !unix

package framework

import (
	"context"
	"errors"
	"net/http"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/server"
)

// canMaster says that this system has no processes that share sockets: serve runs alone.
const canMaster = false

// workerLink stands for a connection to a master, which does not exist here.
type workerLink interface {
	Serve(context.Context, http.Handler, server.Options) error
	Failed(error) error
}

func workerFromMaster() workerLink { return nil }

func runMaster(context.Context, *command.Call, serveFlags, func() (*Project, error)) error {
	return errors.New("worker processes need a unix system; use --workers 0")
}

// reopenSignals has no signals to listen to here.
func reopenSignals() (reopen <-chan struct{}, stop func()) { return nil, func() {} }

func controlCommands() []command.Command { return nil }
