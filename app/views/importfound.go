package views

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"viewfinder/app/studio/transfer"
	"viewfinder/storage/words"
)

// foundLine says what a source holds, before anything of it is imported: also what of it will not be. known tells whether the project has a view already.
func foundLine(f transfer.Found, known func(transfer.FoundView) bool) string {
	line := filepath.Base(f.Path) + ": " + words.Count(f.Images, "image") + " (" + transfer.FormatTitle(f.Format) + ")"
	if f.Marked > 0 {
		line += ", " + words.Number(f.Marked) + " annotated"
		if f.Boxes > 0 {
			line += " with " + words.Count(f.Boxes, "box")
		}
	}
	if len(f.Concepts) > 0 {
		names := f.Concepts
		if len(names) > 8 {
			names = append(slices.Clone(names[:8]), fmt.Sprintf("%d more", len(f.Concepts)-8))
		}
		line += ", " + words.Count(len(f.Concepts), "concept: ", "concepts: ") + strings.Join(names, ", ")
	}
	for i, v := range f.Views {
		if line += ", "; i == 0 {
			line += words.Count(len(f.Views), "view: ", "views: ")
		}
		line += v.Name
		if known(v) {
			line += " (there already)"
		} else {
			line += " (new)"
		}
	}
	if f.Problems > 0 {
		line += ". " + words.Count(f.Problems, "record") + " cannot be read and will be skipped"
	}
	if n := len(f.LeftOut); n > 0 {
		first := f.LeftOut[0]
		line += fmt.Sprintf(". %s of the archive will be left out, such as %s: %s", words.Count(n, "file"), shortened(first.Record), strings.TrimPrefix(first.Reason, "was left out: "))
	}
	for _, u := range f.Unread {
		line += ".\nNot read: " + u
	}
	for _, n := range f.Notes {
		line += ".\n" + n
	}
	return line + "."
}

// shortened is a name from outside, which may be of any length, as far as a line has room for it.
func shortened(name string) string {
	const most = 60
	if letters := []rune(name); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return name
}

// importable says what can be imported.
func importable() string {
	var titles []string
	for _, f := range transfer.ImportableFormats() {
		if len(f.Holds.Tasks) > 0 {
			titles = append(titles, f.Title)
		}
	}
	last := len(titles) - 1
	return "Images, or a folder of them; annotations as " + strings.Join(titles[:last], ", ") + " or " + titles[last] + "; or a ZIP archive of any of these. You can also drop them on the window. They are copied into the project; the originals are not changed."
}
