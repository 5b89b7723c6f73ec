package storage

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"viewfinder/storage/domain"
)

// TestReadOnlyDisk: a project on a disk that cannot be written to, such as a DVD or somebody's share, is refused for changing with the reason, and can be
// read.
func TestReadOnlyDisk(t *testing.T) {
	dir, at := filepath.Join(t.TempDir(), "project"), t.TempDir()
	p, err := Create(context.Background(), dir, "Parts")
	if err != nil {
		t.Fatal(err)
	}
	view, _ := addView(t, p, "V", domain.Tagging, 0, "A")
	addImages(t, p, 2)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 { // whom permissions do not hold
		if out, err := exec.Command("mount", "--bind", dir, at).CombinedOutput(); err != nil {
			t.Skipf("nothing can be mounted here: %s", out)
		}
		t.Cleanup(func() { exec.Command("umount", at).Run() })
		if out, err := exec.Command("mount", "-o", "remount,ro,bind", at).CombinedOutput(); err != nil {
			t.Skipf("nothing can be mounted read-only here: %s", out)
		}
	} else {
		at = dir
		if err := os.Chmod(dir, 0o555); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chmod(dir, 0o755) })
	}
	if p, err := Open(context.Background(), at); !errors.Is(err, ErrNoPermission) {
		if err == nil {
			p.Close()
		}
		t.Fatalf("opened to be changed: %v", err)
	}
	p, err = OpenReadOnly(context.Background(), at)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if n, err := p.Count(context.Background(), Query{View: view.ID}); err != nil || n != 2 {
		t.Errorf("%d images of two can be read (%v)", n, err)
	}
}
