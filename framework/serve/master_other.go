//go:build !unix

package serve

import (
	"context"
	"errors"
	"net/http"

	"github.com/quintetgo/quintet/framework/command"
	"github.com/quintetgo/quintet/framework/server"
)

// canMaster reports whether processes of this system can share sockets. Without it, serve runs in one process.
const canMaster = false

// workerLink is a worker's connection to its master, which does not exist on this system.
type workerLink interface {
	Serve(context.Context, http.Handler, server.Options) error
	Failed(error) error
}

func workerFromMaster() workerLink { return nil }

func runMaster(context.Context, *command.Call, flags, func() (Site, error)) error {
	return errors.New("worker processes require a unix system; use --workers 0")
}

// reopenSignals returns no channel: this system has no such signals.
func reopenSignals() (reopen <-chan struct{}, stop func()) { return nil, func() {} }

// ControlCommands returns no commands on this system.
func ControlCommands() []command.Command { return nil }
