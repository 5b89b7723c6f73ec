package training

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// detach gives the process no console and a group of its own, so that closing the window or pressing Ctrl-C does not reach it, and a low
// priority from the start.
func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{
		HideWindow:    true,
		CreationFlags: windows.CREATE_NEW_PROCESS_GROUP | windows.DETACHED_PROCESS | windows.BELOW_NORMAL_PRIORITY_CLASS,
	}
}

// lower has nothing left to do: detach set the priority.
func lower(*os.Process) {}
