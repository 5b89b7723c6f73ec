//go:build measure

package views

import (
	"fyne.io/fyne/v2"

	"viewfinder/widgets"
)

// Measured is what a measurement of the page steers, on the window's thread, and what it hears.
type Measured struct {
	Grid      *widgets.ImageGrid
	Annotator *widgets.Annotator
	page      *Page
	listed    func() // once, when the next list is shown
	put       func() // each time an image and its regions are shown
}

// Measured gives the parts of the page that are measured.
func (p *Page) Measured() *Measured {
	m := &Measured{Grid: p.gallery.grid, Annotator: p.editor.annotator, page: p}
	p.observe(m.heard)
	return m
}

// heard passes on what the page's model tells.
func (m *Measured) heard(n news) {
	switch {
	case n.about == aboutList && m.listed != nil:
		fyne.Do(m.listed) // once the grid has it, too
		m.listed = nil
	case n.about == aboutOpened && m.put != nil && m.page.opened.open && m.page.opened.point.ID != 0 && !m.page.opened.stale && m.page.editor.typist.loading:
		m.put()
	}
}

// Filter chooses a state and a place in the list of orders, as a click does; then is called once the new list is shown.
func (m *Measured) Filter(state string, order int, then func()) {
	g := m.page.gallery
	g.filters.quiet = true
	g.filters.state.SetSelected(state)
	g.filters.order.SetSelectedIndex(order)
	g.filters.quiet = false
	m.listed = then
	g.grid.SetOffset(0)
	m.page.load(true)
}

// OnPut has f called each time an image and its regions are put before the person; nil: no more.
func (m *Measured) OnPut(f func()) { m.put = f }

// Loaded reports whether the gallery's list is there, and every image in sight.
func (m *Measured) Loaded() bool {
	return m.page.gallery.loaded && m.Grid.Length() > 0 && m.Grid.Pending() == 0
}
