package try

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"golang.design/x/clipboard"

	"viewfinder/widgets"
)

func (t *Try) chooseImages() {
	d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			t.shell.Fail("open the image", err)
		case f != nil:
			f.Close()
			t.add([]string{f.URI().Path()})
		}
	}, t.shell.Window())
	d.SetFilter(storage.NewExtensionFileFilter([]string{".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif", ".JPG", ".JPEG", ".PNG"}))
	d.Resize(fyne.NewSize(760, 540))
	d.Show()
}

func (t *Try) chooseFolder() {
	d := dialog.NewFolderOpen(func(dir fyne.ListableURI, err error) {
		switch {
		case err != nil:
			t.shell.Fail("open the folder", err)
		case dir != nil:
			t.add([]string{dir.Path()})
		}
	}, t.shell.Window())
	d.Resize(fyne.NewSize(760, 540))
	d.Show()
}

// clip is what the clipboard holds: pixels as a PNG, or words. Tests put their own in.
var clip = func() (png []byte, text string, err error) {
	if err := clipboard.Init(); err != nil {
		return nil, "", errors.New("the clipboard cannot be read on this machine; drop the picture on the window instead")
	}
	if png = clipboard.Read(clipboard.FmtImage); len(png) > 0 {
		return png, "", nil
	}
	return nil, string(clipboard.Read(clipboard.FmtText)), nil
}

// paste tries what the clipboard holds: a picture, or the names of files as file managers copy them.
func (t *Try) paste() {
	ctx := t.ctx
	go func() {
		png, text, err := clip()
		var paths []string
		if err == nil && len(png) == 0 {
			if paths = pathsIn(text); len(paths) == 0 {
				err = errors.New("there is neither a picture nor the name of a file on the clipboard")
			}
		}
		dir := ""
		if err == nil && len(png) > 0 {
			dir, paths, err = keepPasted(png)
		}
		widgets.Do(func() {
			switch {
			case ctx.Err() != nil:
				if dir != "" {
					os.RemoveAll(dir)
				}
			case err != nil:
				t.shell.Fail("paste", err)
			default:
				if dir != "" {
					t.pasted = append(t.pasted, dir)
				}
				t.add(paths)
			}
		})
	}()
}

// keepPasted writes a pasted picture into a folder of its own.
func keepPasted(png []byte) (dir string, paths []string, err error) {
	if dir, err = os.MkdirTemp("", "viewfinder-pasted-"); err != nil {
		return "", nil, fmt.Errorf("keeping the pasted picture: %w", err)
	}
	path := filepath.Join(dir, time.Now().Format("pasted 2006-01-02 15.04.05")+".png")
	if err := os.WriteFile(path, png, 0o600); err != nil {
		os.RemoveAll(dir)
		return "", nil, fmt.Errorf("keeping the pasted picture: %w", err)
	}
	return dir, []string{path}, nil
}

// forgetPasted removes the pasted pictures' files.
func (t *Try) forgetPasted() {
	dirs := t.pasted
	t.pasted = nil
	if len(dirs) == 0 {
		return
	}
	go func() {
		for _, dir := range dirs {
			os.RemoveAll(dir)
		}
	}()
}

// pathsIn finds the files that a text names, one a line: as paths, or as file: addresses.
func pathsIn(text string) []string {
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
