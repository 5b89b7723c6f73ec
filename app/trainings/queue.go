package trainings

import (
	"context"
	"fmt"
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// queue is the list at the left: what is being trained, what waits, what has ended.
type queue struct {
	page    *Page
	content fyne.CanvasObject
	list    *widget.List
	lines   []line
	pause   *widget.Button
	note    *fyne.Container // that it is paused
	drop    *canvas.Rectangle
	over    *fyne.Container
}

// line is a heading, or a version.
type line struct {
	title   string
	version runs.Version
	view    studio.View
	chosen  bool
	place   int // among those that wait, from 0; -1 otherwise
}

func newQueue(p *Page) *queue {
	q := &queue{page: p}
	q.list = widget.NewList(func() int { return len(q.lines) }, func() fyne.CanvasObject { return newQueueItem(q) }, func(i widget.ListItemID, o fyne.CanvasObject) {
		if i < len(q.lines) {
			o.(*queueItem).set(q.lines[i])
		}
	})
	q.list.HideSeparators = true
	q.list.OnSelected = func(i widget.ListItemID) {
		q.list.Unselect(i)
		if i < len(q.lines) && q.lines[i].title == "" {
			p.Watch(q.lines[i].version.ID)
		}
	}
	train := widget.NewButtonWithIcon("Train a new version", icons.Train, func() { p.shell.Train(0) })
	q.pause = widget.NewButtonWithIcon("", icons.Pause, nil)
	q.pause.Importance = widget.LowImportance
	q.pause.Hide()
	q.note = container.NewStack(look.PadXY(8, 0, version.Point(icons.Pause, theme.ColorNameWarning, "Paused. Nothing is started until you continue.")))
	q.note.Hide()
	q.drop = canvas.NewRectangle(look.Color(look.ColorAccent))
	q.drop.Hide()
	q.over = container.NewWithoutLayout(q.drop)
	head := container.NewBorder(nil, nil, look.PadXY(12, 10, look.Title("Queue")), look.Pad(6, q.pause))
	q.content = container.NewBorder(container.NewVBox(head, q.note), look.Pad(10, train), nil, nil, container.NewStack(q.list, q.over))
	return q
}

func (q *queue) set(c content) {
	old := q.lines
	q.lines = nil
	add := func(title string, versions []runs.Version, waiting bool) {
		if len(versions) == 0 {
			return
		}
		q.lines = append(q.lines, line{title: title})
		for i, v := range versions {
			l := line{version: v, view: c.views[v.ViewID], chosen: v.ID == c.shown.ID, place: -1}
			if waiting {
				l.place = i
			}
			q.lines = append(q.lines, l)
		}
	}
	var running, waiting []runs.Version
	for _, v := range c.queue {
		if v.Status == domain.StatusQueued {
			waiting = append(waiting, v)
		} else {
			running = append(running, v)
		}
	}
	add("Running", running, false)
	add("Waiting", waiting, true)
	add("Finished today", c.ended, false)
	q.setPause(c)
	for i, l := range q.lines {
		if i < len(old) && (old[i].title == "") == (l.title == "") {
			continue
		}
		h := float32(itemHeight)
		if l.title != "" {
			h = 28
		}
		q.list.SetItemHeight(i, h)
	}
	q.list.Refresh()
}

// setPause offers to pause everything, or to go on.
func (q *queue) setPause(c content) {
	s := q.page.shell
	q.note.Hidden = !c.paused
	q.pause.Hidden = !c.paused && len(c.queue) == 0
	if c.paused {
		q.pause.SetIcon(icons.Resume)
		q.pause.SetText("Continue")
		q.pause.OnTapped = func() { s.Do("continue the queue", q.page.project.ContinueQueue, q.page.loader.Load) }
	} else {
		q.pause.SetIcon(icons.Pause)
		q.pause.SetText("Pause all")
		q.pause.OnTapped = func() { s.Do("pause the queue", q.page.project.PauseQueue, q.page.loader.Load) }
	}
}

// waiting is how many versions wait, and the line of the first.
func (q *queue) waiting() (n, first int) {
	first = -1
	for i, l := range q.lines {
		if l.title == "" && l.place >= 0 {
			if first < 0 {
				first = i
			}
			n++
		}
	}
	return n, first
}

// target is where a version that waits at a place goes when it is dragged so far.
func (q *queue) target(place int, far float32) int {
	n, _ := q.waiting()
	return min(max(0, place+int(math.Round(float64(far/itemPitch())))), n-1)
}

// itemHeight is the height of a version in the list.
const itemHeight = 46

// itemPitch is from one version to the next.
func itemPitch() float32 { return itemHeight + theme.Padding() }

// move puts a version that waits so many places further down, or up.
func (q *queue) move(v runs.Version, by int) {
	var ids []int64
	for _, l := range q.lines {
		if l.title == "" && l.place >= 0 {
			ids = append(ids, l.version.ID)
		}
	}
	i := slices.Index(ids, v.ID)
	if i < 0 || i+by < 0 || i+by >= len(ids) {
		return
	}
	ids = slices.Insert(slices.Delete(ids, i, i+1), i+by, v.ID)
	s := q.page.shell
	s.Do("reorder the queue", func(ctx context.Context) error { return q.page.project.OrderQueue(ctx, ids) }, nil)
}

// queueItem is a line of the list.
type queueItem struct {
	widget.BaseWidget
	queue    *queue
	heading  *look.Styled
	back     *look.Box
	name     *look.Styled
	where    *look.Styled
	chip     *widgets.StatusChip
	up, down *widget.Button
	off      *widget.Button // the queue
	moves    *fyne.Container
	line     line
	dragged  float32 // so far
	head     *fyne.Container
	item     *fyne.Container
}

func newQueueItem(q *queue) *queueItem {
	i := &queueItem{queue: q, heading: look.Section(""), back: look.NewBox("", "", look.Radius), name: look.Strong("").Cut(), where: look.Small("").Cut(), chip: widgets.NewStatusChip("", nil, "")}
	i.up, i.down = widget.NewButtonWithIcon("", theme.MoveUpIcon(), nil), widget.NewButtonWithIcon("", theme.MoveDownIcon(), nil)
	i.off = widget.NewButtonWithIcon("", icons.Close, nil)
	i.up.Importance, i.down.Importance, i.off.Importance = widget.LowImportance, widget.LowImportance, widget.LowImportance
	i.moves = container.New(layout.NewCustomPaddedHBoxLayout(0), i.up, i.down, i.off)
	i.head = container.NewBorder(nil, nil, look.PadXY(12, 0, i.heading), nil)
	top := container.NewBorder(nil, nil, nil, i.chip, i.name)
	i.item = look.Width(0, container.NewStack(look.PadXY(6, 1, i.back),
		look.PadXY(12, 4, container.NewBorder(nil, nil, nil, i.moves, container.NewVBox(top, i.where))))).(*fyne.Container)
	i.ExtendBaseWidget(i)
	return i
}

func (i *queueItem) set(l line) {
	i.line = l
	i.head.Hidden, i.item.Hidden = l.title == "", l.title != ""
	if l.title != "" {
		i.heading.SetText(l.title)
		i.Refresh()
		return
	}
	v := l.version
	fill := fyne.ThemeColorName("")
	if l.chosen {
		fill = look.ColorAccentSoft
	}
	i.back.SetFill(fill)
	i.name.SetText(v.Name)
	text, icon, tint := version.Chip(v.Status)
	detail := l.view.Name
	switch {
	case v.Status == domain.StatusTraining:
		text = fmt.Sprintf("%d%%", int(100*version.Done(v.Run)))
		if left := version.TimeLeft(v.Run); left != "" {
			detail += " · " + left
		}
	case v.Status == domain.StatusReady:
		if f := version.Figure(v); f != "" {
			text = f
		}
	case v.Status == domain.StatusQueued:
		text = "waits"
	}
	i.where.SetText(detail)
	i.chip.Set(text, icon, tint)
	i.moves.Hidden, i.chip.Hidden = l.place < 0, l.place >= 0 // the heading says that it waits
	i.up.OnTapped, i.down.OnTapped = func() { i.queue.move(v, -1) }, func() { i.queue.move(v, 1) }
	i.off.OnTapped = func() { i.queue.page.watch.stop(v) }
	i.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (i *queueItem) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(i.head, i.item))
}

var (
	_ fyne.Draggable     = (*queueItem)(nil)
	_ desktop.Cursorable = (*queueItem)(nil)
	_ fyne.Tappable      = (*queueItem)(nil)
)

// Tapped shows the version: a widget that can be dragged hides the taps from the list below it.
func (i *queueItem) Tapped(*fyne.PointEvent) {
	if i.line.title == "" {
		i.queue.page.Watch(i.line.version.ID)
	}
}

// Cursor says that what waits can be dragged.
func (i *queueItem) Cursor() desktop.Cursor {
	if i.line.title == "" && i.line.place >= 0 {
		return desktop.VResizeCursor
	}
	return desktop.DefaultCursor
}

// Dragged shows where a version that waits would go.
func (i *queueItem) Dragged(e *fyne.DragEvent) {
	q := i.queue
	if i.line.title != "" || i.line.place < 0 {
		return
	}
	i.dragged += e.Dragged.DY
	to := q.target(i.line.place, i.dragged)
	place := float32(to - i.line.place)
	if to > i.line.place {
		place++ // below it
	}
	driver := fyne.CurrentApp().Driver()
	y := driver.AbsolutePositionForObject(i).Y - driver.AbsolutePositionForObject(q.over).Y + place*itemPitch() - 2
	q.drop.FillColor = look.Color(look.ColorAccent)
	q.drop.Move(fyne.NewPos(8, y))
	q.drop.Resize(fyne.NewSize(i.Size().Width-16, 2))
	q.drop.Hidden = to == i.line.place
	q.drop.Refresh()
}

// DragEnd puts it there.
func (i *queueItem) DragEnd() {
	q, far := i.queue, i.dragged
	i.dragged = 0
	q.drop.Hide()
	if i.line.title != "" || i.line.place < 0 {
		return
	}
	if by := q.target(i.line.place, far) - i.line.place; by != 0 {
		q.move(i.line.version, by)
	}
}
