package features

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"viewfinder/storage/domain"
)

var content = strings.Repeat("ab", 32)

func key(t *testing.T, view string) Key {
	t.Helper()
	k, ok := KeyOf(content, nil, view)
	if !ok {
		t.Fatal("no key")
	}
	return k
}

func mustOpen(t *testing.T, dir, name string, size int, most int64) *Cache {
	t.Helper()
	c, err := Open(dir, name, size, most)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestKeys(t *testing.T) {
	crop := &domain.Box{XMin: 0.1, YMin: 0.2, XMax: 0.5, YMax: 0.6}
	seen := map[Key]bool{}
	for _, k := range []func() (Key, bool){
		func() (Key, bool) { return KeyOf(content, nil, "") },
		func() (Key, bool) { return KeyOf(content, nil, "mirrored") },
		func() (Key, bool) { return KeyOf(content, crop, "") },
		func() (Key, bool) { return KeyOf(strings.Repeat("ac", 32), nil, "") },
	} {
		k, ok := k()
		if !ok || seen[k] {
			t.Error("no key, or that of another")
		}
		seen[k] = true
	}
	upper, _ := KeyOf(strings.ToUpper(content), nil, "")
	if upper != key(t, "") {
		t.Error("the same content has another key in capitals")
	}
	for _, bad := range []string{"", "ab", content + "ab", strings.Repeat("x", 64)} {
		if _, ok := KeyOf(bad, nil, ""); ok {
			t.Errorf("%q has a key", bad)
		}
	}
}

// A cache gives back what was kept, after a process was killed in the midst of a record, too.
func TestCacheAfterKill(t *testing.T) {
	dir := t.TempDir()
	c := mustOpen(t, dir, "a", 3, DefaultMost)
	c.Put(key(t, "1"), []uint16{1, 2, 3})
	c.Put(key(t, "2"), []uint16{4, 5, 6})
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "a"+ending)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(b) {
		if err := os.WriteFile(path, b[:cut], 0o644); err != nil {
			t.Fatal(err)
		}
		c := mustOpen(t, dir, "a", 3, DefaultMost)
		got := make([]uint16, 3)
		whole := max(0, cut-headerSize) / int(c.record())
		if c.Len() != whole || c.Get(key(t, "1"), got) != (whole > 0) || whole > 0 && got[2] != 3 {
			t.Fatalf("cut at %d: %d records, %v", cut, c.Len(), got)
		}
		c.Put(key(t, "2"), []uint16{7, 8, 9})
		if !c.Get(key(t, "2"), got) || got[0] != 7 {
			t.Fatalf("cut at %d: %v", cut, got)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	// A record that was damaged is none.
	b[headerSize+keySize]++
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	c = mustOpen(t, dir, "a", 3, DefaultMost)
	if got := make([]uint16, 3); c.Get(key(t, "1"), got) || !c.Get(key(t, "2"), got) {
		t.Error("a damaged record is given, or a sound one is not")
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	// A file of records of another size begins anew.
	if c = mustOpen(t, dir, "a", 4, DefaultMost); c.Len() != 0 {
		t.Error("records of another size")
	}
}

// Of two that have it open one writes; the other reads what is there.
func TestTwoWindows(t *testing.T) {
	dir := t.TempDir()
	a := mustOpen(t, dir, "a", 1, DefaultMost)
	a.Put(key(t, "1"), []uint16{1})
	b := mustOpen(t, dir, "a", 1, DefaultMost)
	got := make([]uint16, 1)
	if !b.Get(key(t, "1"), got) {
		t.Error("the second doesn't see what is there")
	}
	b.Put(key(t, "2"), []uint16{2})
	if b.Get(key(t, "2"), got) || b.Fault() != nil {
		t.Error("the second writes, or complains")
	}
	a.Put(key(t, "3"), []uint16{3})
	if !a.Get(key(t, "3"), got) || got[0] != 3 {
		t.Error("the first no longer writes")
	}
}

// What does not fit is not kept, and does not harm what is.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	c := mustOpen(t, dir, "a", 2, DefaultMost)
	c.Put(key(t, "1"), []uint16{1, 2})
	real := write
	write = func(f *os.File, b []byte, at int64) (int, error) {
		n, _ := f.WriteAt(b[:5], at)
		return n, &os.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	c.Put(key(t, "2"), []uint16{3, 4})
	write = real
	if !errors.Is(c.Fault(), syscall.ENOSPC) {
		t.Errorf("fault %v", c.Fault())
	}
	c.Put(key(t, "3"), []uint16{5, 6})
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c = mustOpen(t, dir, "a", 2, DefaultMost)
	got := make([]uint16, 2)
	if c.Len() != 1 || !c.Get(key(t, "1"), got) || got[1] != 2 {
		t.Errorf("%d records, %v", c.Len(), got)
	}
}

func TestBounded(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"old", "used", "new"} {
		c := mustOpen(t, dir, name, 100, DefaultMost)
		c.Put(key(t, "1"), make([]uint16, 100))
		at := time.Now().Add(time.Duration(i-10) * time.Hour)
		if err := os.Chtimes(filepath.Join(dir, name+ending), at, at); err != nil {
			t.Fatal(err)
		}
		if name != "old" {
			continue
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	c := mustOpen(t, dir, "now", 100, 600) // two files of 252 bytes fit beside it; two others are in use
	if _, err := os.Stat(filepath.Join(dir, "old"+ending)); !errors.Is(err, os.ErrNotExist) {
		t.Error("the oldest stays")
	}
	for _, name := range []string{"used", "new"} {
		if _, err := os.Stat(filepath.Join(dir, name+ending)); err != nil {
			t.Error(err)
		}
	}
	for i := range 5 {
		c.Put(key(t, string(rune('a'+i))), make([]uint16, 100))
	}
	if c.Len() != 2 || c.Fault() != nil {
		t.Errorf("%d records in 600 bytes, %v", c.Len(), c.Fault())
	}
}

func TestNowhereToKeep(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(file, "sub"), "a", 1, 1); err == nil {
		t.Error("a folder in a file")
	}
	for _, size := range []int{0, -1, maxFeatures + 1} {
		if _, err := Open(t.TempDir(), "a", size, 1); err == nil {
			t.Errorf("records of %d", size)
		}
	}
	if err := os.Mkdir(filepath.Join(filepath.Dir(file), "b"+ending), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Dir(file), "b", 1, 1); err == nil {
		t.Error("a folder in the place of the file")
	}
}

// FuzzCache opens files of anything.
func FuzzCache(f *testing.F) {
	f.Add([]byte(magic), 1)
	f.Add(append([]byte(magic), 1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff), 1)
	f.Add(append([]byte(magic), make([]byte, 200)...), 70000)
	f.Fuzz(func(t *testing.T, b []byte, size int) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a"+ending), b, 0o644); err != nil {
			t.Fatal(err)
		}
		c, err := Open(dir, "a", size, 1<<20)
		if err != nil {
			return
		}
		defer c.Close()
		k := key(t, "x")
		values := make([]uint16, size)
		for had := range c.index {
			c.Get(had, values)
		}
		values[0] = 7
		c.Put(k, values)
		got := make([]uint16, size)
		if !c.Get(k, got) && c.end+c.record() <= c.most || got[0] != 7 {
			if c.end+c.record() <= c.most {
				t.Fatalf("what was kept is not there: %v", c.Fault())
			}
		}
	})
}
