package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// build makes the program as a cluster would use it.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "viewfinder")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if out, err := exec.Command("go", "build", "-tags", "headless", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	return program
}

// TestProgram: the built program trains a version of the sample project in the background while nobody has the project open, is interrupted
// while it follows it, and goes on.
func TestProgram(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("interrupts are sent another way on Windows")
	}
	if testing.Short() {
		t.Skip("builds the program and trains with it")
	}
	program, dir := build(t), t.TempDir()
	project := filepath.Join(dir, "demo")
	command := func(args ...string) *exec.Cmd {
		c := exec.Command(program, args...)
		c.Dir = dir
		c.Env = append(os.Environ(), "VIEWFINDER_CONFIG="+filepath.Join(dir, "config"), "DISPLAY=", "WAYLAND_DISPLAY=")
		return c
	}
	run := func(args ...string) string {
		t.Helper()
		c := command(args...)
		var errs bytes.Buffer
		c.Stderr = &errs
		out, err := c.Output()
		if err != nil {
			t.Fatalf("viewfinder %s: %v\n%s", strings.Join(args, " "), err, errs.String())
		}
		return string(out)
	}
	run("demo", project, "--iterations", "2", "-q")
	tiny := []string{"--view", "Material", "--batch-size", "8", "--set", "resizer=32x32", "--set", "augment=", "--set", "weights=nothing"}
	run(append([]string{"train", project, "--name", "long", "--iterations", "100000", "--detach"}, tiny...)...)

	follow := command("wait", project, "long")
	interrupt(t, follow, "the training continues")
	status := func() string {
		var versions []struct{ Name, Status string }
		if err := json.Unmarshal([]byte(run("versions", project, "--json")), &versions); err != nil {
			t.Fatal(err)
		}
		return versions[0].Status
	}
	if s := status(); s != "preparing" && s != "training" {
		t.Errorf("the version is %s after its follower was interrupted", s)
	}
	run("stop", project, "long")
	interrupt(t, command("resume", project, "long"), "its state saved")
	if s := status(); s != "stopped" {
		t.Errorf("the version is %s after an interrupted resume", s)
	}
	run("check", project)
	run("delete", project, "long")

	var exit *exec.ExitError
	if err := command().Run(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("without a window: %v", err)
	}
}

// told is what a command has written, which can be read while it runs.
type told struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *told) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *told) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// interrupt sends a command an interrupt once it follows its training, as it tells; it must end with 130 and say so.
func interrupt(t *testing.T, c *exec.Cmd, says string) {
	t.Helper()
	var errs told
	c.Stderr = &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for limit := time.Now().Add(time.Minute); errs.String() == ""; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			_ = c.Process.Kill()
			t.Fatalf("%v has told nothing for a minute", c.Args)
		}
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := c.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 130 || !strings.Contains(errs.String(), says) {
		t.Errorf("%v: %v\n%s", c.Args, err, errs.String())
	}
}
