package widgets

import (
	"image"
	"math"
	"reflect"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"viewfinder/widgets/look"
)

// scene is an image with something to see: a sky, a field, a dark disc, and a chessboard of single pixels.
func scene(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			i := img.PixOffset(x, y)
			r, g, b := uint8(120+100*y/h), uint8(160+60*y/h), uint8(220)
			if y > h*6/10 {
				r, g, b = 90, uint8(150-60*(y-h*6/10)/h), 60
			}
			dx, dy := float64(x-w*3/10)/float64(w), float64(y-h/2)/float64(h)
			if dx*dx+dy*dy < 0.02 {
				r, g, b = 40, 40, 50
			}
			if x > w*7/10 && y > h*7/10 && (x+y)%2 == 0 {
				r, g, b = 250, 250, 250
			}
			img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = r, g, b, 255
		}
	}
	return img
}

var testMarks = []Mark{
	{ID: 1, Value: 1, Box: Rect{0.1, 0.2, 0.5, 0.8}, Label: "Red blood cell", Color: look.Concept(0)},
	{ID: 2, Value: 2, Box: Rect{0.55, 0.55, 0.95, 0.95}, Label: "Platelet", Color: look.Concept(4)},
	{ID: 3, Value: 1, Box: Rect{0.2, 0.3, 0.3, 0.5}, Label: "Glass", Color: look.Concept(5)},
}

func testAnnotator(t *testing.T, w, h int) *Annotator {
	t.Helper()
	look.Apply(newApp(t))
	a := NewAnnotator()
	a.later = func(time.Duration, func()) {} // tests have no window's thread: nothing may come from another goroutine
	win := test.NewTempWindow(t, a)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(424, 324))
	a.SetImage(NewPyramid(scene(w, h)), "")
	a.SetBrush(Mark{Value: 7, Label: "Paper", Color: look.Concept(2)})
	return a
}

func press(a *Annotator, x, y float32, mod fyne.KeyModifier) {
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary, Modifier: mod}
	e.Position = fyne.NewPos(x, y)
	a.MouseDown(e)
}

func drag(a *Annotator, x0, y0, x1, y1 float32, mod fyne.KeyModifier) {
	press(a, x0, y0, mod)
	for i := 1; i <= 4; i++ {
		e := &fyne.DragEvent{}
		e.Position = fyne.NewPos(x0+(x1-x0)*float32(i)/4, y0+(y1-y0)*float32(i)/4)
		a.Dragged(e)
	}
	a.DragEnd()
	a.MouseUp(&desktop.MouseEvent{})
}

func click(a *Annotator, x, y float32, mod fyne.KeyModifier) {
	press(a, x, y, mod)
	a.MouseUp(&desktop.MouseEvent{})
}

// In a widget of 424 x 324 with a margin of 12, an image of 200 x 150 is shown twice as large from (12, 12) on.
func near(t *testing.T, what string, got, want Rect) {
	t.Helper()
	for _, d := range []float64{got.XMin - want.XMin, got.YMin - want.YMin, got.XMax - want.XMax, got.YMax - want.YMax} {
		if math.Abs(d) > 1e-9 {
			t.Fatalf("%s: %+v, want %+v", what, got, want)
		}
	}
}

func TestAnnotatorDrawsMovesResizesDeletes(t *testing.T) {
	a := testAnnotator(t, 200, 150)
	var announced []string
	a.OnChange = func(_ []Mark, what string) { announced = append(announced, what) }

	drag(a, 52, 62, 152, 162, 0)
	near(t, "drawn", a.marks[0].Box, Rect{20.0 / 200, 25.0 / 150, 70.0 / 200, 75.0 / 150})
	if a.marks[0].Value != 7 || a.marks[0].ID != 0 || !reflect.DeepEqual(a.Selected(), []int{0}) {
		t.Fatalf("drawn: %+v, selected %v", a.marks[0], a.Selected())
	}
	drag(a, 100, 100, 120, 110, 0) // on the selected box: moves it
	near(t, "moved", a.marks[0].Box, Rect{30.0 / 200, 30.0 / 150, 80.0 / 200, 80.0 / 150})
	drag(a, 172, 172, 192, 212, 0) // its lower right handle
	near(t, "resized", a.marks[0].Box, Rect{30.0 / 200, 30.0 / 150, 90.0 / 200, 100.0 / 150})
	drag(a, 72, 142, 252, 142, 0) // the left edge, dragged over the right one
	near(t, "turned round", a.marks[0].Box, Rect{90.0 / 200, 30.0 / 150, 120.0 / 200, 100.0 / 150})
	drag(a, 220, 150, 500, 150, 0) // moved against the image's edge
	near(t, "held by the edge", a.marks[0].Box, Rect{170.0 / 200, 30.0 / 150, 1, 100.0 / 150})
	a.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	a.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	a.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	a.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	near(t, "nudged", a.marks[0].Box, Rect{169.0 / 200, 40.0 / 150, 199.0 / 200, 110.0 / 150})
	a.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	if len(a.marks) != 0 {
		t.Fatal("not deleted")
	}
	want := []string{"Draw box", "Move box", "Resize box", "Resize box", "Move box", "Move box", "Move box", "Delete box"}
	if !reflect.DeepEqual(announced, want) {
		t.Errorf("announced %q, want %q", announced, want)
	}
}

func TestAnnotatorEdgesSnap(t *testing.T) {
	a := testAnnotator(t, 200, 150)
	drag(a, 15, 16, 600, 309, 0)
	near(t, "snapped", a.marks[0].Box, Rect{0, 0, 1, 1})
}

func TestAnnotatorSelection(t *testing.T) {
	a := testAnnotator(t, 200, 150)
	a.SetMarks(testMarks, false)
	var selected []int
	a.OnSelect = func(s []int) { selected = s }
	at := func(x, y float64) (float32, float32) { return float32(12 + 400*x), float32(12 + 300*y) }
	check := func(what string, want ...int) {
		t.Helper()
		if !reflect.DeepEqual(a.Selected(), want) || !reflect.DeepEqual(selected, want) {
			t.Fatalf("%s: selected %v, told %v, want %v", what, a.Selected(), selected, want)
		}
	}
	x, y := at(0.25, 0.4)
	click(a, x, y, 0)
	check("the smaller one first", 2)
	click(a, x, y, 0)
	check("then what lies behind", 0)
	click(a, x, y, 0)
	check("and round again", 2)
	x, y = at(0.75, 0.75)
	click(a, x, y, fyne.KeyModifierShift)
	check("shift adds", 2, 1)
	a.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if len(a.Selected()) != 0 {
		t.Fatal("Escape selects nothing")
	}
	a.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	check("Tab: the uppermost", 2)
	a.TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	check("Tab: next", 0)
	a.TypedShortcut(&fyne.ShortcutSelectAll{})
	check("all", 0, 1, 2)
	a.SetTool(ToolSelect)
	x, y = at(0.02, 0.02)
	x1, y1 := at(0.32, 0.52)
	drag(a, x, y, x1, y1, 0)
	check("rubber band", 0, 2)
}

func TestAnnotatorCopyPaste(t *testing.T) {
	a := testAnnotator(t, 200, 150)
	a.SetMarks(testMarks, false)
	a.Select(0)
	a.TypedShortcut(&fyne.ShortcutCopy{})
	a.TypedShortcut(&fyne.ShortcutPaste{})
	if len(a.marks) != 4 || a.marks[3].ID != 0 || a.marks[3].Box == a.marks[0].Box || a.marks[3].Value != 1 {
		t.Fatalf("pasted %+v", a.marks)
	}
	a.SetMarks(nil, false)
	a.TypedShortcut(&fyne.ShortcutPaste{})
	if len(a.marks) != 1 || a.marks[0].Box != testMarks[0].Box {
		t.Fatalf("pasted on another image: %+v", a.marks)
	}
}

func TestAnnotatorGivesUpADrawing(t *testing.T) {
	a := testAnnotator(t, 200, 150)
	a.SetMarks(testMarks, false)
	a.Select(0)
	a.OnChange = func([]Mark, string) { t.Error("changed") }
	press(a, 100, 100, 0)
	e := &fyne.DragEvent{}
	e.Position = fyne.NewPos(160, 160)
	a.Dragged(e)
	a.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	a.DragEnd()
	near(t, "as before", a.marks[0].Box, testMarks[0].Box)
}

func TestAnnotatorZoomsAtThePointer(t *testing.T) {
	a := testAnnotator(t, 2000, 1500)
	for _, dy := range []float32{40, 40, 120, -60, 400, -2000} {
		e := &fyne.ScrollEvent{}
		e.Position, e.Scrolled.DY = fyne.NewPos(212, 162), dy
		ix, iy := a.view.toImage(212, 162)
		a.Scrolled(e)
		jx, jy := a.view.toImage(212, 162)
		if math.Abs(ix-jx) > 0.5 || math.Abs(iy-jy) > 0.5 {
			t.Fatalf("wheel %v: the point under the pointer went from %v,%v to %v,%v", dy, ix, iy, jx, jy)
		}
	}
	a.Fit()
	if x, y := a.view.toWidget(0, 0); math.Abs(x-12) > 0.01 || math.Abs(y-12) > 0.01 {
		t.Errorf("fitted at %v,%v", x, y)
	}
	a.Actual()
	if a.view.scale != 1 {
		t.Errorf("1:1 is %v", a.view.scale)
	}
}

func TestAnnotatorKeysGoToTheCaller(t *testing.T) {
	a := testAnnotator(t, 200, 150)
	var keys []fyne.KeyName
	a.OnKey = func(k fyne.KeyName, _ fyne.KeyModifier) bool { keys = append(keys, k); return true }
	for _, k := range []fyne.KeyName{fyne.KeyRight, fyne.KeyEscape, fyne.KeyReturn} {
		a.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if want := []fyne.KeyName{fyne.KeyRight, fyne.KeyEscape, fyne.KeyReturn}; !reflect.DeepEqual(keys, want) {
		t.Errorf("got %v", keys)
	}
}

// However a person drags, every region stays a rectangle inside the image.
func TestAnnotatorRegionsStayValid(t *testing.T) {
	a := testAnnotator(t, 37, 23)
	a.SetMarks(testMarks, false)
	seed := uint32(1)
	next := func(n int) float32 { seed = seed*1664525 + 1013904223; return float32(int(seed>>8) % n) }
	for i := range 400 {
		switch i % 5 {
		case 3:
			e := &fyne.ScrollEvent{}
			e.Position, e.Scrolled.DY = fyne.NewPos(next(424), next(324)), next(200)-100
			a.Scrolled(e)
		case 4:
			a.Nudge(int(next(21))-10, int(next(21))-10)
		default:
			drag(a, next(424), next(324), next(900)-200, next(700)-200, fyne.KeyModifier(i%3))
		}
		for _, m := range a.marks {
			b := m.Box
			if !(0 <= b.XMin && b.XMin < b.XMax && b.XMax <= 1 && 0 <= b.YMin && b.YMin < b.YMax && b.YMax <= 1) {
				t.Fatalf("step %d: %+v", i, b)
			}
		}
	}
}

func TestAnnotatorGolden(t *testing.T) {
	size := fyne.NewSize(420, 320)
	golden(t, "annotator", size, func() fyne.CanvasObject {
		a := NewAnnotator()
		a.Resize(size)
		a.SetImage(NewPyramid(scene(200, 150)), "")
		a.SetMarks(testMarks, false)
		a.Select(1)
		a.focused = true
		return a
	})
	golden(t, "annotator-zoomed", size, func() fyne.CanvasObject {
		a := NewAnnotator()
		a.Resize(size)
		a.SetImage(NewPyramid(scene(200, 150)), "")
		a.SetTags([]Tag{{"Cardboard", look.Concept(0)}, {"Wet", look.Concept(1)}})
		a.SetTool(ToolSelect)
		a.SetTone(0.2, 0.3)
		a.view.zoomTo(300, 220, 9)
		return a
	})
	golden(t, "annotator-suggestions", size, func() fyne.CanvasObject {
		a := NewAnnotator()
		a.Resize(size)
		a.SetImage(NewPyramid(scene(200, 150)), "")
		a.SetMarks(testMarks[:1], false)
		a.SetSuggestions([]Suggestion{
			{1, Rect{0.55, 0.55, 0.95, 0.95}, "Platelet", look.Concept(4), 0.87},
			{2, Rect{0.6, 0.1, 0.9, 0.4}, "Glass", look.Concept(5), 0.62},
			{3, Rect{}, "Cardboard", look.Concept(0), 0.5},
		})
		return a
	})
	golden(t, "annotator-empty", fyne.NewSize(300, 160), func() fyne.CanvasObject {
		a := NewAnnotator()
		a.SetImage(nil, "This image cannot be read.")
		return a
	})
}

// Regions that are read anew while a button is down: what is dragged stays in the hand, the selection stays on its region, and nothing
// is dragged that is gone.
func TestAnnotatorMarksChangeWhileDragging(t *testing.T) {
	a := testAnnotator(t, 200, 150)
	a.SetTool(ToolSelect)
	grown := []Mark{{ID: 9, Value: 1, Box: Rect{0, 0, 0.1, 0.1}}, {ID: 5, Value: 1, Box: Rect{0.2, 0.2, 0.4, 0.4}}}
	saved := []Mark{{ID: 5, Value: 1, Box: Rect{0.2, 0.2, 0.4, 0.4}}}
	fresh := []Mark{{ID: -1, Value: 1, Box: Rect{0.2, 0.2, 0.4, 0.4}}}
	moveTo := func(x, y float32) {
		e := &fyne.DragEvent{}
		e.Position = fyne.NewPos(x, y)
		a.Dragged(e)
	}
	a.SetMarks(fresh, false)
	a.Select(0)
	press(a, 130, 100, 0)
	moveTo(150, 100)
	a.SetMarks(saved, true)
	a.MouseUp(&desktop.MouseEvent{})
	near(t, "moved while it was saved", a.marks[0].Box, Rect{0.25, 0.2, 0.45, 0.4})
	if a.marks[0].ID != 5 {
		t.Errorf("its ID is %d", a.marks[0].ID)
	}
	a.SetMarks(grown, true)
	if !reflect.DeepEqual(a.Selected(), []int{1}) {
		t.Errorf("selected %v", a.Selected())
	}
	for _, gone := range [][]Mark{nil, grown[:1]} {
		a.SetMarks(saved, false)
		a.Select(0)
		press(a, 172, 132, 0) // its lower right handle
		if a.gesture.kind != gestureResize {
			t.Fatal("no handle there")
		}
		moveTo(180, 140)
		a.SetMarks(gone, true)
		moveTo(190, 150)
		a.MouseUp(&desktop.MouseEvent{})
		if len(a.Selected()) != 0 && len(gone) == 0 || !reflect.DeepEqual(a.Marks(), append([]Mark(nil), gone...)) {
			t.Errorf("after all is gone: %+v, selected %v", a.Marks(), a.Selected())
		}
	}
}

// What is hidden is neither moved nor deleted by keys.
func TestAnnotatorLeavesTheHiddenAlone(t *testing.T) {
	a := testAnnotator(t, 200, 150)
	a.SetMarks(testMarks, false)
	a.Select(1)
	a.Copy()
	a.SetHidden(true)
	for _, key := range []fyne.KeyName{fyne.KeyDelete, fyne.KeyLeft, fyne.KeyTab, fyne.KeyDelete} {
		a.TypedKey(&fyne.KeyEvent{Name: key})
	}
	a.TypedShortcut(&fyne.ShortcutSelectAll{})
	a.TypedShortcut(&fyne.ShortcutPaste{})
	a.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	if !reflect.DeepEqual(a.Marks(), testMarks) || len(a.Selected()) > 0 {
		t.Errorf("%d regions, selected %v", len(a.Marks()), a.Selected())
	}
}

// A click on a suggestion points it out; what is decided on goes, and the next one is pointed out.
func TestAnnotatorPointsOutSuggestions(t *testing.T) {
	a := testAnnotator(t, 200, 150)
	if _, ok := a.Suggestion(); ok {
		t.Error("there is none")
	}
	list := []Suggestion{{ID: 1, Box: Rect{0, 0, 0.9, 0.9}}, {ID: 2, Box: Rect{0.1, 0.1, 0.5, 0.5}}, {ID: 3, Box: Rect{0.6, 0.6, 1, 1}}}
	a.OnChange = func([]Mark, string) { t.Error("changed") }
	a.SetSuggestions(list)
	want := func(id int64) {
		t.Helper()
		if s, ok := a.Suggestion(); !ok || s.ID != id {
			t.Errorf("suggestion %d is pointed out, not %d", s.ID, id)
		}
	}
	want(1)
	click(a, 112, 92, 0)
	want(2)
	a.SetSuggestions(list[1:])
	want(2)
	a.SetSuggestions(list[2:])
	want(3)
	a.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDelete})
	if len(a.suggestions) != 1 {
		t.Error("Delete took a suggestion away")
	}
}
