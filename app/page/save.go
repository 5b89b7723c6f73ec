package page

import (
	"path/filepath"

	"viewfinder/widgets"
)

// AskSave asks for the file to save something in, and proposes a name, whose ending the file has. A person was asked already whether a file of that name is
// to be replaced; it is not touched before save is called.
func AskSave(s Shell, title, name string, save func(path string)) {
	var endings []string
	if e := filepath.Ext(name); e != "" {
		endings = []string{e}
	}
	widgets.AskFiles(s.Window(), widgets.FileRequest{Title: title, Action: "Save", Save: name, Endings: endings}, func(paths []string) { save(paths[0]) })
}

// AskFolder asks for a folder, beginning at start; "" is where something was chosen last.
func AskFolder(s Shell, title, action, start string, then func(dir string)) {
	widgets.AskFiles(s.Window(), widgets.FileRequest{Title: title, Action: action, Folder: true, Start: start}, func(paths []string) { then(paths[0]) })
}
