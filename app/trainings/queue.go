package trainings

import (
	"context"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// queue is the list at the left: what is being trained, what waits, what has ended.
type queue struct {
	page    *Page
	content fyne.CanvasObject
	list    *widget.List
	lines   []line
}

// line is a heading, or a version.
type line struct {
	title   string
	version studio.Version
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
	q.content = container.NewBorder(look.PadXY(12, 10, look.Title("Queue")), look.Pad(10, train), nil, nil, q.list)
	return q
}

func (q *queue) set(c content) {
	old := q.lines
	q.lines = nil
	add := func(title string, versions []studio.Version, waiting bool) {
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
	var running, waiting []studio.Version
	for _, v := range c.queue {
		if v.Status == studio.StatusQueued {
			waiting = append(waiting, v)
		} else {
			running = append(running, v)
		}
	}
	add("Running", running, false)
	add("Waiting", waiting, true)
	add("Ended", c.ended, false)
	for i, l := range q.lines {
		if i < len(old) && (old[i].title == "") == (l.title == "") {
			continue
		}
		h := float32(46)
		if l.title != "" {
			h = 28
		}
		q.list.SetItemHeight(i, h)
	}
	q.list.Refresh()
}

// move puts a version that waits before or behind its neighbour.
func (q *queue) move(v studio.Version, by int) {
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
	ids[i], ids[i+by] = ids[i+by], ids[i]
	s := q.page.shell
	s.Do("reorder the queue", func(ctx context.Context) error { return s.Project().OrderQueue(ctx, ids) }, nil)
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
	moves    *fyne.Container
	head     *fyne.Container
	item     *fyne.Container
}

func newQueueItem(q *queue) *queueItem {
	i := &queueItem{queue: q, heading: look.Section(""), back: look.NewBox("", "", look.Radius), name: look.Strong("").Cut(), where: look.Small("").Cut(), chip: widgets.NewStatusChip("", nil, "")}
	i.up, i.down = widget.NewButtonWithIcon("", theme.MoveUpIcon(), nil), widget.NewButtonWithIcon("", theme.MoveDownIcon(), nil)
	i.up.Importance, i.down.Importance = widget.LowImportance, widget.LowImportance
	i.moves = container.NewHBox(i.up, i.down)
	i.head = container.NewBorder(nil, nil, look.PadXY(12, 0, i.heading), nil)
	top := container.NewBorder(nil, nil, nil, i.chip, i.name)
	i.item = look.Width(0, container.NewStack(look.PadXY(6, 1, i.back),
		look.PadXY(12, 4, container.NewBorder(nil, nil, nil, i.moves, container.NewVBox(top, i.where))))).(*fyne.Container)
	i.ExtendBaseWidget(i)
	return i
}

func (i *queueItem) set(l line) {
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
	case v.Status == studio.StatusTraining:
		text = fmt.Sprintf("%d %%", int(100*version.Done(v.Run)))
		if left := version.TimeLeft(v.Run); left != "" {
			detail += " · " + left
		}
	case v.Status == studio.StatusReady:
		if f := version.Figure(v); f != "" {
			text = f
		}
	case v.Status == studio.StatusQueued:
		text = "waits"
	}
	i.where.SetText(detail)
	i.chip.Set(text, icon, tint)
	i.moves.Hidden, i.chip.Hidden = l.place < 0, l.place >= 0 // the heading says that it waits
	i.up.OnTapped, i.down.OnTapped = func() { i.queue.move(v, -1) }, func() { i.queue.move(v, 1) }
	i.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (i *queueItem) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(i.head, i.item))
}
