package judge

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"viewfinder/app/studio"
	"viewfinder/app/version/versiontest"
)

// Versions that were chosen in the Library stand side by side without another click, whether the figures are there yet or not.
func TestCompareChosenVersions(t *testing.T) {
	s := versiontest.New(t, 24)
	one, two := s.TrainNow("v1", 12), s.TrainNow("v2", 20)
	window := test.NewTempWindow(t, container.NewStack())
	window.Resize(fyne.NewSize(1240, 640))
	f := New(s, s.Project())
	defer f.Close()
	window.SetContent(f.Content())
	f.Compare([]int64{one.ID, 99999})
	f.Set(two, s.View())
	f.Selected()
	side := func() bool {
		shown := versiontest.Texts(f.Content())
		return f.sheet != nil && strings.Contains(shown, "v1") && strings.Contains(shown, "v2") && strings.Contains(shown, "Accuracy")
	}
	s.Until("both side by side", func() bool { return side() && f.sheet.tabs.Selected() == sectionCompare })
	f.Compare([]int64{one.ID})
	s.Until("both again", side)
}

// What the gallery shows can be judged on, as long as it shows less than all.
func TestJudgeOnTheGallerysFilter(t *testing.T) {
	s := versiontest.New(t, 24)
	v := s.TrainNow("v1", 12)
	window := test.NewTempWindow(t, container.NewStack())
	window.Resize(fyne.NewSize(1240, 640))
	s.Gallery = &studio.Query{View: s.View().ID, Text: "red"}
	f := New(s, s.Project())
	defer f.Close()
	window.SetContent(f.Content())
	f.Set(v, s.View())
	f.Selected()
	s.Until("figures", func() bool { return f.sheet != nil && f.sheet.figures != nil })
	all := f.sheet.figures.Samples
	f.choose(source{name: onFilter, filter: s.Gallery})
	s.Until("figures on the filter", func() bool { return f.sheet != nil && f.sheet.figures != nil && f.sheet.e.Request.Filter != nil })
	if n := f.sheet.figures.Samples; n == 0 || n == all {
		t.Errorf("%d images are judged on, %d before", n, all)
	}
}
