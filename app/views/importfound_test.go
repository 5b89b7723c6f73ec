package views

import (
	"strings"
	"testing"

	"viewfinder/app/studio/transfer"
)

func TestFoundLine(t *testing.T) {
	for want, f := range map[string]transfer.Found{
		"photos: 1 image (images).": {Path: "/x/photos", Format: "images", Images: 1},
		"a.csv: 1,200 images (CSV), 2 concepts: cat, dog. 3 records cannot be read and will be skipped.": {Path: "a.csv", Format: "csv", Images: 1200, Concepts: []string{"cat", "dog"}, Problems: 3},
		"b.zip: 5 images (images). 2 files of the archive will be left out, such as ../evil.png: its path leads out of the archive.": {Path: "b.zip", Format: "images", Images: 5,
			LeftOut: []transfer.ImportProblem{{Record: "../evil.png", Reason: "was left out: its path leads out of the archive"}, {Record: "x"}}},
		"s.txt: 3 images (Studio import file), 2 annotated with 5 boxes, 2 views: Items (there already), Glass (new).": {Path: "s.txt", Format: "studio", Images: 3, Marked: 2, Boxes: 5, Views: []transfer.FoundView{{Name: "Items"}, {Name: "Glass"}}},
		"d: 2 images (images).\nNot read: a.txt: the label file was not read: it looks like YOLO.\nthe data set lies in x.": {Path: "d", Format: "images", Images: 2,
			Unread: []string{"a.txt: the label file was not read: it looks like YOLO"}, Notes: []string{"the data set lies in x"}},
	} {
		if got := foundLine(f, func(v transfer.FoundView) bool { return v.Name == "Items" }); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	long := foundLine(transfer.Found{Path: "c.zip", LeftOut: []transfer.ImportProblem{{Record: strings.Repeat("é", 65000), Reason: "was left out: it is a link"}}}, nil)
	if len(long) > 300 {
		t.Errorf("a name of 65,000 letters makes a line of %d bytes", len(long))
	}
}

// TestImportable: what the sheet says can be imported names every format with annotations.
func TestImportable(t *testing.T) {
	text := importable()
	for _, f := range transfer.ImportableFormats() {
		if len(f.Holds.Tasks) > 0 && !strings.Contains(text, f.Title) {
			t.Errorf("%s is missing: %s", f.Title, text)
		}
	}
}
