package views

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/keys"
	"viewfinder/app/studio"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// editor is the middle of the page while an image is open: the annotator, its tools, and a filmstrip. It observes the model, and tells it what is
// open and what is drawn.
type editor struct {
	*commands
	*opened
	keys      *keys.Map
	to        editorActions
	content   fyne.CanvasObject
	annotator *widgets.Annotator
	strip     *widgets.ImageGrid
	title     *look.Styled
	place     *look.Styled
	zoom      *look.Styled
	boxTool   *widgets.Pressable
	hide      *widgets.Pressable
	reviewed  *widgets.Pressable
	split     *widgets.Pressable
	state     *look.Styled

	nextNew int64 // the next negative id
	ahead   *ahead
	turn    int // counts what was shown, so that a late answer is dropped
	quiet   bool
	typist  typeahead
}

// editorActions is what the annotator has the page do.
type editorActions struct {
	back    func()                             // shows the gallery
	useful  func()                             // opens what helps the next training most
	fold    func()                             // folds the details away, or unfolds them
	help    func()                             // shows all keys
	find    func()                             // asks for a concept's name
	similar func(id int64, region *domain.Box) // shows the gallery, the images most similar to this one first
	focus   func()                             // gives the focus to the annotator
	blank   func(studio.Datapoint)             // an image that nothing is suggested for is shown
	goOn    func() bool                        // classification: on to the next image once a concept is given
}

func newEditor(c *commands, k *keys.Map, to editorActions) *editor {
	e := &editor{commands: c, opened: &c.opened, keys: k, to: to, nextNew: -1}
	e.ahead = newAhead(c.shell.Context(), c.project, c.writer, e.freshened)
	a := widgets.NewAnnotator()
	e.annotator = a
	a.OnChange = e.changed
	a.OnSelect = func(chosen []int) { e.setBoxes(a.Marks(), chosen) }
	a.OnZoom = func(s float64) { e.zoom.SetText(fmt.Sprintf("%.0f%%", s*100)) }
	a.OnPointer = func(x, y int, ok bool) {
		text := ""
		if ok {
			text = fmt.Sprintf("%d, %d", x, y)
		}
		e.setPointer(text)
	}
	a.OnKey = e.key
	a.OnRune = e.typed
	a.OnShortcut = e.shortcut
	a.OnGesture = c.project.YieldCPU

	e.title = look.NewStyled("", look.Text, true, theme.ColorNameForeground).Cut()
	e.place = look.Small("")
	e.zoom = look.Small("100%")
	e.split = widgets.NewIconButton(icons.Split, "Highlighted: in val or test. Move between train and val (S); to test (T)", func() { e.press("split") })
	e.state = look.Small("").Cut()
	e.boxTool = widgets.NewIconButton(icons.Box, "Draw boxes; press again to select and move them (B)", func() { e.press("box") })
	e.hide = widgets.NewIconButton(icons.Eye, "Hide or show all regions (H)", func() { e.press("hide") })
	e.reviewed = widgets.NewIconButton(icons.Reviewed, "Reviewed, or not (V)", func() { e.press("reviewed") })
	button := func(icon fyne.Resource, hint, name string) fyne.CanvasObject {
		return widgets.NewIconButton(icon, hint, func() { e.press(name) })
	}
	bar := look.Row(2,
		button(icons.Back, "Back to the gallery (Esc)", "back"),
		look.Gap(4, 1), e.title, e.state, look.Gap(4, 1),
		e.boxTool, e.hide, button(icons.Fit, "Zoom to fit (F)", "fit"), button(icons.Actual, "Zoom to 100% (0)", "actual"), e.zoom,
		look.Gap(4, 1), e.reviewed, e.split, button(icons.Without, "Without concept (W)", "without"),
		button(icons.Key, "All keyboard shortcuts (?)", "help"),
		look.Gap(4, 1), button(icons.Previous, "Previous image (Left)", "previous"), e.place, button(icons.Next, "Next image (Right or Enter)", "next"),
		button(icons.NextEmpty, "Next image not annotated (N)", "next_empty"))

	e.strip = widgets.NewFilmstrip(60)
	e.strip.Item = e.stripItem
	e.strip.OnSelect = func() {
		if i := e.strip.Current(); !e.quiet && i >= 0 {
			e.show(i)
			to.focus()
		}
	}
	top := container.New(layout.NewCustomPaddedVBoxLayout(0), look.PadXY(6, 3, bar), look.HLine())
	bottom := container.New(layout.NewCustomPaddedVBoxLayout(0), look.HLine(), look.PadXY(4, 2, e.strip))
	e.content = look.Frame(top, bottom, nil, nil, a)
	e.content.Hide()
	c.observe(e.heard)
	return e
}

// heard hears what the model tells.
func (e *editor) heard(n news) {
	switch n.about {
	case aboutConcepts:
		e.refresh()
	case aboutPoint:
		e.arrived(n.id)
	case aboutPoints:
		e.refreshStrip()
	case aboutAssistant:
		e.assisted()
	}
}

// open shows datapoint at of a list of a view. The list stays as it is until the editor is closed, also when a filter
// would now choose others.
func (e *editor) open(v studio.View, ids []int64, at int) {
	e.opened.open, e.view, e.ids = true, v, slices.Clone(ids)
	e.content.Show()
	e.annotator.PanKey = panKey(e.keys)
	tool := widgets.ToolPan
	if v.Type.HasBoxes() {
		tool = widgets.ToolBox
	}
	e.annotator.SetTool(tool)
	e.boxTool.SetSelected(tool == widgets.ToolBox)
	e.boxTool.SetEnabled(v.Type.HasBoxes())
	e.strip.SetLength(len(ids))
	e.at = -1
	e.show(at)
}

// close hides it and gives the datapoint that was shown last.
func (e *editor) close() (id int64) {
	if e.at >= 0 && e.at < len(e.ids) {
		id = e.ids[e.at]
	}
	e.opened.open = false
	e.content.Hide()
	e.annotator.SetImage(nil, "")
	e.annotator.SetMarks(nil, false)
	e.annotator.SetTags(nil)
	e.annotator.SetSuggestions(nil)
	e.suggestions, e.guess, e.shown, e.boxes, e.chosen = nil, nil, nil, nil, nil
	e.ahead.forget()
	e.ids, e.point, e.stale = nil, studio.Datapoint{}, false
	e.typist.loading, e.typist.searching = false, false
	if e.typist.undoing == 0 { // else what is typed is meant for what will be shown then
		e.typist.keys = nil
	}
	e.turn++
	e.setPointer("")
	e.tell(aboutOpened)
	return id
}

// show shows datapoint i of the list.
func (e *editor) show(i int) {
	if i < 0 || i >= len(e.ids) || i == e.at && e.point.ID != 0 {
		return
	}
	e.project.YieldCPU()
	e.at = i
	e.turn++
	turn, id := e.turn, e.ids[i]
	e.quiet = true
	e.strip.SelectOnly(i)
	e.quiet = false
	e.place.SetText(words.Number(i+1) + " / " + words.Number(len(e.ids)))
	e.point = studio.Datapoint{}
	e.suggestions, e.guess, e.shown = nil, nil, nil
	e.annotator.SetSuggestions(nil)
	e.typist.loading, e.typist.searching = true, false
	e.ahead.around(e.ids, i)
	if d, pic, err := e.ahead.get(id); pic != nil || err != nil {
		if e.ahead.stale(id) { // its image can be seen, its annotation may be another one now
			d.Regions, d.Annotated, d.ReviewedAt = nil, false, time.Time{}
			e.point, e.stale = d, true
			e.annotator.SetImage(pic, "")
			e.showRegions(false)
			e.refresh()
			e.renew()
			return
		}
		e.showPoint(d, pic, err)
		return
	}
	e.annotator.SetMarks(nil, false)
	e.annotator.SetTags(nil)
	e.annotator.SetImage(nil, "Loading …")
	e.setBoxes(nil, nil)
	e.ahead.when(id, func() {
		if turn == e.turn {
			d, pic, err := e.ahead.get(id)
			e.showPoint(d, pic, err)
		}
	})
}

func (e *editor) showPoint(d studio.Datapoint, pic *widgets.Pyramid, err error) {
	if known, ok := e.memory.point(d.ID); ok && d.ID != 0 {
		d = known // what was done a moment ago
	}
	e.point, e.stale = d, false
	note := ""
	if err != nil {
		note = "This image cannot be shown: " + reason(err)
	}
	e.annotator.SetImage(pic, note)
	e.showRegions(false)
	e.refresh()
	e.readSuggestions()
	e.tell(aboutOpened)
	e.typist.loading = false
	e.typist.release()
}

func reason(err error) string {
	if errors.Is(err, studio.ErrNotFound) {
		return "it is no longer in this view."
	}
	return err.Error()
}

// refresh shows what the page read anew: concepts, the brush, the datapoint's state.
func (e *editor) refresh() {
	if !e.isOpen() {
		return
	}
	c, ok := e.byID[e.brush]
	if !ok && len(e.concepts) > 0 {
		c = e.concepts[0]
		e.brush = c.ID
	}
	e.annotator.SetBrush(widgets.Mark{Value: c.ID, Label: c.Name, Color: colorOf(c)})
	if e.point.ID == 0 {
		e.title.SetText("")
		return
	}
	e.showRegions(true)
	d := e.point
	name := path.Base(d.Image.Name) // the details have the folder too
	if d.SourceBox != nil {
		name += " · crop"
	}
	e.title.SetText(name)
	e.split.SetSelected(d.Image.Split != domain.SplitTrain)
	state, tone := "not annotated", look.ColorMuted
	switch {
	case e.stale:
		state = ""
	case d.Reviewed():
		state, tone = "reviewed ✓", theme.ColorNameSuccess
	case d.Annotated:
		state, tone = "annotated", theme.ColorNamePrimary
	}
	e.state.SetColor(tone)
	e.state.SetText(state)
	e.reviewed.SetSelected(d.Reviewed())
	e.hide.SetSelected(e.annotator.Hidden())
	e.content.Refresh()
	e.tell(aboutOpened)
}
