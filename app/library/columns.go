package library

import (
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio/runs"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// column is one of the table's.
type column struct {
	title string
	width float32 // 0: takes what is left over
	room  float32 // hidden where the table is narrower than this
	right bool
	down  bool // begins with the largest, or the newest
	less  func(a, b runs.Version) bool
}

// The columns, in the order of a line's objects.
var tableColumns = []column{
	{title: "Version", less: func(a, b runs.Version) bool { return strings.ToLower(a.Name) < strings.ToLower(b.Name) }},
	{title: "Status", width: 122, less: func(a, b runs.Version) bool { return a.Status < b.Status }},
	{title: "Performance on val", width: 150, down: true, less: func(a, b runs.Version) bool { return figureOf(a) < figureOf(b) }},
	{title: "On test", width: 58, room: 960, right: true, down: true, less: func(a, b runs.Version) bool { return testOf(a) < testOf(b) }},
	{title: "Architecture", width: 132, room: 900, less: func(a, b runs.Version) bool { return a.Architecture < b.Architecture }},
	{title: "Images", width: 62, right: true, less: func(a, b runs.Version) bool { return a.Images < b.Images }},
	{title: "Date", width: 116, down: true, less: func(a, b runs.Version) bool { return a.CreatedAt.Before(b.CreatedAt) }},
	{title: "Duration", width: 78, room: 1000, less: func(a, b runs.Version) bool { return a.Duration() < b.Duration() }},
	{title: "Device", width: 98, room: 1300, less: func(a, b runs.Version) bool { return a.Device < b.Device }},
	{title: "", width: 168},
	{title: "", width: 44, room: 1300},
	{title: "", width: 76, room: 1300},
	{title: "", width: 36},
}

func figureOf(v runs.Version) float64 {
	if v.HeadlineName == "" || math.IsNaN(v.Headline) {
		return -1
	}
	return v.Headline
}

func testOf(v runs.Version) float64 {
	if v.Test == nil || math.IsNaN(v.Test.Headline) {
		return -1
	}
	return v.Test.Headline
}

// columns lays the objects of a line, or of the head, out in the table's columns.
type columns struct{}

const columnGap = 12

// MinSize implements fyne.Layout.
func (columns) MinSize(objects []fyne.CanvasObject) (m fyne.Size) {
	for _, o := range objects {
		m.Height = fyne.Max(m.Height, o.MinSize().Height)
	}
	m.Width = 640
	return m
}

// Layout implements fyne.Layout.
func (columns) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	free := size.Width - 16
	for _, c := range tableColumns {
		if c.width > 0 && size.Width >= c.room {
			free -= c.width + columnGap
		}
	}
	x := float32(8)
	for i, o := range objects {
		c := tableColumns[i]
		if size.Width < c.room {
			o.Hide()
			continue
		}
		o.Show()
		w := c.width
		if w == 0 {
			w = fyne.Max(free, 60)
		}
		h := o.MinSize().Height
		o.Move(fyne.NewPos(x, (size.Height-h)/2))
		o.Resize(fyne.NewSize(w, h))
		x += w + columnGap
	}
}

// tableHead is the line above the table: a click on a title sorts by it, another turns the order.
type tableHead struct {
	widget.BaseWidget
	by      int
	down    bool
	changed func()
	titles  []*widgets.HeadCell
	body    *fyne.Container
}

func newTableHead(changed func()) *tableHead {
	newest := slices.IndexFunc(tableColumns, func(c column) bool { return c.title == "Date" })
	h := &tableHead{by: newest, down: true, changed: changed}
	var cells []fyne.CanvasObject
	for i, c := range tableColumns {
		cell := widgets.NewHeadCell(c.title, c.right, func() { h.sort(i) })
		h.titles = append(h.titles, cell)
		cells = append(cells, cell)
	}
	h.body = container.New(&columns{}, cells...)
	h.mark()
	h.ExtendBaseWidget(h)
	return h
}

func (h *tableHead) sort(by int) {
	if tableColumns[by].less == nil {
		return
	}
	if h.by == by {
		h.down = !h.down
	} else {
		h.by, h.down = by, tableColumns[by].down
	}
	h.mark()
	h.changed()
}

func (h *tableHead) mark() {
	for i, t := range h.titles {
		t.SetOrder(i == h.by, h.down)
	}
}

func (h *tableHead) less() func(a, b runs.Version) bool {
	less := tableColumns[h.by].less
	if h.down {
		return func(a, b runs.Version) bool { return less(b, a) }
	}
	return less
}

// CreateRenderer implements fyne.Widget.
func (h *tableHead) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(look.PadXY(0, 2, h.body))
}
