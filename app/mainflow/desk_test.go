//go:build window

package mainflow

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// desk is a person's place for one test: a home folder of their own, the program, and its window while it is open.
type desk struct {
	t       *testing.T
	program string // the built program, absolute
	home    string
	project string // the project's folder, once it is known
	window  *exec.Cmd
	printed bytes.Buffer
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	if os.Getenv("DISPLAY") == "" {
		t.Fatal("this test needs an X display: run it by .ci/display")
	}
	program := os.Getenv("VIEWFINDER_BINARY")
	if program == "" {
		program = filepath.Join("..", "..", "build", "viewfinder")
	}
	program, err := filepath.Abs(program)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("build the program first (go build -o build/viewfinder .): %v", err)
	}
	d := &desk{t: t, program: program, home: t.TempDir()}
	t.Cleanup(d.tidy)
	return d
}

// tidy stops what the test left running.
func (d *desk) tidy() {
	if d.t.Failed() {
		if out, err := exec.Command("import", "-window", "root", filepath.Join(os.TempDir(), "viewfinder-mainflow-failed.png")).CombinedOutput(); err == nil {
			d.t.Logf("a picture of the failed window: %s", filepath.Join(os.TempDir(), "viewfinder-mainflow-failed.png"))
		} else {
			d.t.Logf("no picture of the failed window: %v %s", err, out)
		}
	}
	if d.window != nil {
		d.kill()
	}
	if strings.Contains(d.printed.String(), "Error in Fyne call thread") {
		d.t.Errorf("the window was touched from another thread: %s", d.printed.String())
	}
	if d.project == "" {
		return
	}
	for _, v := range d.versions() {
		if v.Status != "ready" {
			d.command("stop", d.project, v.UID)
		}
	}
}

func (d *desk) env() []string {
	return append(os.Environ(), "HOME="+d.home, "VIEWFINDER_CONFIG="+filepath.Join(d.home, "config"), "VIEWFINDER_THEME=light", "FYNE_SCALE=1", "VIEWFINDER_CHECK_THREADS=1")
}

// open starts the window with arguments and gives it the keyboard.
func (d *desk) open(args ...string) {
	d.t.Helper()
	d.printed.Reset()
	d.window = exec.Command(d.program, args...)
	d.window.Env, d.window.Stderr = d.env(), &d.printed
	if err := d.window.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.until("the window is shown", time.Minute, func() bool {
		return exec.Command("xdotool", "search", "--onlyvisible", "--name", "Viewfinder", "windowfocus").Run() == nil
	})
}

// titled reports whether the window's title begins with a project's name.
func (d *desk) titled(name string) bool {
	return exec.Command("xdotool", "search", "--onlyvisible", "--name", "^"+regexp.QuoteMeta(name)+" ").Run() == nil
}

// kill ends the window at once, as a crash would.
func (d *desk) kill() {
	_ = d.window.Process.Kill()
	_ = d.window.Wait()
	d.window = nil
}

// keys presses keys, one after the other, as xdotool names them.
func (d *desk) keys(keys ...string) {
	d.t.Helper()
	for _, k := range keys {
		if out, err := exec.Command("xdotool", "key", "--clearmodifiers", k).CombinedOutput(); err != nil {
			d.t.Fatalf("xdotool key %s: %v: %s", k, err, out)
		}
		time.Sleep(150 * time.Millisecond)
	}
}

// write types text.
func (d *desk) write(text string) {
	d.t.Helper()
	if out, err := exec.Command("xdotool", "type", "--delay", "40", text).CombinedOutput(); err != nil {
		d.t.Fatalf("xdotool type: %v: %s", err, out)
	}
}

// until waits for something to be so.
func (d *desk) until(what string, limit time.Duration, so func() bool) {
	d.t.Helper()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if so() {
			return
		}
	}
	d.t.Fatalf("waited %v for: %s\nthe window printed: %s", limit, what, d.printed.String())
}

// findProject looks for the one whole project under the home folder.
func (d *desk) findProject() bool {
	_ = filepath.WalkDir(d.home, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() && strings.HasPrefix(e.Name(), ".") {
			return fs.SkipDir // a project that is still being unpacked
		}
		if err == nil && e.Name() == "project.db" {
			d.project = filepath.Dir(path)
			return fs.SkipAll
		}
		return nil
	})
	return d.project != ""
}

// command runs the program without a window, and returns what it printed.
func (d *desk) command(args ...string) ([]byte, error) {
	c := exec.Command(d.program, args...)
	c.Env = d.env()
	out, err := c.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return out, errors.New(strings.TrimSpace(string(exit.Stderr)))
	}
	return out, err
}

// read runs a command with --json and reads what it printed; false while it cannot be had.
func (d *desk) read(into any, args ...string) bool {
	out, err := d.command(append(args, "--json")...)
	return err == nil && json.Unmarshal(out, into) == nil
}

type viewFacts struct {
	Name                                       string
	Type                                       string
	Datapoints, Annotated, Reviewed, Suggested int
	Concepts                                   []struct {
		Name       string
		Train, Val int
	}
}

// view returns what `info` says of a view; nil while that cannot be had.
func (d *desk) view(name string) *viewFacts {
	var facts struct{ Views []viewFacts }
	if !d.read(&facts, "info", d.project) {
		return nil
	}
	for _, v := range facts.Views {
		if v.Name == name {
			return &v
		}
	}
	return nil
}

type versionFacts struct {
	UID, Name, Status, Architecture string
	Iteration, Iterations           int
	Headline                        float64
	HeadlineName                    string `json:"headline_name"`
	Error                           string
}

func (d *desk) versions() []versionFacts {
	var all []versionFacts
	d.read(&all, "versions", d.project)
	return all
}

// version returns the newest version of that name.
func (d *desk) version(name string) versionFacts {
	for _, v := range d.versions() {
		if v.Name == name {
			return v
		}
	}
	return versionFacts{}
}
