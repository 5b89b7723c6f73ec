package views

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
)

// closed waits until a dialog has done what it is for.
func (s *stand) closed() {
	s.t.Helper()
	s.Until("the dialog to close", func() bool { return !s.Open() })
	s.noFailure()
}

// view is a view of the project by its name.
func (s *stand) view(name string) studio.View {
	s.t.Helper()
	views, err := s.Project().Views(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	i := slices.IndexFunc(views, func(v studio.View) bool { return v.Name == name })
	if i < 0 {
		return studio.View{}
	}
	return views[i]
}

// A view is made with its concepts over a part of another's images, renamed, given other conditions, and deleted, by its dialogs and menu.
func TestViewDialogs(t *testing.T) {
	s := newStand(t, domain.Classification, 2)
	parent := s.View()
	s.page.newView(parent.ID)
	s.Until("the concepts of the parent", func() bool { return len(versiontest.All[*widgets.StatusChip](s.Shell)) == 2 })
	s.Press("Create")
	if text := versiontest.Texts(s.Window().Canvas().Overlays().Top()); !strings.Contains(text, "Enter a name for the view.") {
		t.Errorf("%q", text)
	}
	entries := versiontest.All[*widgets.Entry](s.Shell)
	entries[0].SetText(parent.Name)
	entries[1].SetText("scratched\n\n dented; bent ")
	versiontest.All[*widget.RadioGroup](s.Shell)[0].SetSelected("Tagging")
	s.Press("Create")
	s.Until("the refusal", func() bool {
		return strings.Contains(versiontest.Texts(s.Window().Canvas().Overlays().Top()), parent.Name)
	})
	entries[0].SetText("Damage")
	chips := versiontest.All[*widgets.Pressable](s.Shell)
	i := slices.IndexFunc(chips, func(p *widgets.Pressable) bool { return strings.Contains(versiontest.Texts(p), "red") })
	chips[i].Tapped(nil)
	s.Until("the count", func() bool {
		return strings.Contains(versiontest.Texts(s.Window().Canvas().Overlays().Top()), "Now: 2 images")
	})
	s.Press("Create")
	s.closed()
	v := s.view("Damage")
	if !v.Type.AnyNumber() || v.ParentID != parent.ID || v.Conditions == nil || v.Conditions.Concept != s.conceptOf(parent, "red") || s.View().ID != v.ID {
		t.Fatalf("%+v, %+v", v, v.Conditions)
	}
	s.Until("its concepts", func() bool { return len(s.page.concepts) == 3 })

	s.page.viewMenu(v.ID, fyne.NewPos(10, 10))
	s.Press("Conditions …")
	s.Until("the groups", func() bool { return len(versiontest.All[*widgets.StatusChip](s.Shell)) == 2 })
	s.Press("Add a group")
	s.Until("two groups", func() bool { return len(versiontest.All[*widgets.StatusChip](s.Shell)) == 4 })
	chips = versiontest.All[*widgets.Pressable](s.Shell)
	slices.Reverse(chips) // the last group's blue
	i = slices.IndexFunc(chips, func(p *widgets.Pressable) bool { return versiontest.Texts(p) == "blue" })
	chips[i].Tapped(nil)
	s.Press("Save")
	s.Until("what can never be to be refused", func() bool {
		return strings.Contains(versiontest.Texts(s.Window().Canvas().Overlays().Top()), "can never be met")
	})
	versiontest.All[*widgets.Segments](s.Shell)[0].OnChange(joinAny)
	s.Press("Save")
	s.closed()
	s.Until("the conditions", func() bool { c := s.view("Damage").Conditions; return c != nil && c.Op == "or" && len(c.Of) == 2 })

	s.page.viewMenu(v.ID, fyne.NewPos(10, 10))
	s.Press("Rename …")
	versiontest.All[*widgets.Entry](s.Shell)[0].SetText("Defects")
	s.Press("Rename")
	s.closed()
	if s.view("Defects").ID != v.ID {
		t.Error("not renamed")
	}
	s.page.deleteView(s.view("Defects"))
	s.Until("it to be gone", func() bool { return s.view("Defects").ID == 0 })
	s.page.viewMenu(12345, fyne.NewPos(10, 10))
	if s.Open() {
		t.Error("a menu for no view")
	}
	s.noFailure()
}

// conceptOf is the id of a concept of a view.
func (s *stand) conceptOf(v studio.View, name string) int64 {
	s.t.Helper()
	list, err := s.Project().Concepts(s.t.Context(), v.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range list {
		if c.Name == name {
			return c.ID
		}
	}
	return 0
}

// The editor of conditions: groups are joined by one or all, one can be taken away, and what is nested too deeply stays until it is begun anew.
func TestConditionEditor(t *testing.T) {
	s := newStand(t, domain.Tagging, 1)
	red, blue := s.concept("red").ID, s.concept("blue").ID
	c := newConditionEditor(s.page.model)
	concept := func(id int64) domain.Condition { return domain.Condition{Op: "concept", Concept: id} }
	c.before = &domain.Condition{Op: "and", Of: []domain.Condition{concept(red), {Op: "or", Of: []domain.Condition{concept(red), concept(blue)}}}}
	s.Window().SetContent(c.content)
	c.setParent(s.View().ID)
	s.Until("the groups", func() bool { return len(c.groups.groups) == 2 && c.content.Visible() })
	s.Until("the count", func() bool { return c.found.Text() == "Now: 0 images" })
	if !c.groups.all {
		t.Error("every group holds")
	}
	segments := versiontest.All[*widgets.Segments](s.Shell)
	if len(segments) != 3 {
		t.Fatalf("%d choices", len(segments))
	}
	segments[0].OnChange(joinAny)
	segments = versiontest.All[*widgets.Segments](s.Shell)
	segments[2].OnChange(joinAll)
	want := domain.Condition{Op: "or", Of: []domain.Condition{concept(red), {Op: "and", Of: []domain.Condition{concept(red), concept(blue)}}}}
	for set := range 4 {
		var ids []int64
		if set&1 == 1 {
			ids = append(ids, red)
		}
		if set&2 == 2 {
			ids = append(ids, blue)
		}
		if got := c.condition(); got.Matches(ids) != want.Matches(ids) {
			t.Errorf("%v: %+v", ids, got)
		}
	}
	s.Press("Remove this group")
	if len(c.groups.groups) != 1 {
		t.Errorf("%d groups", len(c.groups.groups))
	}
	deep := domain.Condition{Op: "and"}
	for i := range int64(10) {
		deep.Of = append(deep.Of, domain.Condition{Op: "or", Of: []domain.Condition{concept(100 + 3*i), {Op: "and", Of: []domain.Condition{concept(101 + 3*i), concept(102 + 3*i)}}}})
	}
	c.before = &deep
	c.setParent(s.View().ID)
	s.Until("what is too deep", func() bool { return c.deep })
	if c.condition() != &deep {
		t.Error("it does not stay as it is")
	}
	s.Press("Start over")
	if c.deep || c.condition() != nil {
		t.Errorf("%+v", c.condition())
	}
	c.setParent(0)
	if c.condition() != nil || c.content.Visible() {
		t.Error("all images have conditions")
	}
}

// Concepts are added, edited, ordered, merged and deleted.
func TestConceptDialogs(t *testing.T) {
	s := newStand(t, domain.Tagging, 1)
	s.page.panel.submit(" ")
	s.page.panel.add.SetText("green")
	s.page.panel.submit(" green ")
	s.Until("the third concept", func() bool { return len(s.page.concepts) == 3 && s.page.panel.add.Text == "" })
	green := s.concept("green")
	s.page.moveConcept(green.ID, -1)
	s.Until("it to be the second", func() bool { return s.page.concepts[1].ID == green.ID })
	s.page.moveConcept(green.ID, -2) // no further than the first
	s.page.conceptMenu(green.ID, fyne.NewPos(900, 90))
	s.Press("Name, colour, key …")
	entries := versiontest.All[*widgets.Entry](s.Shell)
	entries[0].SetText("red")
	s.Press("Save")
	s.Until("the refusal", func() bool {
		return strings.Contains(versiontest.Texts(s.Window().Canvas().Overlays().Top()), "red")
	})
	entries[0].SetText("lime")
	entries[1].SetText("Xw")
	if entries[1].Text != "w" {
		t.Errorf("the key is %q", entries[1].Text)
	}
	if text := versiontest.Texts(s.Window().Canvas().Overlays().Top()); !strings.Contains(text, "no longer be “") {
		t.Errorf("nothing is shown about the key: %q", text)
	}
	swatches := versiontest.All[*swatch](s.Shell)
	swatches[3].Tapped(nil)
	s.Press("Save")
	s.closed()
	s.Until("its name", func() bool { return s.page.byID[green.ID].Name == "lime" })
	if c := s.page.byID[green.ID]; c.Key != "w" || c.Color == green.Color {
		t.Errorf("%+v, was %+v", c, green)
	}
	s.page.giveConcept(domain.Tagging, []studio.Datapoint{s.point(0)}, s.page.byID[green.ID])
	s.saved()
	s.page.mergeConcept(s.page.byID[green.ID], s.concept("red"))
	s.Until("two concepts", func() bool { return len(s.page.concepts) == 2 })
	if got := s.point(0).Concepts(); !slices.Equal(got, []int64{s.concept("red").ID}) {
		t.Errorf("%v", got)
	}
	s.page.deleteConcept(s.concept("red"))
	s.Until("one concept", func() bool { return len(s.page.concepts) == 1 })
	s.page.conceptMenu(green.ID, fyne.NewPos(10, 10))
	if s.Open() {
		t.Error("a menu for no concept")
	}
	s.noFailure()
}

// The sheet of suggestions asks a version for what is chosen, says how it went, and accepts what is certain enough.
func TestSuggestionsSheet(t *testing.T) {
	s := newStand(t, domain.Tagging, 2)
	s.page.Suggest()
	s.expect("No version of this view is ready")
	v := runs.Version{}
	v.ID, v.Name, v.Status, v.ViewID = 7, "v1", domain.StatusReady, s.View().ID
	s.fake.versions = []runs.Version{v}
	s.choose(0, 1)
	s.page.Suggest()
	s.Until("the sheet", s.Open)
	scope := versiontest.All[*widget.RadioGroup](s.Shell)[0]
	if !slices.Equal(scope.Options, []string{scopeAll, scopeShown, scopeSelected}) {
		t.Errorf("%q", scope.Options)
	}
	s.Window().Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.Open() || s.Window().Canvas().Focused() != s.page.gallery.grid {
		t.Error("Escape does not lead back to the gallery")
	}
	s.page.Suggest()
	s.Until("the sheet", s.Open)
	scope = versiontest.All[*widget.RadioGroup](s.Shell)[0]
	scope.SetSelected(scopeSelected)
	versiontest.All[*widget.Slider](s.Shell)[0].SetValue(0.25)
	s.Press("Suggest")
	s.expect("v1 made suggestions for 2 images")
	if r := s.fake.requests.list()[0]; len(r.Query.Images) != 2 || r.Threshold != 0.25 {
		t.Errorf("%+v", r)
	}
	s.page.gallery.search.SetText("red")
	s.Until("those of the name", func() bool { return len(s.page.ids) == 2 })
	s.page.Suggest()
	s.Until("the sheet", s.Open)
	if scope := versiontest.All[*widget.RadioGroup](s.Shell)[0]; scope.Selected != scopeShown {
		t.Errorf("%q is chosen where the gallery is filtered", scope.Selected)
	}
	s.Press("Suggest")
	s.expect("v1 made suggestions for 1 image")
	if r := s.fake.requests.list()[1]; r.Query.Text != "red" {
		t.Errorf("%+v", r)
	}
	sheet := s.page.newSuggestSheet([]runs.Version{v})
	sheet.show()
	s.Press("Suggest")
	s.expect("v1 makes no prediction above this confidence here.")
	sheet = s.page.newSuggestSheet([]runs.Version{v})
	sheet.show()
	s.Press("Accept above")
	s.expect("1 suggestion of 1 image accepted")
	sheet = s.page.newSuggestSheet([]runs.Version{v})
	sheet.show()
	s.Press("Accept above")
	s.expect("No suggestion reaches 90%")
	s.fake.failure = errors.New("no network")
	sheet = s.page.newSuggestSheet([]runs.Version{v})
	sheet.show()
	s.Press("Suggest")
	s.Until("the failure", func() bool { return len(s.Failures) == 1 })
	// The version that suggests while one annotates cannot be loaded: it is switched off.
	sheet = s.page.newSuggestSheet([]runs.Version{v})
	sheet.show()
	versiontest.All[*widget.Check](s.Shell)[0].SetChecked(true)
	s.Press("Close")
	if s.page.assistant.version != v.ID {
		t.Error("no version suggests")
	}
	s.page.open(0)
	s.Until("the failure", func() bool { return len(s.Failures) == 2 })
	if s.page.assistant.version != 0 {
		t.Error("it still suggests")
	}
	s.NoView()
	s.page.Suggest()
	s.expect("Create a view first")
}

// What is most useful comes first, once an order was made, and opens in the annotator.
func TestMostUseful(t *testing.T) {
	s := newStand(t, domain.Tagging, 1)
	s.fake.order = predict.NextOrder{Sentence: "v1 is least certain of these", Images: 2}
	s.page.openUseful()
	s.expect("2 images, the most useful first: v1 is least certain of these.")
	s.expect("All of the most useful images are annotated")
	s.fake.made, s.fake.next = true, []int64{s.page.ids[1]}
	s.page.gallery.do("useful")
	s.there()
	if s.page.opened.point.ID != s.fake.next[0] {
		t.Errorf("%d is open", s.page.opened.point.ID)
	}
	s.page.back()
	n := s.page.loading
	s.page.gallery.filters.order.SetSelected(orderUseful)
	s.Until("the order", func() bool { return s.page.loading > n })
	s.fake.made, s.fake.failure = false, errors.New("nothing is annotated")
	s.page.openUseful()
	s.Until("the failure", func() bool { return len(s.Failures) == 1 })
}

// A folder is looked at, then imported into a view that it suits; what cannot be read is reported.
func TestImportSheet(t *testing.T) {
	s := newStand(t, domain.Classification, 1)
	dir := filepath.Join(t.TempDir(), "more")
	one, err := os.ReadFile(filepath.Join(s.Project().Dir(), "images", imageFile(t, s.Project().Dir())))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"red", "green"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "a.png"), append(slices.Clone(one), name...), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "red", "b.png"), []byte("words"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.page.Import([]string{filepath.Join(dir, "nowhere")})
	s.Until("the answer", func() bool {
		return strings.Contains(versiontest.Texts(s.Window().Canvas().Overlays().Top()), "Cannot be imported")
	})
	versiontest.All[*widgets.Entry](s.Shell)[0].OnSubmitted(dir)
	s.Until("what was found", func() bool { return len(versiontest.All[*widget.Select](s.Shell)) == 2 })
	view := versiontest.All[*widget.Select](s.Shell)[0]
	if view.Selected != "the view "+s.View().Name {
		t.Errorf("%q is proposed", view.Selected)
	}
	view.SetSelectedIndex(0)
	view.SetSelectedIndex(1)
	if n := len(versiontest.All[*canvas.Image](s.Shell)); n < 2 || !strings.Contains(versiontest.Texts(s.Window().Canvas().Overlays().Top()), "cannot be read") {
		t.Errorf("%d pictures of what was found; the third cannot be read", n)
	}
	versiontest.All[*widget.Select](s.Shell)[1].SetSelected("All to val")
	s.Press("Import")
	s.Until("the images", func() bool { return len(s.page.ids) == 4 })
	s.Until("the report", s.Open)
	if text := versiontest.Texts(s.Window().Canvas().Overlays().Top()); !strings.Contains(text, "b.png") {
		t.Errorf("%q", text)
	}
	s.Press("Close")
	s.closed()
	s.Until("three concepts", func() bool { return len(s.page.concepts) == 3 })
	for _, c := range s.page.counts {
		if c.Concept == s.concept("green").ID && c.Val != 1 {
			t.Errorf("%+v", c)
		}
	}
}

// imageFile is the path of some image within the project's images.
func imageFile(t *testing.T, dir string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "images", "*", "*"))
	if err != nil || len(found) == 0 {
		t.Fatal(found, err)
	}
	name, err := filepath.Rel(filepath.Join(dir, "images"), found[0])
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// The export sheet counts, says what the format cannot hold, and writes what was chosen.
func TestExportSheet(t *testing.T) {
	s := newStand(t, domain.Classification, 3)
	if err := s.Project().Clear(t.Context(), []studio.Key{s.point(0).Key()}); err != nil {
		t.Fatal(err)
	}
	s.page.Export(0)
	s.Until("the sheet", s.Open)
	text := func() string { return versiontest.Texts(s.Window().Canvas().Overlays().Top()) }
	s.Until("the count", func() bool { return strings.Contains(text(), words.Count(len(s.page.ids), "image")) })
	format := versiontest.All[*widget.Select](s.Shell)[0]
	if slices.Contains(format.Options, "COCO") || !slices.Contains(format.Options, "CVAT") {
		t.Errorf("formats %v", format.Options)
	}
	format.SetSelected("CVAT")
	s.Until("what is lost", func() bool { return strings.Contains(text(), "not annotated") })
	format.SetSelected("labelme")
	s.Until("nothing lost", func() bool { return !strings.Contains(text(), "not annotated and") })
	target := filepath.Join(t.TempDir(), "out")
	versiontest.All[*widgets.Entry](s.Shell)[0].SetText(target)
	s.Press("Export")
	s.Until("the files", func() bool { _, err := os.Stat(filepath.Join(target, "labels.txt")); return err == nil })
	s.closed()
	s.Until("its word", func() bool { return len(s.Notes) > 0 && strings.Contains(s.Notes[len(s.Notes)-1], "Exported") })
}
