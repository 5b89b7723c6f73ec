package app

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/session"
	"viewfinder/storage/domain"
	"viewfinder/widgets"
)

// annotator is the focused annotator.
func (w *window) annotator(t testing.TB) *widgets.Annotator {
	t.Helper()
	a, ok := w.win.Canvas().Focused().(*widgets.Annotator)
	if !ok {
		t.Fatalf("%T has the focus, not the annotator", w.win.Canvas().Focused())
	}
	return a
}

func dragOn(a *widgets.Annotator, x0, y0, x1, y1 float32) {
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = fyne.NewPos(x0, y0)
	a.MouseDown(e)
	for i := 1; i <= 3; i++ {
		d := &fyne.DragEvent{}
		d.Position = fyne.NewPos(x0+(x1-x0)*float32(i)/3, y0+(y1-y0)*float32(i)/3)
		a.Dragged(d)
	}
	a.MouseUp(e)
	a.DragEnd()
}

func datapoints(t testing.TB, w *window, view string) []studio.Datapoint {
	t.Helper()
	w.shell.views.Wait(t.Context())
	v, err := w.shell.project.FindView(t.Context(), view)
	if err != nil {
		t.Fatal(err)
	}
	list, err := w.shell.project.Datapoints(t.Context(), studio.Query{View: v.ID})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// By keys alone: open an image, give concepts, go on, undo; and the database says the same.
func TestClassifyByKeys(t *testing.T) {
	w := open(t, Options{})
	w.key(fyne.KeyReturn)
	settle()
	w.annotator(t)
	for _, r := range "3123" {
		w.typed(r)
		settle()
	}
	concepts, err := w.shell.project.Concepts(t.Context(), w.shell.view.ID)
	if err != nil {
		t.Fatal(err)
	}
	list := datapoints(t, w, "Colour")
	for i, want := range []int{2, 0, 1, 2} {
		if got := list[i].Regions[0].Concepts[0]; got != concepts[want].ID {
			t.Errorf("image %d has concept %d, not %d", i, got, concepts[want].ID)
		}
	}
	before := list[3].Regions[0].Concepts[0]
	w.shortcut(&fyne.ShortcutUndo{})
	settle()
	if got := datapoints(t, w, "Colour")[3].Regions[0].Concepts[0]; got == before {
		t.Error("not undone")
	}
	w.typed('v') // reviewed
	settle()
	if !datapoints(t, w, "Colour")[3].Reviewed() { // where Undo has led
		t.Error("not reviewed")
	}
	w.key(fyne.KeyEscape)
	settle()
	if _, ok := w.win.Canvas().Focused().(*widgets.ImageGrid); !ok {
		t.Errorf("Escape leaves the focus on %T", w.win.Canvas().Focused())
	}
	if len(pending) > 0 {
		t.Error("something is left to do")
	}
}

// Boxes drawn, moved, given another concept, copied to the next image; each change is there after it was made.
func TestDrawBoxes(t *testing.T) {
	w := open(t, Options{View: "Things"})
	w.key(fyne.KeyReturn)
	settle()
	a := w.annotator(t)
	dragOn(a, 200, 200, 300, 280)
	settle()
	if len(a.Selected()) != 1 {
		t.Fatalf("what was drawn is not selected: %v", a.Selected())
	}
	list := datapoints(t, w, "Things")
	if len(list[0].Regions) != 1 {
		t.Fatalf("saved %+v", list[0].Regions)
	}
	first := list[0].Regions[0]
	w.key(fyne.KeyRight) // nudges, since a box is selected
	w.typed('2')
	settle()
	list = datapoints(t, w, "Things")
	if r := list[0].Regions[0]; r.ID != first.ID || r.Box.XMin <= first.Box.XMin || r.Concepts[0] == first.Concepts[0] {
		t.Errorf("after moving and another concept: %+v, before %+v", r, first)
	}
	w.key(fyne.KeyReturn) // next
	settle()
	w.typed('d')
	settle()
	list = datapoints(t, w, "Things")
	if len(list[1].Regions) != 1 || *list[1].Regions[0].Box != *list[0].Regions[0].Box {
		t.Errorf("copied %+v", list[1].Regions)
	}
	w.key(fyne.KeyDelete)
	settle()
	if list = datapoints(t, w, "Things"); len(list[1].Regions) != 0 || !list[1].Annotated {
		t.Errorf("after deleting: %+v", list[1])
	}
	w.key(fyne.KeyReturn)
	settle()
	w.typed('w')
	settle()
	if list = datapoints(t, w, "Things"); !list[2].Annotated || len(list[2].Regions) != 0 {
		t.Errorf("without concept: %+v", list[2])
	}
	for range 6 { // back to the beginning
		w.shortcut(&fyne.ShortcutUndo{})
		settle()
	}
	for i, d := range datapoints(t, w, "Things") {
		if d.Annotated {
			t.Errorf("after undoing everything image %d is annotated", i)
		}
	}
}

// Quick drawing: what is drawn while the last box is still being saved loses nothing and doubles nothing.
func TestDrawQuickly(t *testing.T) {
	w := open(t, Options{View: "Things"})
	w.key(fyne.KeyReturn)
	settle()
	a := w.annotator(t)
	for i := range 8 {
		x := float32(120 + 60*i)
		dragOn(a, x, 150, x+40, 200)
	}
	settle()
	list := datapoints(t, w, "Things")
	if len(list[0].Regions) != 8 {
		t.Fatalf("%d boxes are saved", len(list[0].Regions))
	}
	marks := a.Marks()
	for i, r := range list[0].Regions {
		if marks[i].ID != r.ID {
			t.Errorf("box %d is %d here and %d on disk", i, marks[i].ID, r.ID)
		}
	}
}

// conceptList is the list of concepts at the right.
func conceptList(o fyne.CanvasObject) *widgets.ConceptList {
	var inside []fyne.CanvasObject
	switch o := o.(type) {
	case *widgets.ConceptList:
		return o
	case *fyne.Container:
		inside = o.Objects
	case *container.Scroll:
		inside = []fyne.CanvasObject{o.Content}
	}
	for _, c := range inside {
		if l := conceptList(c); l != nil {
			return l
		}
	}
	return nil
}

// A concept clicked while the image is still read is given to that image.
func TestClickWhileLoading(t *testing.T) {
	w := open(t, Options{})
	list := conceptList(w.shell.views.Content())
	concepts, err := w.shell.project.Concepts(t.Context(), w.shell.view.ID)
	if err != nil || list == nil {
		t.Fatal(err, list)
	}
	w.shell.views.OpenNamed("red3.png")
	until(t, "the annotator", func() bool {
		_, ok := w.win.Canvas().Focused().(*widgets.Annotator)
		return ok
	})
	list.OnPick(concepts[0].ID)
	settle()
	for _, d := range datapoints(t, w, "Colour") {
		if name := d.Image.Name; strings.HasSuffix(name, "red3.png") && d.Regions[0].Concepts[0] != concepts[0].ID {
			t.Errorf("%s has concept %d, not %d", name, d.Regions[0].Concepts[0], concepts[0].ID)
		}
	}
}

// Undo keeps its place in a quick hand's order: what is done right after it is not what it takes back.
func TestUndoInOrder(t *testing.T) {
	w := open(t, Options{View: "Things"})
	w.key(fyne.KeyReturn)
	settle()
	w.typed('w')
	w.shortcut(&fyne.ShortcutUndo{})
	w.key(fyne.KeyPageDown)
	w.typed('w')
	settle()
	if list := datapoints(t, w, "Things"); list[0].Annotated || !list[1].Annotated {
		t.Errorf("the first is annotated: %v, the second: %v", list[0].Annotated, list[1].Annotated)
	}
}

// What was read before a box was drawn and comes back after that does not take it away again, nor its selection.
func TestLateReadingKeepsWhatWasDrawn(t *testing.T) {
	w := open(t, Options{View: "Things"})
	w.key(fyne.KeyReturn)
	settle()
	a := w.annotator(t)
	w.shell.views.Refresh(page.Change{Data: true, Studio: session.Change{Kind: session.ChangeAnnotations}})
	for end := time.Now().Add(time.Minute); len(pending) == 0; time.Sleep(time.Millisecond) { // until the reading is done, and waits for the window
		if time.Now().After(end) {
			t.Fatal("nothing was read within a minute")
		}
	}
	dragOn(a, 200, 200, 300, 280)
	w.shell.views.Wait(t.Context())
	until(t, "what was read", func() bool {
		if len(a.Marks()) != 1 || len(a.Selected()) != 1 {
			t.Fatalf("%d boxes, selected %v", len(a.Marks()), a.Selected())
		}
		return a.Marks()[0].ID > 0
	})
	before := a.Marks()[0].Box
	w.key(fyne.KeyDown)
	w.key(fyne.KeyDown)
	settle()
	if r := datapoints(t, w, "Things")[0].Regions; len(r) != 1 || r[0].Box.YMin <= before.YMin || r[0].Box.YMin != a.Marks()[0].Box.YMin {
		t.Errorf("nudged from %v to %+v, shown %+v", before, r, a.Marks())
	}
}

// From Enter to the next image's being drawn, but for the graphics card's part: its neighbours were made ready before, so that
// a photo of 12 megapixels takes the same.
func BenchmarkNextImage(b *testing.B) {
	w := open(b, Options{})
	w.key(fyne.KeyReturn)
	settle()
	a := w.annotator(b)
	steps := 0
	b.ResetTimer()
	for range b.N {
		b.StopTimer()
		time.Sleep(20 * time.Millisecond)
		for len(pending) > 0 {
			(<-pending)()
		}
		forth := steps/20%2 == 0
		steps++
		before := w.shell.views.Shown()
		b.StartTimer()
		if forth {
			w.key(fyne.KeyReturn)
		} else {
			w.key(fyne.KeyPageUp)
		}
		until(b, "the picture", func() bool { now := w.shell.views.Shown(); return now != "" && now != before })
		a.Frame(760, 590)
	}
}

// The filmstrip gets its images also where the gallery asked for them first, or everything was forgotten meanwhile.
func TestFilmstripFills(t *testing.T) {
	unraced(t)
	w := open(t, Options{})
	w.shell.views.OpenNamed("red3.png")
	settle()
	w.annotator(t)
	if empty := w.shell.views.EmptyCells(); empty != 0 {
		t.Errorf("%d cells of the filmstrip are empty", empty)
	}
	if _, err := w.shell.project.AddConcept(t.Context(), domain.Concept{ViewID: w.shell.view.ID, Name: "another"}); err != nil {
		t.Fatal(err)
	}
	settle()
	if empty := w.shell.views.EmptyCells(); empty != 0 {
		t.Errorf("%d cells of the filmstrip are empty after a change", empty)
	}
}
