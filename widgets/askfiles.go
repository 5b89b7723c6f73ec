package widgets

import (
	"errors"
	"image"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
)

// FileRequest is what is asked for: files that exist, a folder, or a file to be written.
type FileRequest struct {
	Title   string
	Action  string   // on the button that takes what is chosen
	Folder  bool     // a folder is asked for
	Save    string   // the proposed name of a file to be written; "" where something that exists is asked for
	Several bool     // several files may be chosen
	Endings []string // of the files that can be chosen, such as ".jpg"; none for all
	Start   string   // the folder to begin in; "" for where something was chosen last
}

// takes reports whether a file of that name can be chosen.
func (r FileRequest) takes(name string) bool {
	return len(r.Endings) == 0 || slices.ContainsFunc(r.Endings, func(e string) bool { return strings.EqualFold(filepath.Ext(name), e) })
}

// ErrNoChooser says that the system has no chooser of its own.
var ErrNoChooser = errors.New("the system has no file chooser")

// FileDoor is the way to all choosing of files and folders. Its zero value asks by the program's own chooser, without thumbnails.
type FileDoor struct {
	// System asks by the system's own chooser, off the window's thread. No paths mean that the person thought better of it; [ErrNoChooser] that there is none.
	System func(FileRequest) ([]string, error)
	// Thumbnail reads an image file, at most px pixels wide and high, off the window's thread.
	Thumbnail func(path string, px int) (image.Image, error)
	// Recent are folders in which something was chosen, the last one first; Chose hears of one more.
	Recent func() []string
	Chose  func(dir string)
}

// Files is the door that [AskFiles] goes through.
var Files FileDoor

// AskFiles asks a person for files or folders and calls then with their absolute paths, on the window's thread; never with none.
func AskFiles(win fyne.Window, r FileRequest, then func(paths []string)) {
	door := Files
	chosen := func(paths []string) {
		if len(paths) == 0 {
			return
		}
		if door.Chose != nil {
			dir := filepath.Dir(paths[0])
			if r.Folder {
				dir = paths[0]
			}
			door.Chose(dir)
		}
		then(paths)
	}
	if r.Start == "" && door.Recent != nil {
		if recent := door.Recent(); len(recent) > 0 {
			r.Start = recent[0]
		}
	}
	own := func() { newFileChooser(win, door, r, chosen).show() }
	if door.System == nil {
		own()
		return
	}
	go func() {
		paths, err := door.System(r)
		fyne.Do(func() {
			switch {
			case err == nil:
				chosen(paths)
			default:
				if !errors.Is(err, ErrNoChooser) {
					slog.Warn("the system's file chooser does not answer; the program's own is shown", "error", err)
				}
				own()
			}
		})
	}()
}
