package app

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"viewfinder/widgets"
)

// Without a session bus there is no chooser of the system, and none is started.
func TestNoPortal(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	if _, err := systemFiles(widgets.FileRequest{}); !errors.Is(err, widgets.ErrNoChooser) {
		t.Error(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "no bus"))
	if _, err := systemFiles(widgets.FileRequest{}); !errors.Is(err, widgets.ErrNoChooser) {
		t.Error(err)
	}
}

// A plus that became a space on its way is found again.
func TestWithPluses(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a+b/c+d e.png", "x y/z 100%+.png"} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, nil, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for read, want := range map[string]string{"a b/c d e.png": "a+b/c+d e.png", "a+b/c+d e.png": "a+b/c+d e.png", "x y/z 100% .png": "x y/z 100%+.png", "a b/new one.png": "a+b/new one.png"} {
		if got := withPluses(filepath.Join(dir, read)); got != filepath.Join(dir, want) {
			t.Errorf("%s is %s", read, got)
		}
	}
}
