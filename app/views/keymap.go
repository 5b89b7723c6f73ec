package views

import (
	"strings"

	"fyne.io/fyne/v2"
)

// action is something a key does.
type action struct {
	name  string // in settings
	key   string // the usual one: a character, or the name of a key
	title string
	where string // "annotator", "gallery", "" = both
}

// actions are all that keys do, in the order that the list of keys shows. Keys of concepts come before them.
var actions = []action{
	{"next", "Right", "Next image (Enter too)", "annotator"},
	{"previous", "Left", "Previous image", "annotator"},
	{"next_empty", "n", "Next image not annotated", "annotator"},
	{"without", "w", "Annotate as without concept", ""},
	{"reviewed", "v", "Mark as reviewed, or not", ""},
	{"split", "s", "To the other split: train or val", ""},
	{"copy_previous", "d", "Copy the previous image's regions", "annotator"},
	{"accept", "y", "Accept the suggestion that is pointed out", "annotator"},
	{"reject", "x", "Reject the suggestion that is pointed out", "annotator"},
	{"accept_all", "a", "Accept all suggestions that are shown", "annotator"},
	{"box", "b", "Draw boxes, or select and move them", "annotator"},
	{"delete", "Delete", "Delete the selected regions; the annotation; in the gallery the images", ""},
	{"next_region", "Tab", "Next region (with shift: previous)", "annotator"},
	{"fit", "f", "Fit the whole image", "annotator"},
	{"actual", "0", "One image pixel on one screen pixel", "annotator"},
	{"hide", "h", "Hide all regions, show them again", "annotator"},
	{"help", "?", "Show the keys", ""},
	{"back", "Escape", "Select nothing; back to the gallery", "annotator"},
	{"open", "Return", "Open in the annotator", "gallery"},
}

// fixedKeys are shown with the others; Fyne or the window takes them.
var fixedKeys = []action{
	{"", "1 … 9", "Set the concept with this key; letters given to concepts do the same", ""},
	{"", "Arrows", "Move the selected regions by a pixel (shift: ten)", "annotator"},
	{"", "Space", "Hold and drag to move the image; the wheel zooms", "annotator"},
	{"", "+  −", "Zoom", "annotator"},
	{"", "Ctrl+C  Ctrl+V", "Copy and paste regions, across images too", "annotator"},
	{"", "Ctrl+A", "Select everything", ""},
	{"", "Ctrl+Z  Ctrl+Shift+Z", "Undo and redo, back to the beginning of the session", ""},
	{"", "Ctrl+1  2  3", "Views, Library, Training", ""},
	{"", "Ctrl+I", "Import", ""},
	{"", "Ctrl+F", "Search in the names", ""},
	{"", "Ctrl+T", "Train a new model version", ""},
}

// keymap finds the action of a key.
type keymap struct {
	byKey  map[string]string
	chosen map[string]string
}

func newKeymap(chosen map[string]string) keymap {
	m := keymap{byKey: map[string]string{}, chosen: chosen}
	for _, a := range actions {
		m.byKey[m.keyOf(a)] = a.name
	}
	return m
}

func (m keymap) keyOf(a action) string {
	if k := m.chosen[a.name]; k != "" {
		return k
	}
	return a.key
}

// rune gives the action of a character; letters count the same large and small.
func (m keymap) rune(r rune) string { return m.byKey[strings.ToLower(string(r))] }

// key gives the action of a key that is not a character.
func (m keymap) key(k fyne.KeyName) string {
	switch k {
	case fyne.KeyBackspace:
		k = fyne.KeyDelete
	case fyne.KeyEnter:
		k = fyne.KeyReturn
	}
	if len(k) < 2 {
		return "" // it comes as a character too
	}
	return m.byKey[string(k)]
}
