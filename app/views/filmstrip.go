package views

import (
	"viewfinder/widgets"
)

func (e *editor) stripItem(i, px int) widgets.GridItem {
	if i >= len(e.ids) {
		return widgets.GridItem{}
	}
	d, ok := e.memory.point(e.ids[i])
	if !ok {
		e.readStrip()
		return widgets.GridItem{}
	}
	item := e.guessed(d, e.view.Type)
	item.Mark = ""
	item.Thumbnail, item.Failed = e.thumbnail(d, px)
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
	from, to := e.strip.InSight()
	from, to = max(0, from-10), min(len(e.ids), to+10)
	e.fetch(e.ids[from:to], func() {})
}
