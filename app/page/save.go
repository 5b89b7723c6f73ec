package page

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
)

// AskSave asks for the file to save something in, and proposes a name. The dialog itself asks before a file is replaced, and leaves an empty one.
func AskSave(s Shell, doing, name string, save func(path string)) *dialog.FileDialog {
	d := dialog.NewFileSave(func(w fyne.URIWriteCloser, err error) {
		if err != nil || w == nil {
			if err != nil {
				s.Fail(doing, err)
			}
			return
		}
		path := w.URI().Path()
		w.Close()
		save(path)
	}, s.Window())
	d.SetFileName(name)
	d.Resize(fyne.NewSize(760, 540))
	d.Show()
	return d
}
