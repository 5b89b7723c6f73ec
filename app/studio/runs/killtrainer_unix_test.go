//go:build unix

package runs_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// killTrainer kills the process that was started with "run DIR".
func killTrainer(t *testing.T, dir string) {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(lines) == 0 {
		t.Skip("there is no /proc to find the trainer in")
	}
	for _, line := range lines {
		data, err := os.ReadFile(line)
		if err != nil {
			continue
		}
		words := strings.Split(strings.TrimRight(string(data), "\x00"), "\x00")
		if len(words) == 3 && words[1] == "run" && words[2] == dir {
			pid, err := strconv.Atoi(strings.Split(line, "/")[2])
			if err == nil {
				err = syscall.Kill(pid, syscall.SIGKILL)
			}
			if err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("no trainer works on %s", dir)
}
