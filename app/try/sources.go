package try

import (
	"os"

	"fyne.io/fyne/v2"

	"viewfinder/app/clip"
	"viewfinder/app/page"
	"viewfinder/app/studio/transfer"
	"viewfinder/widgets"
)

func (t *Try) chooseImages() {
	widgets.AskFiles(t.shell.Window(), widgets.FileRequest{Title: "Images to predict", Action: "Predict", Several: true, Endings: transfer.ImageEndings()}, t.add)
}

func (t *Try) chooseFolder() {
	page.AskFolder(t.shell, "Folder of images to predict", "Predict", "", func(dir string) { t.add([]string{dir}) })
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
