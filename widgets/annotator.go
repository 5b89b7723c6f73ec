package widgets

import (
	"image/color"
	"math"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Mark is a region as the annotator shows and edits it. ID and Value are the caller's own and come back unchanged; a
// mark that was drawn or pasted has ID 0, and the caller may give it one below 0 until it has its own.
type Mark struct {
	ID    int64
	Value int64
	Box   Rect
	Label string
	Color color.NRGBA
}

// Tag is a word about the whole image, shown in the image's corner.
type Tag struct {
	Label string
	Color color.NRGBA
}

// Tool is what the primary mouse button does on the image.
type Tool int

// The tools: draw a box; select, move and resize; or neither, where an image has no regions of its own.
const (
	ToolBox Tool = iota
	ToolSelect
	ToolPan
)

// Annotator shows one image, lets a person look at it closely, and draw, move, resize, copy and delete boxes on it. It
// knows nothing of concepts or projects: the caller hears what changed through the callbacks, all called on the window's
// thread, and answers with [Annotator.SetMarks].
//
// Mouse: the wheel zooms at the pointer; the middle button, or any with the space key held, drags the image; with
// [ToolBox] a drag draws a box, except on the selected one, which it moves; a click selects, and again selects what lies
// behind; shift adds to the selection; the eight handles resize. Ctrl draws even on the selected box.
//
// Keys it takes itself, unless OnKey, OnRune or OnShortcut took them first: arrows move what is selected by a pixel (shift: ten),
// Delete, Tab and shift+Tab go round the regions, ctrl+C, ctrl+V, ctrl+A. Escape gives up what is being drawn or selects nothing.
type Annotator struct {
	widget.BaseWidget

	// OnChange hears the regions after the person changed them; what names the change ("Draw box").
	OnChange func(marks []Mark, what string)
	// OnSelect hears the places in marks of what is selected, the last selected one last.
	OnSelect func(selected []int)
	// OnZoom hears the size of an image pixel in screen pixels, 1 = 1:1.
	OnZoom func(scale float64)
	// OnPointer hears the image pixel under the pointer; ok is false outside of the image.
	OnPointer func(x, y int, ok bool)
	// OnKey and OnRune get every key first; true keeps it from the annotator.
	OnKey  func(key fyne.KeyName, mod fyne.KeyModifier) bool
	OnRune func(r rune) bool
	// OnGesture is called while a person draws, drags or zooms, for each movement.
	OnGesture func()
	// OnShortcut gets every ctrl+… combination first; true keeps it from the annotator.
	OnShortcut func(s fyne.Shortcut) bool
	// PanKey is the key that is held to drag the image.
	PanKey fyne.KeyName
	// OnFocus hears whether keys arrive here.
	OnFocus func(focused bool)

	picture  *Pyramid
	note     string // shown in the middle when there is no image
	marks    []Mark
	tags     []Tag
	brush    Mark
	tool     Tool
	hidden   bool
	readOnly bool
	guides   bool

	view       viewport
	tone       tone
	brightness float64
	contrast   float64

	suggestions []Suggestion
	proposed    int // the place in suggestions of the one pointed out

	selected  []int
	hovered   int
	clipboard []Mark
	pastes    int

	pointer   fyne.Position
	inside    bool
	focused   bool
	space     bool
	mods      fyne.KeyModifier
	gesture   gesture
	lastClick fyne.Position
	lastMove  time.Time
	settleGen int
	later     func(time.Duration, func()) // calls on the window's thread, after a while; tests put a clock of their own in
	renderer  *annotatorRenderer
}

var (
	_ fyne.Widget        = (*Annotator)(nil)
	_ fyne.Focusable     = (*Annotator)(nil)
	_ fyne.Tabbable      = (*Annotator)(nil)
	_ fyne.Shortcutable  = (*Annotator)(nil)
	_ fyne.Scrollable    = (*Annotator)(nil)
	_ fyne.Draggable     = (*Annotator)(nil)
	_ desktop.Mouseable  = (*Annotator)(nil)
	_ desktop.Hoverable  = (*Annotator)(nil)
	_ desktop.Cursorable = (*Annotator)(nil)
	_ desktop.Keyable    = (*Annotator)(nil)
)

// NewAnnotator makes an annotator without an image, ready to draw boxes.
func NewAnnotator() *Annotator {
	a := &Annotator{hovered: -1, guides: true, PanKey: fyne.KeySpace}
	a.later = func(d time.Duration, f func()) { time.AfterFunc(d, func() { fyne.Do(f) }) }
	a.ExtendBaseWidget(a)
	return a
}

// SetImage shows another image, fitted into the widget, with nothing selected. nil shows note instead: "Loading…", or
// why there is none.
func (a *Annotator) SetImage(p *Pyramid, note string) {
	w, h := p.Size()
	a.picture, a.note = p, note
	a.gesture = gesture{}
	a.view.imageW, a.view.imageH = float64(w), float64(h)
	a.view.fit()
	a.redraw()
	a.tellZoom()
}

// Replace shows p where what is shown now stands, without moving: a sharper version of the same image.
func (a *Annotator) Replace(p *Pyramid) {
	w, h := p.Size()
	if float64(w) != a.view.imageW || float64(h) != a.view.imageH {
		a.SetImage(p, "")
		return
	}
	a.picture = p
	a.redraw()
}

// SetMarks shows these regions. keep leaves the selection on the regions that were selected, and what is being dragged in the hand: the
// answer to a change made here.
func (a *Annotator) SetMarks(marks []Mark, keep bool) {
	old, before := a.marks, a.selected
	a.marks = slices.Clone(marks)
	if keep {
		a.selected = follow(old, a.marks, before)
		a.keepGesture(len(old) == len(a.marks) && slices.Equal(before, a.selected))
	} else {
		a.selected = nil
		a.gesture = gesture{}
	}
	a.hovered = -1
	a.Refresh()
	if !slices.Equal(before, a.selected) {
		a.tellSelected()
	}
}

// follow gives where the regions at some places stand now: those of the same ID; a new one, with an ID of 0 or below, is followed by its
// place where there are as many as before, since it gets its ID when it is saved.
func follow(old, now []Mark, places []int) []int {
	var to []int
	for _, i := range places {
		at := -1
		switch {
		case i >= len(old):
		case old[i].ID > 0 || len(old) != len(now):
			at = slices.IndexFunc(now, func(m Mark) bool { return m.ID == old[i].ID })
		default:
			at = i
		}
		if at >= 0 && !slices.Contains(to, at) {
			to = append(to, at)
		}
	}
	return to
}

// keepGesture goes on with what a pressed button is doing, on the regions that are there now; moving and resizing end where they are not
// the same ones.
func (a *Annotator) keepGesture(same bool) {
	g := &a.gesture
	if g.before == nil {
		return
	}
	dragged := g.kind == gestureMove || g.kind == gestureResize
	if dragged && !same {
		a.gesture = gesture{}
		return
	}
	g.before = slices.Clone(a.marks)
	if dragged && g.moved {
		a.dragTo(g.last)
	}
}

// Marks is what is shown now.
func (a *Annotator) Marks() []Mark { return slices.Clone(a.marks) }

// SetTags shows words about the whole image.
func (a *Annotator) SetTags(tags []Tag) {
	a.tags = slices.Clone(tags)
	a.Refresh()
}

// SetBrush says what the next box drawn will be: its value, label and colour.
func (a *Annotator) SetBrush(m Mark) {
	a.brush = m
	a.Refresh()
}

// SetTool chooses what the primary button does.
func (a *Annotator) SetTool(t Tool) {
	a.tool = t
	a.gesture = gesture{}
	a.Refresh()
}

// Tool is the one chosen.
func (a *Annotator) Tool() Tool { return a.tool }

// SetHidden hides all regions and tags, to see the image itself, or shows them again. Nothing stays selected: keys must not move or
// delete what is not seen.
func (a *Annotator) SetHidden(hidden bool) {
	a.hidden = hidden
	if len(a.suggestions) > 0 {
		a.redraw()
	}
	selected := len(a.selected) > 0
	if hidden {
		if a.gesture.before != nil {
			a.marks = a.gesture.before
		}
		a.selected, a.gesture = nil, gesture{}
	}
	a.Refresh()
	if hidden && selected {
		a.tellSelected()
	}
}

// Hidden reports whether regions are hidden.
func (a *Annotator) Hidden() bool { return a.hidden }

// SetTone changes the display alone; both from -1 to 1, 0 as the image is.
func (a *Annotator) SetTone(brightness, contrast float64) {
	a.brightness, a.contrast = brightness, contrast
	a.tone = newTone(brightness, contrast)
	a.redraw()
}

// Fit shows the whole image, as large as it goes.
func (a *Annotator) Fit() {
	a.view.fit()
	a.redraw()
	a.tellZoom()
}

// Actual shows one image pixel on one screen pixel, around the pointer.
func (a *Annotator) Actual() {
	x, y := a.zoomCentre()
	a.view.zoomTo(x, y, 1/float64(a.screenScale()))
	a.redraw()
	a.tellZoom()
}

// Zoom makes the image larger by a factor, around the pointer.
func (a *Annotator) Zoom(factor float64) {
	x, y := a.zoomCentre()
	a.view.zoom(x, y, factor)
	a.redraw()
	a.tellZoom()
}

func (a *Annotator) zoomCentre() (x, y float64) {
	if a.inside {
		return float64(a.pointer.X), float64(a.pointer.Y)
	}
	return a.view.w / 2, a.view.h / 2
}

// Selected is the places in [Annotator.Marks] of what is selected.
func (a *Annotator) Selected() []int { return slices.Clone(a.selected) }

// Select selects these places and brings the last one into sight.
func (a *Annotator) Select(places ...int) {
	a.selected = slices.DeleteFunc(slices.Clone(places), func(i int) bool { return i < 0 || i >= len(a.marks) })
	if n := len(a.selected); n > 0 && !a.view.fitted {
		b := a.marks[a.selected[n-1]].Box
		a.view.show(b.XMin*a.view.imageW, b.YMin*a.view.imageH, b.XMax*a.view.imageW, b.YMax*a.view.imageH)
		a.redraw()
	}
	a.Refresh()
	a.tellSelected()
}

// SelectNext goes round the regions, from left above to right below; step -1 goes back.
func (a *Annotator) SelectNext(step int) {
	if len(a.marks) == 0 || a.hidden {
		return
	}
	order := make([]int, len(a.marks))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		p, q := a.marks[i].Box, a.marks[j].Box
		if d := (p.YMin + p.YMax) - (q.YMin + q.YMax); math.Abs(d) > 0.1 {
			return sign(d)
		}
		return sign((p.XMin + p.XMax) - (q.XMin + q.XMax))
	})
	at := -1
	if n := len(a.selected); n > 0 {
		at = slices.Index(order, a.selected[n-1])
	} else if step < 0 {
		at = 0
	}
	a.Select(order[((at+step)%len(order)+len(order))%len(order)])
}

func sign(f float64) int {
	switch {
	case f < 0:
		return -1
	case f > 0:
		return 1
	}
	return 0
}

// DeleteSelected takes what is selected away.
func (a *Annotator) DeleteSelected() bool {
	if len(a.selected) == 0 || a.readOnly {
		return false
	}
	gone := a.selected
	keep := make([]Mark, 0, len(a.marks))
	for i, m := range a.marks {
		if !slices.Contains(gone, i) {
			keep = append(keep, m)
		}
	}
	a.marks, a.selected, a.hovered = keep, nil, -1
	what := "Delete box"
	if len(gone) > 1 {
		what = "Delete boxes"
	}
	a.changed(what)
	a.tellSelected()
	return true
}

// Nudge moves what is selected by image pixels.
func (a *Annotator) Nudge(dx, dy int) bool {
	if len(a.selected) == 0 || a.readOnly || a.view.imageW == 0 {
		return false
	}
	for _, i := range a.selected {
		a.marks[i].Box = a.marks[i].Box.moved(float64(dx)/a.view.imageW, float64(dy)/a.view.imageH)
	}
	a.changed("Move box")
	return true
}

// SetBox gives one region other numbers, as typed into the details.
func (a *Annotator) SetBox(place int, r Rect) bool {
	r = r.ordered()
	if a.readOnly || place < 0 || place >= len(a.marks) || r.Area() <= 0 || math.IsNaN(r.Area()) {
		return false
	}
	a.marks[place].Box = r
	a.changed("Change box")
	return true
}

// SelectAll selects everything.
func (a *Annotator) SelectAll() {
	if a.hidden {
		return
	}
	a.selected = make([]int, len(a.marks))
	for i := range a.selected {
		a.selected[i] = i
	}
	a.Refresh()
	a.tellSelected()
}

// Copy remembers what is selected, or everything when nothing is; it says how many.
func (a *Annotator) Copy() int {
	a.clipboard, a.pastes = nil, 0
	for i, m := range a.marks {
		if len(a.selected) == 0 || slices.Contains(a.selected, i) {
			m.ID = 0
			a.clipboard = append(a.clipboard, m)
		}
	}
	return len(a.clipboard)
}

// Paste adds what was copied, and selects it. On the same image each paste stands a little aside of the last.
func (a *Annotator) Paste() bool {
	if len(a.clipboard) == 0 || a.readOnly || a.hidden || a.tool == ToolPan {
		return false
	}
	a.Add(a.clipboard, "Paste boxes")
	return true
}

// Add adds regions and selects them; one that would lie exactly on another of the same value is moved aside.
func (a *Annotator) Add(marks []Mark, what string) {
	if len(marks) == 0 || a.readOnly {
		return
	}
	first := len(a.marks)
	for _, m := range marks {
		m.ID = 0
		for step := 0; step < 50 && a.hasEqual(m); step++ {
			m.Box = m.Box.moved(0.015, 0.015)
		}
		a.marks = append(a.marks, m)
	}
	a.selected = nil
	for i := first; i < len(a.marks); i++ {
		a.selected = append(a.selected, i)
	}
	a.changed(what)
	a.tellSelected()
}

// hasEqual reports whether a mark of the same value and box exists.
func (a *Annotator) hasEqual(m Mark) bool {
	return slices.ContainsFunc(a.marks, func(o Mark) bool { return o.Value == m.Value && o.Box == m.Box })
}

func (a *Annotator) changed(what string) {
	a.Refresh()
	if a.OnChange != nil {
		a.OnChange(slices.Clone(a.marks), what)
	}
}

func (a *Annotator) tellSelected() {
	if a.OnSelect != nil {
		a.OnSelect(slices.Clone(a.selected))
	}
}

func (a *Annotator) tellZoom() {
	if a.OnZoom != nil {
		a.OnZoom(a.view.scale * float64(a.screenScale()))
	}
}

// screenScale is how many screen pixels one of Fyne's is.
func (a *Annotator) screenScale() float32 {
	if c := fyne.CurrentApp().Driver().CanvasForObject(a); c != nil && c.Scale() > 0 {
		return c.Scale()
	}
	return 1
}

// MinSize is small: an annotator takes the room it gets.
func (a *Annotator) MinSize() fyne.Size { return fyne.NewSize(160, 120) }
