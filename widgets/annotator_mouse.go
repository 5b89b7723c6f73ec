package widgets

import (
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

type gestureKind int

const (
	gestureNone gestureKind = iota
	gesturePan
	gestureDraw
	gestureMove
	gestureResize
	gestureBand // a rubber band that selects
)

// gesture is what a pressed button is doing.
type gesture struct {
	kind   gestureKind
	start  fyne.Position // where the button went down
	last   fyne.Position
	box    Rect   // what is drawn, or the band
	before []Mark // the regions as they were
	handle handle
	moved  bool
	add    bool // shift: add to the selection
}

const (
	reach     = 7  // how near a handle must be, in Fyne's pixels
	snapReach = 6  // how near the image's edge catches
	minDrawn  = 4  // a drag shorter than this, in Fyne's pixels, is a click
	snapPower = 24 // from this size of an image pixel on, edges may stand between pixels
)

// MouseDown implements desktop.Mouseable.
func (a *Annotator) MouseDown(e *desktop.MouseEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(a); c != nil {
		c.Focus(a)
	}
	a.pointer, a.inside = e.Position, true
	if a.gesture.kind != gestureNone {
		return
	}
	a.gesture = gesture{start: e.Position, last: e.Position, add: e.Modifier&fyne.KeyModifierShift != 0}
	g := &a.gesture
	switch {
	case e.Button == desktop.MouseButtonTertiary, e.Button == desktop.MouseButtonPrimary && (a.space || a.tool == ToolPan):
		g.kind = gesturePan
	case e.Button != desktop.MouseButtonPrimary:
		a.gesture = gesture{}
	case a.readOnly || a.hidden:
		g.kind = gesturePan
	default:
		a.press(g, e)
	}
	a.Refresh()
}

func (a *Annotator) press(g *gesture, e *desktop.MouseEvent) {
	force := e.Modifier&fyne.KeyModifierControl != 0
	g.before = slices.Clone(a.marks)
	if !force {
		if h, ok := a.handleAt(e.Position); ok {
			g.kind, g.handle = gestureResize, h
			return
		}
		if over := a.under(e.Position); slices.ContainsFunc(over, func(i int) bool { return slices.Contains(a.selected, i) }) {
			g.kind = gestureMove
			return
		} else if a.tool == ToolSelect && len(over) > 0 {
			if !g.add {
				a.selected = nil
			}
			a.selected = append(a.selected, over[0])
			a.tellSelected()
			g.kind, g.moved = gestureMove, false
			g.add = false
			a.lastClick = fyne.NewPos(-1, -1) // this press has selected: the click must not go on to what lies behind
			return
		}
	}
	g.kind = gestureBand
	if a.tool == ToolBox || force {
		g.kind = gestureDraw
	}
	x, y := a.fraction(e.Position)
	g.box = Rect{x, y, x, y}
}

func (a *Annotator) hand() {
	if a.OnGesture != nil {
		a.OnGesture()
	}
}

// Dragged implements fyne.Draggable: any button held.
func (a *Annotator) Dragged(e *fyne.DragEvent) {
	a.pointer, a.inside = e.Position, true
	a.dragTo(e.Position)
}

func (a *Annotator) dragTo(at fyne.Position) {
	a.hand()
	g := &a.gesture
	dx, dy := float64(at.X-g.last.X), float64(at.Y-g.last.Y)
	g.last = at
	if math.Hypot(float64(at.X-g.start.X), float64(at.Y-g.start.Y)) >= minDrawn {
		g.moved = true
	}
	switch g.kind {
	case gesturePan:
		a.view.pan(dx, dy)
		a.redrawMoving()
	case gestureDraw, gestureBand:
		x0, y0 := a.fraction(g.start)
		x1, y1 := a.fraction(at)
		g.box = Rect{x0, y0, x1, y1}.ordered()
	case gestureMove:
		if g.moved {
			a.moveSelected(at)
		}
	case gestureResize:
		x, y := a.fraction(at)
		i := a.selected[0]
		a.marks[i].Box = g.handle.drag(g.before[i].Box, x, y)
	}
	a.tellPointer()
	a.Refresh()
}

// moveSelected moves by whole image pixels, and together: the first to reach the image's edge stops all.
func (a *Annotator) moveSelected(at fyne.Position) {
	g := &a.gesture
	dx := math.Round(float64(at.X-g.start.X)/a.view.scale) / a.view.imageW
	dy := math.Round(float64(at.Y-g.start.Y)/a.view.scale) / a.view.imageH
	around := Rect{1, 1, 0, 0}
	for _, i := range a.selected {
		b := g.before[i].Box
		around = Rect{min(around.XMin, b.XMin), min(around.YMin, b.YMin), max(around.XMax, b.XMax), max(around.YMax, b.YMax)}
	}
	dx = a.snapMove(dx, around.XMin, around.XMax, a.view.imageW)
	dy = a.snapMove(dy, around.YMin, around.YMax, a.view.imageH)
	for _, i := range a.selected {
		a.marks[i].Box = g.before[i].Box.moved(dx, dy)
	}
}

func (a *Annotator) snapMove(d, low, high, size float64) float64 {
	near := snapReach / (a.view.scale * size)
	if math.Abs(low+d) < near {
		return -low
	}
	if math.Abs(1-high-d) < near {
		return 1 - high
	}
	return math.Max(-low, math.Min(1-high, d))
}

// DragEnd implements fyne.Draggable.
func (a *Annotator) DragEnd() { a.release() }

// MouseUp implements desktop.Mouseable.
func (a *Annotator) MouseUp(*desktop.MouseEvent) { a.release() }

func (a *Annotator) release() {
	g := a.gesture
	a.gesture = gesture{}
	switch g.kind {
	case gesturePan:
		a.redraw()
	case gestureDraw:
		a.drawn(g)
	case gestureBand:
		if !g.moved {
			a.click(g)
			break
		}
		if !g.add {
			a.selected = nil
		}
		for i, m := range a.marks {
			if m.Box.Meets(g.box) && !slices.Contains(a.selected, i) {
				a.selected = append(a.selected, i)
			}
		}
		a.tellSelected()
	case gestureMove, gestureResize:
		if !g.moved {
			copy(a.marks, g.before)
			if g.kind == gestureMove {
				a.click(g)
			}
			break
		}
		if slices.Equal(g.before, a.marks) {
			break
		}
		for _, i := range a.selected {
			if a.marks[i].Box.Area() <= 0 {
				a.marks[i].Box = g.before[i].Box
			}
		}
		what := "Move box"
		if g.kind == gestureResize {
			what = "Resize box"
		}
		a.changed(what)
	case gestureNone:
		return
	}
	a.Refresh()
}

func (a *Annotator) drawn(g gesture) {
	w := (g.box.XMax - g.box.XMin) * a.view.imageW * a.view.scale
	h := (g.box.YMax - g.box.YMin) * a.view.imageH * a.view.scale
	if !g.moved || w < minDrawn/2 || h < minDrawn/2 || g.box.Area() <= 0 {
		a.click(g)
		return
	}
	m := a.brush
	m.ID, m.Box = 0, g.box
	a.marks = append(a.marks, m)
	a.selected = []int{len(a.marks) - 1}
	a.changed("Draw box")
	a.tellSelected()
}

// click selects what is under the pointer; a click where the last one was selects what lies behind.
func (a *Annotator) click(g gesture) {
	over := a.under(g.start)
	again := g.start == a.lastClick
	justPicked := a.lastClick.X < 0 && a.lastClick.Y < 0
	a.lastClick = g.start
	if justPicked && g.kind == gestureMove {
		return
	}
	before := slices.Clone(a.selected)
	switch {
	case len(over) == 0:
		if !g.add {
			a.selected = nil
		}
		a.pointOut(g.start)
	case g.add:
		if i := slices.Index(a.selected, over[0]); i >= 0 {
			a.selected = slices.Delete(a.selected, i, i+1)
		} else {
			a.selected = append(a.selected, over[0])
		}
	case again && len(a.selected) == 1 && slices.Contains(over, a.selected[0]):
		a.selected = []int{over[(slices.Index(over, a.selected[0])+1)%len(over)]}
	default:
		a.selected = []int{over[0]}
	}
	if !slices.Equal(before, a.selected) {
		a.tellSelected()
	}
}

// under gives what lies under a point, the smallest first: it is the one meant, and the large ones can be reached beside it.
func (a *Annotator) under(at fyne.Position) []int {
	if a.hidden {
		return nil
	}
	ix, iy := a.view.toImage(float64(at.X), float64(at.Y))
	x, y := ix/a.view.imageW, iy/a.view.imageH
	tx, ty := 2/(a.view.scale*a.view.imageW), 2/(a.view.scale*a.view.imageH)
	var over []int
	for i, m := range a.marks {
		if (Rect{m.Box.XMin - tx, m.Box.YMin - ty, m.Box.XMax + tx, m.Box.YMax + ty}).Contains(x, y) {
			over = append(over, i)
		}
	}
	slices.SortStableFunc(over, func(i, j int) int { return sign(a.marks[i].Box.Area() - a.marks[j].Box.Area()) })
	return over
}

func (a *Annotator) handleAt(at fyne.Position) (handle, bool) {
	if len(a.selected) != 1 || a.hidden || a.readOnly {
		return handle{}, false
	}
	best, found := float64(reach), handle{}
	for _, h := range handles {
		x, y := a.place(h.at(a.marks[a.selected[0]].Box))
		if d := math.Max(math.Abs(x-float64(at.X)), math.Abs(y-float64(at.Y))); d < best {
			best, found = d, h
		}
	}
	return found, best < reach
}

// place gives where a point in fractions stands in the widget.
func (a *Annotator) place(x, y float64) (px, py float64) {
	return a.view.toWidget(x*a.view.imageW, y*a.view.imageH)
}

// fraction gives the point of the image meant by a point of the widget: inside the image, on its edge when near to it,
// and on the border between two pixels unless they are so large that a finer place can be meant.
func (a *Annotator) fraction(at fyne.Position) (x, y float64) {
	ix, iy := a.view.toImage(float64(at.X), float64(at.Y))
	return a.snap(ix, a.view.imageW), a.snap(iy, a.view.imageH)
}

func (a *Annotator) snap(v, size float64) float64 {
	if size == 0 {
		return 0
	}
	near := snapReach / a.view.scale
	if v < near {
		return 0
	}
	if v > size-near {
		return 1
	}
	if a.view.scale < snapPower {
		v = math.Round(v)
	}
	return unit(v / size)
}

// Scrolled implements fyne.Scrollable: the wheel zooms at the pointer.
func (a *Annotator) Scrolled(e *fyne.ScrollEvent) {
	a.hand()
	a.pointer, a.inside = e.Position, true
	a.view.zoom(float64(e.Position.X), float64(e.Position.Y), math.Pow(1.0075, float64(e.Scrolled.DY)))
	a.redrawMoving()
	a.Refresh()
	a.tellZoom()
	a.tellPointer()
}

// MouseIn implements desktop.Hoverable.
func (a *Annotator) MouseIn(e *desktop.MouseEvent) { a.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (a *Annotator) MouseMoved(e *desktop.MouseEvent) {
	a.pointer, a.inside = e.Position, true
	if a.gesture.kind != gestureNone && a.gesture.kind != gesturePan {
		a.dragTo(e.Position)
		return
	}
	hovered := -1
	if over := a.under(e.Position); len(over) > 0 {
		hovered = over[0]
	}
	if hovered != a.hovered || a.crosshair() {
		a.hovered = hovered
		a.Refresh()
	}
	a.tellPointer()
}

// MouseOut implements desktop.Hoverable.
func (a *Annotator) MouseOut() {
	a.inside, a.hovered = false, -1
	a.Refresh()
	a.tellPointer()
}

func (a *Annotator) tellPointer() {
	if a.OnPointer == nil {
		return
	}
	ix, iy := a.view.toImage(float64(a.pointer.X), float64(a.pointer.Y))
	a.OnPointer(int(math.Floor(ix)), int(math.Floor(iy)), a.inside && ix >= 0 && iy >= 0 && ix < a.view.imageW && iy < a.view.imageH)
}

// crosshair reports whether guides run through the pointer: while a box is being drawn, or could be from here.
func (a *Annotator) crosshair() bool {
	if !a.guides || !a.inside || a.picture == nil || a.hidden || a.readOnly || a.space {
		return false
	}
	if a.gesture.kind == gestureDraw {
		return true
	}
	return a.gesture.kind == gestureNone && a.tool == ToolBox
}

// Cursor implements desktop.Cursorable.
func (a *Annotator) Cursor() desktop.Cursor {
	if a.gesture.kind == gesturePan || a.space {
		return desktop.PointerCursor
	}
	if h, ok := a.handleAt(a.pointer); ok {
		switch {
		case h.dx == 0:
			return desktop.VResizeCursor
		case h.dy == 0:
			return desktop.HResizeCursor
		}
		return desktop.PointerCursor
	}
	if a.tool == ToolBox && a.picture != nil && !a.hidden {
		return desktop.CrosshairCursor
	}
	return desktop.DefaultCursor
}

// redrawMoving draws the image quickly now and well once it stands still.
func (a *Annotator) redrawMoving() {
	a.lastMove = time.Now()
	a.redraw()
	a.settleGen++
	gen := a.settleGen
	a.later(120*time.Millisecond, func() {
		if gen == a.settleGen {
			a.lastMove = time.Time{}
			a.redraw()
		}
	})
}
