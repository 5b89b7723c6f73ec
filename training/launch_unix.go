//go:build unix

package training

import (
	"log/slog"
	"os"
	"os/exec"
	"syscall"
)

// niceness leaves the processor to whatever a person is doing.
const niceness = 10

// detach gives the process a session of its own: closing the terminal or the window does not reach it.
func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
}

// lower gives the process a low priority: the whole group that detach made, since Linux would otherwise lower only the first of the threads
// that a Go program has started by then.
func lower(p *os.Process) {
	if err := syscall.Setpriority(syscall.PRIO_PGRP, p.Pid, niceness); err != nil {
		slog.Warn("the trainer keeps its normal priority", "err", err)
	}
}
