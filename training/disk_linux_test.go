package training

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"viewfinder/storage/domain"
)

// smallDisk mounts a disk of the given size, or skips the test where that is not allowed.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestFullDiskIsReportedAndTheTrainingGoesOnAfterwards(t *testing.T) {
	want := newRun(t, domain.Classification, nil)
	if err := Execute(context.Background(), want); err != nil {
		t.Fatal(err)
	}
	root := smallDisk(t, "24m")
	run, err := ReadRun(want)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(root, "images"), os.DirFS(filepath.Join(want, "..", "images"))); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, "run")
	if err := WriteRun(dir, run); err != nil {
		t.Fatal(err)
	}
	filler := filepath.Join(root, "filler")
	if err := os.WriteFile(filler, make([]byte, 19<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Execute(context.Background(), dir); err == nil {
		t.Fatal("it went through")
	}
	s := mustInspect(t, dir)
	if s.Status != domain.StatusFailed || !strings.Contains(s.Error, "disk is full") || !s.Status.Resumable() {
		t.Errorf("%+v", s)
	}
	left, _ := filepath.Glob(filepath.Join(dir, CheckpointsDir, ".new-*"))
	if len(left) > 0 {
		t.Errorf("left behind %v", left)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if err := Execute(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	if readModel(t, dir) != readModel(t, want) {
		t.Error("other weights than on a roomy disk")
	}
}

func TestReadOnlyFolderIsReported(t *testing.T) {
	root := smallDisk(t, "4m")
	run, err := ReadRun(newRun(t, domain.Classification, nil))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, "run")
	if err := WriteRun(dir, run); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("", root, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skipf("the disk cannot be made read-only: %v", err)
	}
	if err := Execute(context.Background(), dir); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("Execute: %v", err)
	}
	if err := Launch(dir); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("Launch: %v", err)
	}
	if s := mustInspect(t, dir); s.Status != domain.StatusQueued {
		t.Errorf("%+v", s)
	}
}

// A pipe where a file should be is refused, not waited for.
func TestAPipeInTheEventsPlaceIsRefused(t *testing.T) {
	dir := newRun(t, domain.Classification, nil)
	for _, name := range []string{EventsFile, LogFile} {
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, ierr := Inspect(dir)
	_, herr := ReadHistory(dir)
	for what, err := range map[string]error{
		"Inspect": ierr, "ReadHistory": herr,
		"Follow": Follow(context.Background(), dir, func(Event) {}), "Execute": Execute(context.Background(), dir), "Launch": Launch(dir),
	} {
		if err == nil || !strings.Contains(err.Error(), "is not a regular file") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestWhenTheDiskIsFullTheEndIsStillWritten(t *testing.T) {
	dir := smallDisk(t, "200k")
	j, err := openJournal(dir)
	if err != nil {
		t.Fatal(err)
	}
	filler, err := os.Create(filepath.Join(dir, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = filler.Write(make([]byte, 512))
	}
	_ = filler.Close()
	for i := range 100 {
		j.add(Event{Kind: KindLog, Message: fmt.Sprint(i, strings.Repeat(".", 100))}, false)
	}
	if err := j.failure(); err != nil {
		t.Error(err)
	}
	j.close()
	if events, err := ReadEvents(dir); err != nil || len(events) != 100 {
		t.Errorf("%d events, %v", len(events), err)
	}
}
