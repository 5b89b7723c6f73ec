//go:build unix

package training

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"viewfinder/storage/domain"
)

// A machine that sleeps stops its processes: seen from outside the training goes on, and it ends with the same weights.
func TestAsleepForAWhile(t *testing.T) {
	long := func(o *Options) { o.Iterations, o.Threads = 400, 1 } // still at work when it is put to sleep, on a busy machine too
	want, _ := undisturbed(t, domain.Classification, long)
	dir := newRun(t, domain.Classification, set(long))
	if err := Launch(dir); err != nil {
		t.Fatal(err)
	}
	await(t, dir, func(s State) bool { return s.Iteration > 10 || s.Status == domain.StatusReady })
	id := pid(t, dir)
	if err := syscall.Kill(id, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	time.Sleep(1500 * time.Millisecond) // time must pass, longer than after which Follow calls a training interrupted
	if s := mustInspect(t, dir); !s.Alive || !s.Status.Busy() {
		t.Errorf("asleep its status is %s, alive %v", s.Status, s.Alive)
	}
	if err := syscall.Kill(id, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	await(t, dir, func(s State) bool { return s.Status == domain.StatusReady && !s.Alive })
	if readModel(t, dir) != want {
		t.Error("other weights than those of the undisturbed training")
	}
}

// The clock was a day ahead when the training was begun, and is put right before it is resumed: the order of what is written counts, not its times.
func TestTheClockMovedBack(t *testing.T) {
	want, events := undisturbed(t, domain.Classification, slower)
	dir := newRun(t, domain.Classification, set(slower))
	if err := Launch(dir); err != nil {
		t.Fatal(err)
	}
	await(t, dir, func(s State) bool { return s.Iteration > 30 || s.Status == domain.StatusReady })
	if err := RequestStop(dir); err != nil {
		t.Fatal(err)
	}
	await(t, dir, func(s State) bool { return !s.Alive })
	ahead(t, filepath.Join(dir, EventsFile), 24*time.Hour)
	if err := Execute(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	s := mustInspect(t, dir)
	if s.Status != domain.StatusReady || s.Iteration != s.Iterations || s.SecondsLeft < 0 || s.ImagesPerSecond < 0 {
		t.Errorf("%+v", s)
	}
	got, err := ReadEvents(dir)
	if err != nil {
		t.Fatal(err)
	}
	if readModel(t, dir) != want || len(figures(got)) != len(figures(events)) {
		t.Error("other weights or metrics than those of the undisturbed training")
	}
}

// ahead moves the times of all events.
func ahead(t *testing.T, file string, by time.Duration) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out strings.Builder
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var e map[string]any
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		for name, v := range e {
			text, _ := v.(string)
			if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
				e[name] = at.Add(by).Format(time.RFC3339Nano)
			}
		}
		line, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(line)
		out.WriteByte('\n')
	}
	if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}
