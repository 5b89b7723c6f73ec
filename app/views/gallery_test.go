package views

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"viewfinder/app/studio"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

// The gallery lists what its filters choose, in the order that is asked for, and says how much that is.
func TestGalleryFilters(t *testing.T) {
	s := newStand(t, domain.Classification, 3)
	f, g := s.page.gallery.filters, s.page.gallery
	list := func(what string, set func(), want int) {
		t.Helper()
		n := s.page.loading
		set()
		s.Until(what, func() bool { return s.page.loading > n && len(s.page.ids) == want })
	}
	if len(s.page.ids) != 6 || g.found.Text() != "6 images" {
		t.Fatalf("%d are listed: %q", len(s.page.ids), g.found.Text())
	}
	red := slices.Index(f.ids, s.concept("red").ID) + 1
	list("those of a concept", func() { f.concept.SetSelectedIndex(red) }, 3)
	if g.found.Text() != "3 of 6" || !f.isSet() {
		t.Errorf("%q", g.found.Text())
	}
	list("any concept", func() { f.concept.SetSelectedIndex(0) }, 6)
	list("those with a name", func() { g.search.SetText("blue") }, 3)
	list("any name", func() { g.search.SetText("") }, 6)
	list("the not annotated", func() { f.state.SetSelected("not_annotated"); f.changed() }, 0)
	if text := versiontest.Texts(g.empty); !strings.Contains(text, "No image matches") {
		t.Errorf("%q", text)
	}
	list("all again", func() { s.Press("Show all") }, 6)
	for state, want := range map[string]int{"annotated": 6, "not_reviewed": 6, "reviewed": 0, "suggested": 0, "without_concept": 0} {
		list(state, func() { f.state.SetSelected(state); f.changed() }, want)
	}
	list("all", func() { f.reset(); f.changed() }, 6)
	var val int
	for _, d := range s.page.ids {
		if p, _ := s.page.memory.point(d); p.Image.Split == domain.SplitVal {
			val++
		}
	}
	if val > 0 {
		list("val", func() { f.split.SetSelectedIndex(2) }, val)
	}
	list("both", func() { f.split.SetSelectedIndex(0) }, 6)
	byName := s.names()
	for order, want := range map[string]studio.Query{"Newest": {Sort: studio.SortAdded, Descending: true}, "Oldest": {Sort: studio.SortAdded}, "Largest": {Sort: studio.SortSize, Descending: true}, "Name": {Sort: studio.SortName}} {
		want.View = s.View().ID
		ids, err := s.Project().DatapointIDs(t.Context(), want)
		if err != nil {
			t.Fatal(err)
		}
		f.order.SetSelected(order)
		s.Until("the order "+order, func() bool { return slices.Equal(s.page.ids, ids) })
	}
	if !slices.IsSorted(byName) {
		t.Errorf("by name: %v", byName)
	}
	s.noFailure()
}

// What a person left of a view's gallery is there again, also after the project was closed.
func TestGalleryRemembers(t *testing.T) {
	s := newStand(t, domain.Classification, 2)
	g := s.page.gallery
	g.filters.state.SetSelected("annotated")
	g.filters.order.SetSelectedIndex(2)
	g.search.SetText("red")
	s.Until("those of the name", func() bool { return len(s.page.ids) == 2 })
	s.choose(1)
	at := s.page.ids[1]
	s.page.saveKept()
	s.saved()
	restore := s.page.Recall(t.Context())
	other := New(s, s.fake, s.page.prefs)
	defer other.Close()
	if view := other.Recall(t.Context())(); view != s.View().ID {
		t.Errorf("the view %d is remembered", view)
	}
	restore()
	if k := other.kept.Views[s.View().ID]; k.State != "annotated" || k.Order != 2 || k.Text != "red" || k.At != at {
		t.Errorf("%+v is remembered", k)
	}
	s.page.ShowGallery(s.View().ID, studio.StateReviewed, 0)
	s.Until("nothing reviewed", func() bool { return len(s.page.ids) == 0 })
	if q, less := s.page.Filter(); q.State != studio.StateReviewed || !less {
		t.Errorf("%+v", q)
	}
}

// Keys do in the gallery what the table of actions defines, to all that are selected, and the disk has it.
func TestGalleryKeys(t *testing.T) {
	s := newStand(t, domain.Tagging, 2)
	g := s.page.gallery
	typed := func(r rune) {
		t.Helper()
		s.Window().Canvas().Focus(g.grid)
		g.grid.TypedRune(r)
		s.saved()
	}
	typed('v')
	s.choose(0, 1)
	if !g.bulk.content.Visible() || g.bulk.count.Text() != "2 selected" {
		t.Errorf("the bar says %q", g.bulk.count.Text())
	}
	typed('v')
	s.expect("Only annotated images can be reviewed.")
	red := s.concept("red").ID
	typed([]rune(s.concept("red").Key)[0])
	if d := s.point(1); !slices.Equal(d.Concepts(), []int64{red}) {
		t.Errorf("the concepts are %v", d.Concepts())
	}
	typed('v')
	if d := s.point(0); !d.Reviewed() {
		t.Error("not reviewed")
	}
	typed('v')
	if d := s.point(0); d.Reviewed() {
		t.Error("still reviewed")
	}
	typed([]rune(s.concept("red").Key)[0]) // all have it: it is taken away
	if d := s.point(0); len(d.Concepts()) != 0 {
		t.Errorf("the concepts are %v", d.Concepts())
	}
	s.choose(2)
	typed('w')
	if d := s.point(2); !d.Annotated || len(d.Concepts()) != 0 {
		t.Errorf("%+v", d)
	}
	before := s.point(2).Image.Split
	typed('s')
	if got := s.point(2).Image.Split; got == before {
		t.Errorf("still in %s", got)
	}
	s.page.moveSelected(domain.SplitVal)
	s.saved()
	if got := s.point(2).Image.Split; got != domain.SplitVal {
		t.Errorf("in %s", got)
	}
	s.page.clearSelected()
	s.saved()
	if s.point(2).Annotated {
		t.Error("still annotated")
	}
	g.grid.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if len(s.page.selection) != 0 {
		t.Errorf("%v is selected", s.page.selection)
	}
	typed('w')
	s.expect("Select images first")
	g.grid.TypedShortcut(&fyne.ShortcutSelectAll{})
	if len(s.page.selection) != 4 {
		t.Errorf("%d are selected", len(s.page.selection))
	}
	g.shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyQ, Modifier: fyne.KeyModifierAlt}) // nobody's
	g.grid.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if s.Until("the annotator", func() bool { return s.page.opened.point.ID != 0 }); !s.page.editor.isOpen() {
		t.Error("Enter opens nothing")
	}
	if !s.page.Escape() || s.page.editor.isOpen() || s.page.Escape() {
		t.Error("Escape does not come back to the gallery, once")
	}
	s.noFailure()
}

// The menu of what is selected acts on it; images go to the trash and come back by Undo, at which the gallery shows them.
func TestGalleryMenu(t *testing.T) {
	s := newStand(t, domain.Classification, 2)
	g := s.page.gallery
	g.menu(fyne.NewPos(1, 1))
	if s.Open() {
		s.Escape()
		s.choose()
	}
	s.choose(0, 1)
	g.menu(fyne.NewPos(200, 200))
	s.Press("Reviewed, or not")
	s.saved()
	if !s.point(0).Reviewed() || !s.point(1).Reviewed() {
		t.Error("not reviewed")
	}
	items := g.menuItems()
	concepts := items[1].ChildMenu.Items
	if len(concepts) != 2 {
		t.Fatalf("%d concepts can be given", len(concepts))
	}
	i := slices.IndexFunc(concepts, func(m *fyne.MenuItem) bool { return m.Label == "red" })
	concepts[i].Action()
	s.saved()
	if d := s.point(0); !slices.Equal(d.Concepts(), []int64{s.concept("red").ID}) || d.Reviewed() {
		t.Errorf("%+v", d)
	}
	g.without()
	s.expect("exactly one concept")
	s.Escape()
	g.deleteImages()
	s.Until("them to be gone", func() bool { return len(s.page.ids) == 2 })
	s.page.Undo(false)
	s.Until("them to be back", func() bool { return len(s.page.ids) == 4 && len(s.page.selection) == 2 })
	s.expect("Undone: ")
	s.page.Undo(true)
	s.Until("them to be gone again", func() bool { return len(s.page.ids) == 2 })
	s.expect("Redone: ")
	s.page.Undo(true)
	s.expect("nothing to redo")
	s.noFailure()
}

// In a detection, boxes are asked about before they are taken away, and concepts are refused to images.
func TestGalleryOfDetection(t *testing.T) {
	s := newStand(t, domain.Detection, 1)
	red := s.concept("red")
	if err := s.Project().Annotate(t.Context(), s.point(0).Key(), []domain.Region{{Box: &domain.Box{XMax: 0.5, YMax: 0.5}, Concepts: []int64{red.ID}}}); err != nil {
		t.Fatal(err)
	}
	s.reload()
	s.choose(0)
	s.page.setConcept(red)
	s.expect("concepts belong to boxes")
	if text := versiontest.Texts(s.page.panel.content); !strings.Contains(text, "1 box") {
		t.Errorf("the details say %q", text)
	}
	s.page.gallery.without() // the shell confirms
	s.saved()
	if d := s.point(0); !d.Annotated || len(d.Regions) != 0 {
		t.Errorf("%+v", d)
	}
	s.page.Undo(false)
	s.Until("the box", func() bool { return len(s.point(0).Regions) == 1 })
}

// What is empty says why, and what to do.
func TestEmptyStates(t *testing.T) {
	s := newStand(t, domain.Tagging, 0)
	text := func() string { return versiontest.Texts(s.page.gallery.empty) }
	if !strings.Contains(text(), "No images yet") {
		t.Errorf("%q", text())
	}
	child, err := s.Project().AddView(t.Context(), studio.View{Name: "Child", Type: domain.Tagging, ParentID: s.View().ID})
	if err != nil {
		t.Fatal(err)
	}
	s.SetView(child.ID)
	s.Until("the child", func() bool { return strings.Contains(text(), "Nothing from the parent view yet") })
	s.NoView()
	s.reload()
	if !strings.Contains(text(), "Start with images or with a view") {
		t.Errorf("%q", text())
	}
	s.Press("New view")
	if !s.Open() {
		t.Error("no dialog")
	}
	s.Escape()
}

// Images are shown before there is a view, with the question that leads to the first one.
func TestImagesWithoutView(t *testing.T) {
	s := newStand(t, domain.Classification, 3)
	s.NoView()
	s.reload()
	u := s.page.gallery.unviewed
	s.Until("the images", func() bool { return u.content.Visible() && u.grid.Length() == 6 })
	if s.page.gallery.grid.Visible() || len(s.page.gallery.empty.Objects) != 0 {
		t.Error("the gallery of datapoints is shown, too")
	}
	if got := s.page.gallery.found.Text(); got != "6 images" {
		t.Errorf("it says %q", got)
	}
	s.Until("a thumbnail", func() bool { return u.item(0, 96).Thumbnail != nil })
	for _, c := range []struct{ question, about string }{
		{"Where is it, and how many?", "located with boxes"}, {"What applies to it?", "any number of the concepts"}, {"Which one is it?", "exactly one"},
	} {
		s.Press(c.question)
		if !s.Open() {
			t.Fatalf("%s: no dialog", c.question)
		}
		if text := versiontest.Texts(s.Window().Canvas().Overlays().Top()); !strings.Contains(text, c.about) {
			t.Errorf("%s: the dialog says %q", c.question, text)
		}
		s.Escape()
	}
}
