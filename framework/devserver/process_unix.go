//go:build unix

package devserver

import (
	"os/exec"
	"syscall"
)

// ownGroup protects the process from the terminal's Ctrl-C, since its parent ends it, and lets the parent end
// whatever the process started.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func terminate(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }

func kill(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
