package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"viewfinder/storage/domain"
)

// smallDisk is a file system of its own with room for size bytes; it needs root.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("mounting a small disk needs root")
	}
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("mounting a small disk is not possible here: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestFullDisk(t *testing.T) {
	ctx := context.Background()
	disk := smallDisk(t, "3m")
	p := must[*Project](t)(Create(ctx, filepath.Join(disk, "project"), "Full"))
	defer p.Close()
	v, c := addView(t, p, "V", domain.Tagging, 0, "A", "B")
	img, _, err := p.AddImage(ctx, strings.NewReader("first"), meta)
	ok(t, err)
	ballast := filepath.Join(disk, "ballast")
	ok(t, os.WriteFile(ballast, make([]byte, 1<<20), 0o644))
	// Add, then annotate until nothing fits any more: what was acknowledged stays, what failed leaves nothing.
	added := 1
	var full error
	for i := range 10000 {
		if _, _, full = p.AddImage(ctx, strings.NewReader(strings.Repeat(fmt.Sprintf("%9d", i), 5000)), meta); full != nil {
			break
		}
		added++
	}
	if !errors.Is(full, ErrDiskFull) {
		t.Fatal(full)
	}
	for f := must[*os.File](t)(os.Create(filepath.Join(disk, "filler"))); f != nil; {
		if _, err := f.Write(make([]byte, 4096)); err != nil {
			f.Close()
			f = nil
		}
	}
	before := dump(t, p)
	annotated := 0
	for i := range 10000 {
		before = dump(t, p)
		if full = p.Annotate(ctx, v.ID, img.ID, 0, whole(c[i%2])); full != nil {
			break
		}
		annotated++
	}
	if !errors.Is(full, ErrDiskFull) {
		t.Fatal(full)
	}
	sameDump(t, "a full disk", before, dump(t, p))
	// It can be closed and opened all the same, so that a person can look and make room.
	dir := p.Dir()
	p.Close()
	p = must[*Project](t)(Open(ctx, dir))
	sameDump(t, "a full disk, opened again", before, dump(t, p))
	if n := must[int](t)(p.Count(ctx, Query{View: v.ID})); n != added {
		t.Fatalf("%d of %d images", n, added)
	}
	if tmp, _ := filepath.Glob(filepath.Join(p.Dir(), "images", "tmp", "*")); len(tmp) > 0 {
		t.Fatal(tmp)
	}
	// With room again it goes on, also after opening anew.
	ok(t, os.Remove(ballast))
	ok(t, p.Annotate(ctx, v.ID, img.ID, 0, whole(c...)))
	ok(t, p.Close())
	p = must[*Project](t)(Open(ctx, p.Dir()))
	if report := must[Report](t)(p.Check(ctx, false, nil)); len(report.Problems) > 0 || report.Images != added {
		t.Fatalf("%+v", report)
	}
	ok(t, p.Close())
	t.Logf("%d images and %d annotations until the disk was full", added, annotated)
}

func TestCreateOnFullDisk(t *testing.T) {
	disk := smallDisk(t, "64k")
	dir := filepath.Join(disk, "project")
	if _, err := Create(context.Background(), dir, "Full"); !errors.Is(err, ErrDiskFull) {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "project.db*")); len(left) > 0 {
		t.Fatal(left)
	}
}

// TestReadOnlyFolder uses a file system that is mounted for reading, which holds for root too.
func TestReadOnlyFolder(t *testing.T) {
	ctx := context.Background()
	disk := smallDisk(t, "8m")
	p := must[*Project](t)(Create(ctx, filepath.Join(disk, "project"), "RO"))
	ok(t, p.Close())
	if err := unix.Mount("", disk, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Skipf("mounting for reading is not possible here: %v", err)
	}
	if _, err := Open(ctx, p.Dir()); !errors.Is(err, ErrNoPermission) {
		t.Fatal(err)
	}
	if _, err := Create(ctx, filepath.Join(disk, "other"), "RO"); !errors.Is(err, ErrNoPermission) {
		t.Fatal(err)
	}
}

// TestFolderWithoutRights is for everybody but root, whom rights do not stop.
func TestFolderWithoutRights(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may do everything; see TestReadOnlyFolder")
	}
	ctx := context.Background()
	p := newProject(t)
	ok(t, p.Close())
	ok(t, os.Chmod(p.Dir(), 0o500))
	defer os.Chmod(p.Dir(), 0o700)
	if _, err := Open(ctx, p.Dir()); !errors.Is(err, ErrNoPermission) {
		t.Fatal(err)
	}
}
