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

	"viewfinder/app/studio"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// editor is the middle of the page while an image is open: the annotator, its tools, and a filmstrip.
type editor struct {
	page      *Page
	content   fyne.CanvasObject
	annotator *widgets.Annotator
	strip     *widgets.ImageGrid
	title     *look.Styled
	place     *look.Styled
	zoom      *look.Styled
	pointer   *look.Styled
	boxTool   *widgets.Pressable
	hide      *widgets.Pressable
	reviewed  *widgets.Pressable
	split     *widgets.Pressable
	state     *look.Styled

	view        studio.View
	ids         []int64
	at          int
	point       studio.Datapoint     // what is shown; its ID is 0 while it is read
	doubt       bool                 // what point says of its annotation is being read anew
	suggestions []studio.Suggestion  // for the image that is shown
	makers      string               // the versions that made them
	shown       []widgets.Suggestion // those of them that are certain enough
	brush       int64                // the concept that is drawn with
	nextNew     int64                // the next negative id
	ahead       *ahead
	turn        int // counts what was shown, so that a late answer is dropped
	quiet       bool
	typist      typeahead
	drawn       func() // for measurements: the picture and its regions are shown
}

func newEditor(p *Page) *editor {
	e := &editor{page: p, nextNew: -1}
	e.ahead = newAhead(p)
	a := widgets.NewAnnotator()
	e.annotator = a
	a.OnChange = e.changed
	a.OnSelect = func([]int) { p.panel.regionsChanged() }
	a.OnZoom = func(s float64) { e.zoom.SetText(fmt.Sprintf("%.0f%%", s*100)) }
	a.OnPointer = func(x, y int, ok bool) {
		if ok {
			e.pointer.SetText(fmt.Sprintf("%d, %d", x, y))
		} else {
			e.pointer.SetText("")
		}
	}
	a.OnKey = e.key
	a.OnRune = e.typed
	a.OnShortcut = e.shortcut
	a.OnHand = p.shell.Project().StepAside

	e.title = look.NewStyled("", look.Text, true, theme.ColorNameForeground).Cut()
	e.place = look.Small("")
	e.zoom = look.Small("100%")
	e.pointer = look.Small("")
	e.split = widgets.NewIconButton(icons.Split, "Lit: in val. To the other split (S)", func() { e.press("split") })
	e.state = look.Small("").Cut()
	e.boxTool = widgets.NewIconButton(icons.Box, "Draw boxes; press again to select and move them (B)", func() { e.press("box") })
	e.hide = widgets.NewIconButton(icons.Eye, "Hide all regions, show them again (H)", func() { e.press("hide") })
	e.reviewed = widgets.NewIconButton(icons.Reviewed, "Reviewed, or not (V)", func() { e.press("reviewed") })
	button := func(icon fyne.Resource, hint, name string) fyne.CanvasObject {
		return widgets.NewIconButton(icon, hint, func() { e.press(name) })
	}
	bar := look.Row(2,
		button(icons.Back, "Back to the gallery (Esc)", "back"),
		look.Gap(4, 1), e.title, e.state, look.Gap(4, 1),
		e.boxTool, e.hide, button(icons.Fit, "Fit the whole image (F)", "fit"), button(icons.Actual, "One image pixel on one screen pixel (0)", "actual"), e.zoom,
		look.Gap(4, 1), e.reviewed, e.split, button(icons.Without, "Without concept (W)", "without"),
		button(icons.Key, "All keys (?)", "help"),
		look.Gap(4, 1), button(icons.Previous, "Previous image (Left)", "previous"), e.place, button(icons.Next, "Next image (Right or Enter)", "next"),
		button(icons.NextEmpty, "Next image not annotated (N)", "next_empty"))

	e.strip = widgets.NewFilmstrip(60)
	e.strip.Item = e.stripItem
	e.strip.OnSelect = func() {
		if i := e.strip.Current(); !e.quiet && i >= 0 {
			e.show(i)
			p.focus()
		}
	}
	top := container.New(layout.NewCustomPaddedVBoxLayout(0), look.PadXY(6, 3, bar), look.HLine())
	bottom := container.New(layout.NewCustomPaddedVBoxLayout(0), look.HLine(), look.PadXY(4, 2, e.strip))
	e.content = look.Frame(top, bottom, nil, nil, a)
	return e
}

func (e *editor) isOpen() bool { return e.content.Visible() }

// open shows datapoint at of a list of a view. The list stays as it is until the editor is closed, also when a filter
// would now choose others.
func (e *editor) open(v studio.View, ids []int64, at int) {
	e.view, e.ids = v, slices.Clone(ids)
	e.content.Show()
	e.annotator.PanKey = e.page.panKey()
	tool := widgets.ToolLook
	if v.Type == studio.ViewDetection {
		tool = widgets.ToolBox
	}
	e.annotator.SetTool(tool)
	e.boxTool.SetSelected(tool == widgets.ToolBox)
	e.boxTool.SetEnabled(v.Type == studio.ViewDetection)
	e.strip.SetLength(len(ids))
	e.at = -1
	e.show(at)
}

// close hides it and gives the datapoint that was shown last.
func (e *editor) close() (id int64) {
	if e.at >= 0 && e.at < len(e.ids) {
		id = e.ids[e.at]
	}
	e.content.Hide()
	e.annotator.SetPicture(nil, "")
	e.annotator.SetMarks(nil, false)
	e.annotator.SetTags(nil)
	e.annotator.SetSuggestions(nil)
	e.suggestions, e.shown = nil, nil
	e.ahead.forget()
	e.ids, e.point, e.doubt = nil, studio.Datapoint{}, false
	e.typist.loading, e.typist.searching = false, false
	if e.typist.undoing == 0 { // else what is typed is meant for what will be shown then
		e.typist.keys = nil
	}
	e.turn++
	return id
}

// show shows datapoint i of the list.
func (e *editor) show(i int) {
	if i < 0 || i >= len(e.ids) || i == e.at && e.point.ID != 0 {
		return
	}
	e.page.shell.Project().StepAside()
	e.at = i
	e.turn++
	turn, id := e.turn, e.ids[i]
	e.quiet = true
	e.strip.SelectOnly(i)
	e.quiet = false
	e.place.SetText(words.Number(i+1) + " / " + words.Number(len(e.ids)))
	e.point = studio.Datapoint{}
	e.suggestions, e.shown = nil, nil
	e.annotator.SetSuggestions(nil)
	e.typist.loading, e.typist.searching = true, false
	e.ahead.around(e.ids, i)
	if d, pic, err := e.ahead.get(id); pic != nil || err != nil {
		if e.ahead.stale(id) { // its picture can be seen, its annotation may be another one now
			d.Regions, d.Annotated, d.ReviewedAt = nil, false, time.Time{}
			e.point, e.doubt = d, true
			e.annotator.SetPicture(pic, "")
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
	e.annotator.SetPicture(nil, "Loading …")
	e.ahead.when(id, func() {
		if turn == e.turn {
			d, pic, err := e.ahead.get(id)
			e.showPoint(d, pic, err)
		}
	})
}

func (e *editor) showPoint(d studio.Datapoint, pic *widgets.Picture, err error) {
	if memory, ok := e.page.gallery.points[d.ID]; ok && d.ID != 0 {
		d = memory // what was done a moment ago
	}
	e.point, e.doubt = d, false
	note := ""
	if err != nil {
		note = "This image cannot be shown: " + reason(err)
	}
	e.annotator.SetPicture(pic, note)
	e.showRegions(false)
	e.refresh()
	e.readSuggestions()
	e.page.panel.selectionChanged()
	if e.drawn != nil {
		e.drawn()
	}
	e.typist.loading = false
	e.typist.release()
}

func reason(err error) string {
	if errors.Is(err, studio.ErrNotFound) {
		return "it is not in this view any more."
	}
	return err.Error()
}

// showRegions puts the datapoint's regions into the annotator.
func (e *editor) showRegions(keep bool) {
	var marks []widgets.Mark
	var tags []widgets.Tag
	for _, r := range e.point.Regions {
		if r.Box != nil {
			c := studio.Concept{}
			if len(r.Concepts) > 0 {
				c = e.page.byID[r.Concepts[0]]
			}
			marks = append(marks, widgets.Mark{ID: r.ID, Value: c.ID, Box: e.toPicture(*r.Box), Label: c.Name, Color: colorOf(c)})
			continue
		}
		for _, id := range r.Concepts {
			c := e.page.byID[id]
			tags = append(tags, widgets.Tag{Label: c.Name, Color: colorOf(c)})
		}
	}
	if e.point.Annotated && len(marks)+len(tags) == 0 && !e.doubt {
		tags = append(tags, widgets.Tag{Label: "Without concept", Color: look.Color(look.ColorMuted)})
	}
	if !slices.Equal(marks, e.annotator.Marks()) || !keep {
		e.annotator.SetMarks(marks, keep)
	}
	e.annotator.SetTags(tags)
}

// toPicture gives a box of the image as a rectangle of what is shown: the image, or a part of it.
func (e *editor) toPicture(b studio.Box) widgets.Rect { return within(b, e.point.SourceBox) }

func within(b studio.Box, s *studio.Box) widgets.Rect {
	r := rectOf(b)
	if s == nil {
		return r
	}
	w, h := s.XMax-s.XMin, s.YMax-s.YMin
	return widgets.Rect{XMin: (r.XMin - s.XMin) / w, YMin: (r.YMin - s.YMin) / h, XMax: (r.XMax - s.XMin) / w, YMax: (r.YMax - s.YMin) / h}
}

// fromPicture is the way back.
func (e *editor) fromPicture(r widgets.Rect) *studio.Box {
	s := e.point.SourceBox
	if s == nil {
		return boxOf(r)
	}
	w, h := s.XMax-s.XMin, s.YMax-s.YMin
	return &studio.Box{XMin: s.XMin + r.XMin*w, YMin: s.YMin + r.YMin*h, XMax: s.XMin + r.XMax*w, YMax: s.YMin + r.YMax*h}
}

// refresh shows what the page read anew: concepts, the brush, the datapoint's state.
func (e *editor) refresh() {
	if !e.isOpen() {
		return
	}
	c, ok := e.page.byID[e.brush]
	if !ok && len(e.page.concepts) > 0 {
		c = e.page.concepts[0]
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
	e.split.SetSelected(d.Image.Split == studio.SplitVal)
	state, tone := "not annotated", look.ColorMuted
	switch {
	case e.doubt:
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
	e.page.panel.showDetails()
}

// put shows what was done to the datapoint that is open, or keeps it for when it is shown.
func (e *editor) put(d studio.Datapoint) {
	if !e.doubt || e.point.ID != d.ID {
		e.ahead.put(d)
	}
	e.putShown(d)
}

// putRead shows what was read of the datapoint that is open, or keeps it.
func (e *editor) putRead(d studio.Datapoint) {
	if e.point.ID == d.ID {
		e.doubt = false
	}
	e.ahead.put(d)
	had := len(e.suggestions)
	e.putShown(d)
	if e.point.ID == d.ID && d.ID != 0 && (d.Suggested > 0 || had > 0) {
		e.readSuggestions()
	}
}

func (e *editor) putShown(d studio.Datapoint) {
	if e.isOpen() && e.point.ID == d.ID && d.ID != 0 {
		e.point = d
		e.refresh()
		e.strip.RefreshItem(e.at)
	}
}

// reread reads the open datapoint anew, when its image is among these; nil means any.
func (e *editor) reread(images []int64) {
	if images == nil || len(images) > 500 {
		e.ahead.forgetPoints()
	} else {
		e.ahead.forgetImages(images)
	}
	if !e.isOpen() || e.point.ID == 0 || images != nil && !slices.Contains(images, e.point.Image.ID) {
		return
	}
	key, turn := e.point.Key(), e.turn
	if e.page.writer.waits(key) {
		return // it is read when that is saved
	}
	project, now := e.page.shell.Project(), e.page.writer.now()
	go func() {
		d, err := project.Datapoint(e.page.shell.Context(), key)
		fyne.Do(func() {
			if turn != e.turn || !e.isOpen() || e.page.writer.changed(key, now) {
				return
			}
			if err != nil {
				if errors.Is(err, studio.ErrNotFound) {
					e.page.shell.Notify("This image is not in the view any more.")
					e.page.back()
				}
				return
			}
			e.putRead(d)
			e.page.gallery.put(d)
		})
	}()
}

// renew reads the annotation of what is shown anew; keys that are meant for it wait until it is there. What was done to it meanwhile is
// read with it.
func (e *editor) renew() {
	if !e.isOpen() || e.at < 0 || e.at >= len(e.ids) {
		return
	}
	turn, id := e.turn, e.ids[e.at]
	e.typist.loading = true
	go func() {
		list, began, err := e.page.writer.read(e.page.shell.Context(), []int64{id})
		fyne.Do(func() {
			switch {
			case turn != e.turn || !e.isOpen() || e.page.shell.Context().Err() != nil:
				return
			case err == nil && len(list) == 1 && e.page.writer.changed(list[0].Key(), began):
				e.renew()
				return
			case err != nil:
				e.page.shell.Fail("read the image", err)
			case len(list) == 0:
				e.typist.keys = nil // the image that they were meant for is gone
				e.page.shell.Notify("This image is not in the view any more.")
				e.page.back()
				return
			default:
				e.putRead(list[0])
				e.page.gallery.put(list[0])
				e.page.panel.selectionChanged()
			}
			if e.drawn != nil {
				e.drawn()
			}
			e.typist.loading = false
			e.typist.release()
		})
	}()
}

func (e *editor) stripItem(i, px int) widgets.GridItem {
	g := e.page.gallery
	if i >= len(e.ids) {
		return widgets.GridItem{}
	}
	id := e.ids[i]
	d, ok := g.points[id]
	if !ok {
		e.readStrip()
		return widgets.GridItem{}
	}
	item := itemOf(d, e.view.Type, e.page.byID)
	item.Mark = ""
	item.Failed = g.failed[id]
	if !item.Failed {
		item.Picture = g.thumbnail(d, px)
	}
	return item
}

// arrived draws a datapoint of the filmstrip again.
func (e *editor) arrived(id int64) {
	if !e.isOpen() {
		return
	}
	from, to := e.strip.InSight()
	for i := from; i < min(to, len(e.ids)); i++ {
		if e.ids[i] == id {
			e.strip.RefreshItem(i)
		}
	}
}

func (e *editor) refreshStrip() {
	if e.isOpen() {
		e.strip.RefreshAll()
	}
}

// readStrip reads the datapoints of the filmstrip's part in sight.
func (e *editor) readStrip() {
	g := e.page.gallery
	from, to := e.strip.InSight()
	from, to = max(0, from-10), min(len(e.ids), to+10)
	var ids []int64
	for _, id := range e.ids[from:to] {
		if _, ok := g.points[id]; !ok && !g.asked[id] {
			g.asked[id] = true
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return
	}
	ctx, points, asked := g.ctx, g.points, g.asked
	go func() {
		list, began, err := g.page.writer.read(ctx, ids)
		fyne.Do(func() {
			for _, id := range ids {
				delete(asked, id)
			}
			if ctx.Err() != nil {
				e.refreshStrip() // all was forgotten meanwhile: it is asked for again
				return
			}
			if err != nil {
				return
			}
			g.remember(points, list, began)
			e.refreshStrip()
			g.grid.RefreshAll()
		})
	}()
}

// changed saves what was drawn, moved, deleted.
func (e *editor) changed(marks []widgets.Mark, what string) {
	if e.point.ID == 0 || e.view.Type != studio.ViewDetection {
		return
	}
	if len(e.page.concepts) == 0 {
		e.page.shell.Notify("Add a concept first: type its name at the right.")
		e.showRegions(false)
		return
	}
	before := map[int64]studio.Region{}
	for _, r := range e.point.Regions {
		before[r.ID] = r
	}
	regions := make([]studio.Region, len(marks))
	for i := range marks {
		m := &marks[i]
		if m.ID == 0 {
			m.ID = e.nextNew
			e.nextNew--
		}
		if _, ok := e.page.byID[m.Value]; !ok { // pasted from another view
			m.Value = e.brush
		}
		c := e.page.byID[m.Value]
		m.Label, m.Color = c.Name, colorOf(c)
		regions[i] = studio.Region{ID: m.ID, Box: e.fromPicture(m.Box), Concepts: []int64{m.Value}}
		if old, ok := before[m.ID]; ok && old.Box != nil && e.toPicture(*old.Box) == m.Box {
			regions[i].Box = old.Box // to the last bit, where it is a part of an image
		}
	}
	e.annotator.SetMarks(marks, true)
	d := e.point
	key := d.Key()
	e.page.assume(d, regions)
	e.page.panel.regionsChanged()
	e.page.writer.annotate(key, edit{d.Regions, regions}, func(err error) {
		if err != nil {
			e.page.gallery.forget()
			e.reread([]int64{key.Image})
		}
	})
}
