//go:build unix

package data

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"
)

// TestPipeIsNoImage: a pipe in the place of an image is refused at once instead of being waited for.
func TestPipeIsNoImage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe.jpg")
	if err := syscall.Mkfifo(path, 0o644); err != nil {
		t.Skip("pipes cannot be made here:", err)
	}
	if _, err := readImage(path, ""); !errors.Is(err, errNotAFile) {
		t.Errorf("the error is %v", err)
	}
}
