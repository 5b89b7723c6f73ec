package widgets

import (
	"fmt"
	"image"
	"reflect"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"viewfinder/widgets/look"
)

func testGrid(t testing.TB, n int) *ImageGrid {
	t.Helper()
	look.Apply(newApp(t))
	g := NewImageGrid()
	g.Item = func(i, _ int) GridItem { return GridItem{Name: fmt.Sprintf("%06d.jpg", i)} }
	w := test.NewTempWindow(t, g)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(800, 600))
	g.SetLength(n)
	return g
}

func TestImageGridMakesOnlyCellsInSight(t *testing.T) {
	g := testGrid(t, 100_000)
	asked := 0
	item := g.Item
	g.Item = func(i, px int) GridItem { asked++; return item(i, px) }
	from, to := g.InSight()
	if from != 0 || to < 20 || to > 60 || g.Cells() != to {
		t.Fatalf("in sight %d to %d, %d cells", from, to, g.Cells())
	}
	g.ScrollTo(99_999)
	if from, to = g.InSight(); to != 100_000 || g.Cells() != to-from || asked > 2*(to-from) {
		t.Errorf("at the end: in sight %d to %d, %d cells, asked for %d", from, to, g.Cells(), asked)
	}
	for y := float32(0); y < 60_000; y += 370 { // through a good part, as a wheel does
		g.SetOffset(y)
	}
	if n := g.Cells() + len(g.body.spare); n > 100 {
		t.Errorf("%d cells exist after scrolling", n)
	}
}

// Scrolling 100,000 items by a page, and asking for all that is seen anew, keeps the window's thread free.
func TestImageGridIsQuick(t *testing.T) {
	g := testGrid(t, 100_000)
	worst := time.Duration(0)
	for i := range 50 {
		start := time.Now()
		g.SetOffset(float32(i) * 20_000)
		worst = max(worst, time.Since(start))
	}
	start := time.Now()
	g.RefreshAll()
	worst = max(worst, time.Since(start))
	t.Logf("the slowest took %v", worst)
	if worst > 250*time.Millisecond { // 5 times what it may take: other programs run beside tests
		t.Errorf("took %v", worst)
	}
}

func TestImageGridSelection(t *testing.T) {
	g := testGrid(t, 40)
	told := 0
	g.OnSelect = func() { told++ }
	tap := func(i int, mod fyne.KeyModifier) {
		t.Helper()
		e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary, Modifier: mod}
		e.Position = g.body.place(i).AddXY(20, 20)
		g.body.MouseDown(e)
		g.body.MouseUp(e)
	}
	check := func(what string, current int, want ...int) {
		t.Helper()
		if got := g.Selected(); !reflect.DeepEqual(got, want) || g.Current() != current {
			t.Fatalf("%s: %v, current %d; want %v, %d", what, got, g.Current(), want, current)
		}
	}
	tap(3, 0)
	check("click", 3, 3)
	tap(6, fyne.KeyModifierShift)
	check("shift", 6, 3, 4, 5, 6)
	tap(5, fyne.KeyModifierControl)
	check("ctrl takes away", 5, 3, 4, 6)
	tap(9, fyne.KeyModifierControl)
	check("ctrl adds", 9, 3, 4, 6, 9)
	tap(1, 0)
	check("click alone", 1, 1)

	columns := g.body.columns()
	key := func(k fyne.KeyName) { g.TypedKey(&fyne.KeyEvent{Name: k}) }
	key(fyne.KeyRight)
	check("right", 2, 2)
	key(fyne.KeyDown)
	check("down", 2+columns, 2+columns)
	g.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	key(fyne.KeyLeft)
	g.KeyUp(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	check("shift and left", 1+columns, 1+columns, 2+columns)
	key(fyne.KeyEnd)
	check("end", 39, 39)
	key(fyne.KeyRight)
	check("not beyond", 39, 39)
	key(fyne.KeyHome)
	key(fyne.KeyUp)
	check("nor before", 0, 0)
	g.TypedShortcut(&fyne.ShortcutSelectAll{})
	if g.SelectedCount() != 40 {
		t.Error("not all selected")
	}
	if told < 10 {
		t.Errorf("told only %d times", told)
	}

	// A rubber band around the first two of the second row.
	g.SelectOnly(-1)
	from := g.body.place(columns).AddXY(-4, -4)
	to := g.body.place(columns+1).AddXY(40, 40)
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = from
	g.body.MouseDown(e)
	d := &fyne.DragEvent{}
	d.Position = to
	g.body.Dragged(d)
	g.body.DragEnd()
	check("rubber band", columns+1, columns, columns+1)
}

func TestImageGridOpens(t *testing.T) {
	g := testGrid(t, 10)
	opened := -1
	g.OnOpen = func(i int) { opened = i }
	g.SelectOnly(4)
	g.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if opened != 4 {
		t.Errorf("Enter opened %d", opened)
	}
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = g.body.place(7).AddXY(20, 20)
	for range 2 {
		g.body.MouseDown(e)
		g.body.MouseUp(e)
	}
	if opened != 7 {
		t.Errorf("a double click opened %d", opened)
	}
}

func TestImageGridForgetsWhatIsGone(t *testing.T) {
	g := testGrid(t, 20)
	g.SelectAll()
	g.SetLength(3)
	if got := g.Selected(); !reflect.DeepEqual(got, []int{0, 1, 2}) {
		t.Errorf("selected %v", got)
	}
	g.SetLength(0)
	if g.Current() != -1 || g.SelectedCount() != 0 || g.Cells() != 0 {
		t.Errorf("current %d, %d selected, %d cells", g.Current(), g.SelectedCount(), g.Cells())
	}
}

func goldenItems() []GridItem {
	picture := func(w, h int) image.Image { return scene(w, h) }
	return []GridItem{
		{Thumbnail: picture(136, 102), Chips: []Swatch{{"Cardboard", look.Concept(0)}}, Annotated: true, Reviewed: true},
		{Thumbnail: picture(90, 136), Chips: []Swatch{{"Glass", look.Concept(1)}, {"Wet", look.Concept(2)}}, Mark: "val"},
		{Thumbnail: picture(136, 136), Boxes: []GridBox{
			{Box: Rect{0.1, 0.2, 0.5, 0.8}, Color: look.Concept(0)},
			{Box: Rect{0.6, 0.5, 0.9, 0.9}, Color: look.Concept(4), Suggested: true}},
			Chips: []Swatch{{"12 boxes", look.Concept(0)}}, Suggested: true},
		{Name: "waste/not-here-yet-and-a-long-name.jpg"},
		{Failed: true, Name: "broken.jpg"},
		{Thumbnail: picture(136, 60), Note: "without concept", Annotated: true},
	}
}

func TestImageGridGolden(t *testing.T) {
	golden(t, "imagegrid", fyne.NewSize(490, 350), func() fyne.CanvasObject {
		g := NewImageGrid()
		items := goldenItems()
		g.Item = func(i, _ int) GridItem { return items[i] }
		g.SetLength(len(items))
		g.SetSelected([]int{1, 2})
		g.focused = true
		return g
	})
	golden(t, "filmstrip", fyne.NewSize(400, 84), func() fyne.CanvasObject {
		g := NewFilmstrip(64)
		items := goldenItems()
		g.Item = func(i, _ int) GridItem { return items[i] }
		g.SetLength(len(items))
		g.SelectOnly(1)
		return g
	})
}

// One page of a gallery of 100,000, all of it new.
func BenchmarkImageGridPage(b *testing.B) {
	g := testGrid(b, 100_000)
	pictures := make([]image.Image, 8)
	for i := range pictures {
		pictures[i] = scene(144, 108)
	}
	g.Item = func(i, _ int) GridItem {
		return GridItem{Thumbnail: pictures[i%8], Chips: []Swatch{{"Cardboard", look.Concept(i)}}}
	}
	for i := range b.N {
		g.SetOffset(float32(i%1000) * 1200)
	}
}
