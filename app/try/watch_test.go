package try

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/app/studio/watch"
	"viewfinder/storage/domain"
)

// TestWatchFolder: the sheet starts a watch that writes and sorts, and refuses what cannot be.
func TestWatchFolder(t *testing.T) {
	s, tr := tried(t, domain.Classification, &fakeNetwork{says: catOrDog})
	dir := t.TempDir()
	in := write(t, "a.png")
	sheet := tr.newWatchSheet()
	if !sheet.start.Disabled() {
		t.Error("it can be started without a folder")
	}
	sheet.in.SetText(in)
	sheet.list.SetText(filepath.Join(dir, "out.csv"))
	sheet.aside.SetText(filepath.Join(dir, "aside"))
	if sheet.start.Disabled() {
		t.Error("it cannot be started")
	}
	sheet.less.SetText("lots")
	sheet.run()
	if len(s.Failures) != 1 || !strings.Contains(s.Failures[0].Error(), "not a percentage") {
		t.Errorf("%v", s.Failures)
	}
	sheet.less.SetText("80%")
	sheet.in.SetText(filepath.Join(dir, "gone"))
	sheet.run()
	s.Until("the refusal", func() bool { return len(s.Failures) == 2 })
	sheet.in.SetText(in)
	sheet.run()
	s.Until("the image to be put aside", func() bool { _, err := os.Stat(filepath.Join(dir, "aside", "a.png")); return err == nil })
	if b, err := os.ReadFile(filepath.Join(dir, "out.csv")); err != nil || !strings.Contains(string(b), "a.png,cat,0.750000") {
		t.Errorf("%s, %v", b, err)
	}
}

// TestWatchedText: how a watch stands.
func TestWatchedText(t *testing.T) {
	for want, n := range map[string]watch.News{
		"Waiting for images …":     {Done: 3},
		"2 images to be predicted": {Waiting: 2},
		"Waiting: gone":            {Trouble: "gone", Image: &watch.Line{File: "a"}},
		"a.jpg: cat 75.0%":         {Image: &watch.Line{File: "a.jpg", Concept: "cat", Score: 0.75}},
		"a.jpg: nothing":           {Image: &watch.Line{File: "a.jpg"}},
		"a.jpg: broken":            {Image: &watch.Line{File: "a.jpg", Error: "broken"}},
	} {
		if got := watchedText(n); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
