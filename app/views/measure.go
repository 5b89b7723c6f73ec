package views

import "viewfinder/widgets"

// Measured is what a measurement of the page steers, on the window's thread.
type Measured struct {
	Grid      *widgets.ImageGrid
	Annotator *widgets.Annotator
	page      *Page
}

// Measured gives the parts of the page that are measured.
func (p *Page) Measured() Measured {
	return Measured{Grid: p.gallery.grid, Annotator: p.editor.annotator, page: p}
}

// Filter chooses a state and a place in the list of orders, as a click does; then is called once the new list is shown.
func (m Measured) Filter(state string, order int, then func()) {
	g := m.page.gallery
	g.filters.quiet = true
	g.filters.state.SetSelected(state)
	g.filters.order.SetSelectedIndex(order)
	g.filters.quiet = false
	g.onShown = then
	g.grid.SetOffset(0)
	m.page.load(true)
}

// Loaded says whether the gallery's list is there, and every picture in sight.
func (m Measured) Loaded() bool {
	return m.page.gallery.loaded && m.Grid.Length() > 0 && m.Grid.Pending() == 0
}
