package try

import (
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"viewfinder/app/clip"
	"viewfinder/app/studio/transfer"
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
	d.SetFilter(storage.NewExtensionFileFilter(transfer.ImageEndings()))
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

// paste tries what the clipboard holds: an image, or the names of files as file managers copy them.
func (t *Try) paste() {
	ctx := t.ctx
	go func() {
		dir, paths, err := clip.Files()
		fyne.Do(func() {
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

// forgetPasted removes the pasted images' files.
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
