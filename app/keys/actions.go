// Package keys is what keys do: a table of all actions with their usual keys, those that a person chose instead, and how a key that Fyne
// reports is written.
//
// A key is written as in settings.json: "n" or "?" for a character, "Right" for a key by Fyne's name, "Ctrl+Shift+Z" with what is held.
// An action may have several.
package keys

// Where a key counts. Selected is the annotator while boxes are selected: it comes before Annotator.
type Where int

// The places.
const (
	Annotator Where = 1 << iota
	Selected
	Gallery
	Window
)

// Action is something a key does.
type Action struct {
	Name  string   // in settings.json
	Usual []string // the usual keys
	Title string
	Group string // the heading under which it is listed
	Where Where
	Fixed bool // it cannot have other keys; Usual is for reading only
}

const (
	groupImage  = "Annotating"
	groupBoxes  = "Boxes"
	groupLook   = "Looking"
	groupList   = "Gallery"
	groupWindow = "Window"
	both        = Annotator | Gallery
	annotating  = Annotator | Selected
)

// Actions are all that keys do, in the order in which they are listed.
var Actions = []Action{
	{"", []string{"1 … 9", "a … z"}, "Set the concept that has this key", groupImage, both, true},
	{"find_concept", []string{"/"}, "Find a concept by its name", groupImage, annotating | Gallery, false},
	{"next", []string{"Right", "Return", "Next"}, "Next image", groupImage, Annotator, false},
	{"previous", []string{"Left", "Prior"}, "Previous image", groupImage, Annotator, false},
	{"next_empty", []string{"n"}, "Next image not annotated", groupImage, annotating, false},
	{"useful", []string{"u"}, "Continue with the most useful images (active learning)", groupImage, annotating | Gallery, false},
	{"without", []string{"w"}, "Annotate as without concept", groupImage, annotating | Gallery, false},
	{"reviewed", []string{"v"}, "Mark as reviewed, or not", groupImage, annotating | Gallery, false},
	{"split", []string{"s"}, "Move between train and val", groupImage, annotating | Gallery, false},
	{"test", []string{"t"}, "Move to the test split, or out of it into train", groupImage, annotating | Gallery, false},
	{"copy_previous", []string{"d"}, "Copy the previous image's boxes or concepts", groupImage, annotating, false},
	{"accept", []string{"y"}, "Accept the highlighted suggestion; the assistant's as a whole, and on to the next image", groupImage, annotating | Gallery, false},
	{"reject", []string{"x"}, "Reject the highlighted suggestion", groupImage, annotating, false},
	{"accept_all", []string{"a"}, "Accept all shown suggestions", groupImage, annotating, false},
	{"delete", []string{"Delete", "BackSpace"}, "Delete the selected boxes, or the annotation; in the gallery the images", groupImage, annotating | Gallery, false},
	{"back", []string{"Escape"}, "Deselect; back to the gallery", groupImage, annotating, false},

	{"box", []string{"b"}, "Draw boxes, or select and move them", groupBoxes, annotating, false},
	{"next_region", []string{"Tab"}, "Next box", groupBoxes, annotating, false},
	{"previous_region", []string{"Shift+Tab"}, "Previous box", groupBoxes, annotating, false},
	{"nudge_left", []string{"Left"}, "Move the selected boxes left by one pixel", groupBoxes, Selected, false},
	{"nudge_right", []string{"Right"}, "Move the selected boxes right by one pixel", groupBoxes, Selected, false},
	{"nudge_up", []string{"Up"}, "Move the selected boxes up by one pixel", groupBoxes, Selected, false},
	{"nudge_down", []string{"Down"}, "Move the selected boxes down by one pixel", groupBoxes, Selected, false},
	{"nudge_left_10", []string{"Shift+Left"}, "Move the selected boxes left by ten pixels", groupBoxes, Selected, false},
	{"nudge_right_10", []string{"Shift+Right"}, "Move the selected boxes right by ten pixels", groupBoxes, Selected, false},
	{"nudge_up_10", []string{"Shift+Up"}, "Move the selected boxes up by ten pixels", groupBoxes, Selected, false},
	{"nudge_down_10", []string{"Shift+Down"}, "Move the selected boxes down by ten pixels", groupBoxes, Selected, false},
	{"copy", []string{"Ctrl+C"}, "Copy the selected boxes, or all boxes", groupBoxes, annotating, false},
	{"paste", []string{"Ctrl+V"}, "Paste boxes, also on other images", groupBoxes, annotating, false},
	{"select_all", []string{"Ctrl+A"}, "Select everything", groupBoxes, annotating | Gallery, false},
	{"", []string{"Click again"}, "Select the box behind; Shift adds to the selection; Ctrl draws inside a selected box", groupBoxes, annotating, true},

	{"fit", []string{"f"}, "Zoom to fit", groupLook, annotating, false},
	{"actual", []string{"0"}, "Zoom to 100%", groupLook, annotating, false},
	{"zoom_in", []string{"+", "="}, "Zoom in at the pointer; also with the wheel", groupLook, annotating, false},
	{"zoom_out", []string{"-"}, "Smaller", groupLook, annotating, false},
	{"pan", []string{"Space"}, "Hold and drag to pan; also with the middle button", groupLook, annotating, false},
	{"similar", []string{"m"}, "Order the gallery by similarity to this image, or to the selected box", groupLook, annotating | Gallery, false},
	{"hide", []string{"h"}, "Hide or show all regions", groupLook, annotating, false},
	{"details", []string{"i"}, "Hide or show the details", groupLook, annotating | Gallery, false},
	{"help", []string{"?", "F1"}, "All keyboard shortcuts", groupLook, annotating | Gallery, false},

	{"open", []string{"Return"}, "Open in the annotator", groupList, Gallery, false},
	{"paste_images", []string{"Ctrl+V"}, "Paste images or files from the clipboard into the project", groupList, Gallery, false},
	{"", []string{"Arrows"}, "Move through the images; with Shift extend the selection; also Home, End, PgUp, PgDn", groupList, Gallery, true},
	{"", []string{"Esc"}, "Deselect all", groupList, Gallery, true},

	{"undo", []string{"Ctrl+Z"}, "Undo, back to the beginning of the session, and show the change", groupWindow, Window, false},
	{"redo", []string{"Ctrl+Shift+Z", "Ctrl+Y"}, "Redo", groupWindow, Window, false},
	{"search", []string{"Ctrl+F"}, "Search image names", groupWindow, Window, false},
	{"tab_views", []string{"Ctrl+1"}, "Views", groupWindow, Window, false},
	{"tab_library", []string{"Ctrl+2"}, "Library", groupWindow, Window, false},
	{"tab_training", []string{"Ctrl+3"}, "Training", groupWindow, Window, false},
	{"train", []string{"Ctrl+T"}, "Train a new model version", groupWindow, Window, false},
	{"import", []string{"Ctrl+I"}, "Import", groupWindow, Window, false},
	{"theme", []string{"Ctrl+Shift+L"}, "Light or dark theme", groupWindow, Window, false},
	{"new_project", []string{"Ctrl+N"}, "New project", groupWindow, Window, false},
	{"open_project", []string{"Ctrl+O"}, "Open a project", groupWindow, Window, false},
	{"settings", []string{"Ctrl+,"}, "Settings", groupWindow, Window, false},
	{"about", []string{"Ctrl+F1"}, "About Viewfinder: version, licence, folders", groupWindow, Window, false},
	{"close_project", []string{"Ctrl+W"}, "Close the project", groupWindow, Window, false},
	{"quit", []string{"Ctrl+Q"}, "Quit", groupWindow, Window, false},
	{"", []string{"Esc"}, "Close a dialog without changes", groupWindow, Window, true},
}
