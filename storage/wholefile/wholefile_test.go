package wholefile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

// A write puts the whole content there, over what was there too; one that fails leaves the file as it was and nothing beside it.
func TestWholeOrNotAtAll(t *testing.T) {
	for name, fill := range map[string]func(string, func(io.Writer) error) error{"synced": Fill, "loosely": FillLoosely} {
		dir := t.TempDir()
		path := filepath.Join(dir, "a.json")
		for _, text := range []string{"first, which is longer", "second"} {
			if err := fill(path, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
				t.Fatal(err)
			}
			if b, err := os.ReadFile(path); err != nil || string(b) != text {
				t.Errorf("%s: %q, %v", name, b, err)
			}
		}
		broken := errors.New("no more to write")
		if err := fill(path, func(w io.Writer) error { _, _ = io.WriteString(w, "half"); return broken }); !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != "second" {
			t.Errorf("%s: after a failure %q, %v", name, b, err)
		}
		if list := names(t, dir); len(list) != 1 {
			t.Errorf("%s: %v are left", name, list)
		}
		if info, err := os.Stat(path); err != nil || !isWindows && info.Mode().Perm() != 0o644 {
			t.Errorf("%s: mode %v, %v", name, info.Mode(), err)
		}
		if err := fill(filepath.Join(dir, "none", "a.json"), func(io.Writer) error { return nil }); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: in a folder that is missing: %v", name, err)
		}
	}
}

// The content is on the disk before it takes its name: a disk that refuses leaves the file as it was.
func TestSyncedBeforeRenamed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.json")
	content := func(text string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, text); return err }
	}
	if err := Fill(path, content("old")); err != nil {
		t.Fatal(err)
	}
	full := errors.New("the disk is full")
	synced := 0
	err := write(path, func(f *os.File) error {
		synced++
		if written, err := os.ReadFile(f.Name()); err != nil || string(written) != "new" {
			t.Errorf("synced with %q in it, %v", written, err)
		}
		if now, err := os.ReadFile(path); err != nil || string(now) != "old" {
			t.Errorf("under the name is %q already, %v", now, err)
		}
		return full
	}, content("new"))
	if now, _ := os.ReadFile(path); !errors.Is(err, full) || synced != 1 || string(now) != "old" {
		t.Errorf("synced %d times, error %v, the file holds %q", synced, err, now)
	}
	if list := names(t, dir); len(list) != 1 {
		t.Errorf("%v are left", list)
	}
}

func TestRename(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "a", "x"), filepath.Join(dir, "b", "x")
	for _, path := range []string{from, to} {
		if err := errors.Join(os.Mkdir(filepath.Dir(path), 0o755), Write(path, []byte(path))); err != nil {
			t.Fatal(err)
		}
	}
	if err := Rename(from, to); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(to); err != nil || string(b) != from || len(names(t, filepath.Dir(from))) != 0 {
		t.Errorf("%q, %v", b, err)
	}
	if err := Rename(from, to); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// A file in use is waited for, but not for ever, and other failures are not waited for.
func TestPatience(t *testing.T) {
	busy, other := errors.New("in use"), errors.New("read-only")
	for name, c := range map[string]struct {
		busy  int // so often, then last
		last  error
		tries int
		want  error
	}{
		"free":            {0, nil, 1, nil},
		"in use, twice":   {2, nil, 3, nil},
		"in use for ever": {1 << 30, nil, 1 + int(patience/pause), busy},
		"another failure": {1, other, 2, other},
		"gone":            {0, os.ErrNotExist, 1, os.ErrNotExist},
	} {
		clock, tries := time.Unix(0, 0), 0
		err := patiently(func() error {
			if tries++; tries <= c.busy {
				return busy
			}
			return c.last
		}, func(err error) bool { return err == busy || err == os.ErrNotExist }, func() time.Time { return clock },
			func(d time.Duration) { clock = clock.Add(d) })
		if err != c.want || tries != c.tries {
			t.Errorf("%s: %v after %d tries, want %v after %d", name, err, tries, c.want, c.tries)
		}
	}
}
