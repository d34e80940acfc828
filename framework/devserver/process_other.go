//go:build !unix

package devserver

import "os/exec"

func ownGroup(*exec.Cmd) {}

// terminate does nothing: the closed standard input ends the process, since there is no signal for it.
func terminate(*exec.Cmd) {}

func kill(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
