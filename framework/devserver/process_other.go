//go:build !unix

package devserver

import "os/exec"

func ownGroup(*exec.Cmd) {}

// terminate leaves the end to the closed standard input: there is no signal to ask with.
func terminate(*exec.Cmd) {}

func kill(cmd *exec.Cmd) { _ = cmd.Process.Kill() }
