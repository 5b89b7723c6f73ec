package views

import (
	"os"

	"fyne.io/fyne/v2"

	"viewfinder/app/clip"
	"viewfinder/app/studio/transfer"
)

// Paste brings what is on the clipboard into the project: an image at once, since nothing is to be asked about it (one Undo takes it
// back), files by way of the import sheet.
func (p *Page) Paste() {
	ctx := p.shell.Context()
	go func() {
		dir, paths, err := clip.Files()
		fyne.Do(func() {
			switch {
			case ctx.Err() != nil:
				forget(dir)
			case err != nil:
				p.shell.Fail("paste", err)
			case dir == "":
				p.Import(paths)
			default:
				p.runImport(transfer.ImportRequest{Sources: paths, Format: "images"}, func() { go forget(dir) })
			}
		})
	}()
}

// forget removes a pasted image's folder; the project has its own copy.
func forget(dir string) {
	if dir != "" {
		os.RemoveAll(dir)
	}
}
