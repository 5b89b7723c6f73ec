//go:build unix

package storage

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestPipesInThePlaceOfFiles: opening a pipe waits for ever; whoever puts one into a project must not hang it.
func TestPipesInThePlaceOfFiles(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	img := addImages(t, p, 2)[0]
	dir := p.Dir()
	ok(t, p.Close())
	pipe := func(path string) {
		os.Remove(path)
		ok(t, unix.Mkfifo(path, 0o644))
	}
	pipe(filepath.Join(dir, "lock.json"))
	pipe(filepath.Join(dir, filepath.FromSlash(RelativeImagePath(img))))
	done := make(chan struct{})
	go func() {
		defer close(done)
		p, err := Open(ctx, dir)
		if err != nil {
			t.Error(err)
			return
		}
		defer p.Close()
		if _, err := Open(ctx, dir); err == nil {
			t.Error("opened twice")
		}
		if _, err := p.OpenImage(img); err == nil {
			t.Error("a pipe was opened as an image")
		}
		report, err := p.Check(ctx, false, nil)
		if err != nil || len(report.Problems) != 1 || report.Problems[0].Kind != ProblemFileChanged {
			t.Errorf("%+v %v", report.Problems, err)
		}
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("a pipe holds the project up")
	}
}
