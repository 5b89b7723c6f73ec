package machine

import (
	"context"
	"os/exec"
	"time"

	"golang.org/x/sys/unix"
)

func readMemory() (m Memory) {
	if total, err := unix.SysctlUint64("hw.memsize"); err == nil {
		m.Total = int64(total)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "/usr/bin/vm_stat").Output(); err == nil {
		m.Available = parseVMStat(string(out))
	}
	return m
}
