// Package clip is what a person pastes: an image, or files that a file manager copied.
package clip

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.design/x/clipboard"
)

// Read is what the clipboard holds: pixels as a PNG, or words. It is a variable so that tests can put their own in.
var Read = func() (png []byte, text string, err error) {
	if err := clipboard.Init(); err != nil {
		return nil, "", errors.New("the clipboard cannot be read on this computer; drop the image on the window instead")
	}
	if png = clipboard.Read(clipboard.FmtImage); len(png) > 0 {
		return png, "", nil
	}
	return nil, string(clipboard.Read(clipboard.FmtText)), nil
}

// Files are the files on the clipboard. An image is written into a new folder first: dir, which the caller removes, or "".
func Files() (dir string, paths []string, err error) {
	png, text, err := Read()
	switch {
	case err != nil:
		return "", nil, err
	case len(png) > 0:
		return keep(png)
	}
	if paths = named(text); len(paths) == 0 {
		return "", nil, errors.New("the clipboard holds neither an image nor a file")
	}
	return "", paths, nil
}

// keep writes a pasted image into a folder of its own.
func keep(png []byte) (dir string, paths []string, err error) {
	if dir, err = os.MkdirTemp("", "viewfinder-pasted-"); err != nil {
		return "", nil, fmt.Errorf("saving the pasted image: %w", err)
	}
	path := filepath.Join(dir, time.Now().Format("pasted 2006-01-02 15.04.05")+".png")
	if err := os.WriteFile(path, png, 0o600); err != nil {
		os.RemoveAll(dir)
		return "", nil, fmt.Errorf("saving the pasted image: %w", err)
	}
	return dir, []string{path}, nil
}

// named finds the files that a text names, one a line: as paths, or as file: addresses.
func named(text string) []string {
	var paths []string
	for line := range strings.Lines(text) {
		line = strings.Trim(strings.TrimSpace(line), `"'`)
		if u, err := url.Parse(line); err == nil && u.Scheme == "file" {
			line = u.Path
		}
		if line == "" || strings.ContainsRune(line, 0) {
			continue
		}
		if _, err := os.Stat(line); err == nil {
			paths = append(paths, line)
		}
	}
	return paths
}
