package project

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/version/versiontest"
	"viewfinder/widgets"
)

func TestMain(m *testing.M) { versiontest.Main(m) }

// TestSplitSheet: the counts are shown before anything is done; Divide does what was shown.
func TestSplitSheet(t *testing.T) {
	s := versiontest.New(t, 10)
	sheet := newSplitSheet(s, s.Project(), s.View(), nil)
	sheet.d.Show(nil)
	sheet.preview()
	s.Until("the preview", func() bool { return sheet.plan != nil })
	for text, good := range map[string]bool{"": false, "0": false, "100": false, "many": false, "NaN": false, "50": true} {
		sheet.val.SetText(text)
		s.Until("the preview of "+text, func() bool { return (sheet.plan != nil) == good })
		if sheet.divide.Disabled() == good && good {
			t.Errorf("%q: Divide is disabled: %s", text, sheet.message.String())
		}
	}
	sheet.val.SetText("50")
	sheet.groups.SetSelected(byExpression)
	sheet.expression.SetText("(")
	s.Until("the complaint", func() bool { return strings.Contains(sheet.message.String(), "regular expression:") })
	sheet.groups.SetSelected(eachAlone)
	s.Until("the preview", func() bool { return sheet.plan != nil && !sheet.divide.Disabled() })
	test.Tap(sheet.divide)
	s.Until("the division", func() bool { return len(s.Notes) > 0 })
	counts, err := s.Project().Counts(t.Context(), s.View().ID)
	if err != nil || counts.Val.All != 10 || counts.Train.All != 10 {
		t.Fatalf("%+v %v, failures %v", counts, err, s.Failures)
	}
}

// TestTrashSheet: what is deleted is listed, comes back, and goes for good.
func TestTrashSheet(t *testing.T) {
	s := versiontest.New(t, 3)
	ctx := t.Context()
	all, err := s.Project().Datapoints(ctx, studio.Query{View: s.View().ID})
	if err != nil {
		t.Fatal(err)
	}
	sheet := newTrashSheet(s, s.Project())
	sheet.d.Show()
	sheet.load()
	s.Until("an empty trash", func() bool { return strings.Contains(sheet.message.String(), "empty") })
	if !sheet.restore.Disabled() || !sheet.empty.Disabled() {
		t.Error("an empty trash can be restored or emptied")
	}
	if err := s.Project().DeleteImages(ctx, []int64{all[0].Image.ID, all[1].Image.ID}); err != nil {
		t.Fatal(err)
	}
	sheet.load()
	s.Until("two images", func() bool { return sheet.grid.Length() == 2 && !sheet.restore.Disabled() })
	sheet.grid.SetSelected([]int{0})
	test.Tap(sheet.restore)
	s.Until("one image", func() bool { return sheet.grid.Length() == 1 })
	test.Tap(sheet.empty)
	s.Until("none", func() bool { return sheet.grid.Length() == 0 })
	if sum, err := s.Project().Summary(ctx, 0); err != nil || sum.Images != 5 || len(s.Failures) > 0 {
		t.Errorf("%+v %v %v", sum, err, s.Failures)
	}
}

// TestPage: it counts, and its links lead to the view.
func TestPage(t *testing.T) {
	s := versiontest.New(t, 3)
	p := Show(s, s.Project())
	before := p.body.Objects[0]
	s.Until("the counts", func() bool { return p.body.Objects[0] != before })
	s.Tab = page.Library
	empty := versiontest.New(t, 0)
	p = Show(empty, empty.Project())
	before = p.body.Objects[0]
	empty.Until("the empty page", func() bool { return p.body.Objects[0] != before })
}

// From the counts of the project page lead links to the images behind them.
func TestLinksToTheGallery(t *testing.T) {
	s := versiontest.New(t, 4)
	p := Show(s, s.Project())
	var link *widgets.Link
	s.Until("the link", func() bool {
		for _, o := range test.LaidOutObjects(p.body) {
			if l, ok := o.(*widgets.Link); ok && strings.HasPrefix(l.Text(), "red") {
				link = l
			}
		}
		return link != nil
	})
	if link.Text() != "red 4" {
		t.Errorf("the link says %q", link.Text())
	}
	link.Tapped(nil)
	concepts, err := s.Project().Concepts(t.Context(), s.View().ID)
	if err != nil {
		t.Fatal(err)
	}
	if g := s.Gallery; s.Tab != page.Views || g == nil || g.View != s.View().ID || g.State != studio.StateAll || concepts[0].ID != g.Concept && concepts[1].ID != g.Concept {
		t.Errorf("%s, %+v", s.Tab, g)
	}
}
