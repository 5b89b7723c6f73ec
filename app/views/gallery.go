package views

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/keys"
	"viewfinder/app/studio"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// gallery is the middle of the page while no image is open: the filters, and the thumbnails. It observes the model.
type gallery struct {
	*commands
	keys    *keys.Map
	to      galleryActions
	content fyne.CanvasObject
	grid    *widgets.ImageGrid
	filters *filters
	search  *searchField
	found   *look.Styled
	size    *widget.Slider
	empty   *fyne.Container
	// unviewed shows the images of a project that has no view yet.
	unviewed *unviewed
	bulk     *bulkBar
	similar  *similar

	selectIDs []int64 // to be selected once the list is there, the first one in sight
	reading   bool
	loaded    bool
	ordered   int // the place of the order that was chosen last
	total     int // of the view, unfiltered
}

// galleryActions is what the gallery has the page do.
type galleryActions struct {
	open     func(i int)       // opens the annotator on a place of the list
	load     func()            // reads the list anew
	keep     func()            // remembers what the gallery shows
	focus    func()            // gives the focus to what is shown
	toSearch func()            // shows the gallery where the annotator is open: names are searched in it
	order    func(then func()) // sees to it that there is an order of what is most useful
	useful   func()
	imports  func()
	paste    func()
	newView  func(domain.Task)
	suggest  func()
	fold     func() // folds the details away, or unfolds them
	help     func()
	find     func()                             // asks for a concept's name
	similar  func(id int64, region *domain.Box) // orders by similarity to a datapoint
}

func newGallery(c *commands, k *keys.Map, to galleryActions) *gallery {
	g := &gallery{commands: c, keys: k, to: to}
	g.grid = widgets.NewImageGrid()
	g.grid.Item = g.item
	g.grid.OnOpen = to.open
	g.grid.OnSelect = func() {
		g.setSelection(g.gridSelection())
		to.keep()
	}
	g.grid.OnRune = g.typed
	g.grid.OnKey = g.key
	g.grid.OnShortcut = g.shortcut
	g.grid.OnGesture = c.project.YieldCPU
	g.grid.OnMenu = g.menu
	g.search = newSearchField(to.focus, to.toSearch)
	g.filters = newFilters(c.model, g.filtered, to.order, g.search.SetText)
	g.search.OnChanged = g.filters.setText
	g.found = look.Small("")
	g.size = widget.NewSlider(float64(widgets.GridCellMin), float64(widgets.GridCellMax))
	g.size.Value = float64(widgets.GridCellDefault)
	g.size.OnChanged = func(v float64) {
		g.grid.SetCellSize(float32(v))
		g.unviewed.grid.SetCellSize(float32(v))
		to.keep()
	}
	imports := widget.NewButtonWithIcon("Import", icons.Import, to.imports)
	imports.Importance = widget.HighImportance
	fold := widgets.NewIconButton(icons.Info, "Hide or show the details on the right (I)", to.fold)
	suggest := widgets.NewIconButton(icons.Network, "Suggestions: let a version suggest annotations, accept those above a confidence", to.suggest)
	first := look.Row(8, g.filters.split, g.filters.concept, g.filters.order, layout.NewSpacer(), suggest, imports, fold)
	states := container.NewHScroll(g.filters.state) // it scrolls where the window is narrow
	second := container.NewBorder(nil, nil, nil, look.Row(6, g.found, look.Width(84, look.Track(g.size))), states)
	bar := container.New(layout.NewCustomPaddedVBoxLayout(0), look.PadXY(8, 6, container.New(layout.NewCustomPaddedVBoxLayout(5), first, second)), look.HLine())
	g.empty = container.NewStack()
	g.unviewed = newUnviewed(c.memory, to)
	g.bulk = newBulkBar(c, func() { g.grid.SelectOnly(-1) })
	g.similar = newSimilar(func() {
		g.grid.SetOffset(0)
		to.load()
	})
	bar.Add(g.similar.content)
	g.content = look.Frame(bar, g.bulk.content, nil, nil, container.NewStack(g.grid, g.empty, g.unviewed.content))
	g.reset()
	c.observe(g.heard)
	return g
}

// heard hears what the model tells.
func (g *gallery) heard(n news) {
	switch n.about {
	case aboutSelection:
		g.bulk.show(len(g.selection))
	case aboutPoint:
		g.unviewed.refresh(n.id)
		if i, ok := g.index[n.id]; ok {
			g.grid.RefreshItem(i)
		}
	case aboutPoints, aboutAssistant:
		if g.content.Visible() {
			g.grid.RefreshAll()
		}
	}
}

// reset forgets everything: another view is shown.
func (g *gallery) reset() {
	g.forget()
	g.similar.forget()
	g.filters.reset()
	g.loaded = false
	g.setList(nil)
	g.grid.SelectOnly(-1)
	g.setSelection(nil)
	g.grid.SetLength(0)
	g.grid.SetOffset(0)
	g.empty.Objects = nil
	g.found.SetText("")
}

// filtered hears that a person chose other filters or another order.
func (g *gallery) filtered() {
	if g.filters.order.SelectedIndex() != g.ordered { // another order was chosen
		g.similar.forget()
	}
	g.ordered = g.filters.order.SelectedIndex()
	g.grid.SetOffset(0)
	g.to.load()
	g.to.keep()
}

func (g *gallery) query() studio.Query { return g.filters.query(g.view().ID) }

// show shows a list; what was selected stays selected where it still is.
func (g *gallery) show(ids []int64) {
	chosen := g.gridSelection()
	current := g.current()
	first := !g.loaded
	g.loaded = true
	g.setList(ids)
	g.grid.SetLength(len(ids))
	wanted := slices.DeleteFunc(g.selectIDs, func(id int64) bool { _, ok := g.index[id]; return !ok })
	g.selectIDs = nil
	if len(wanted) > 0 {
		chosen, current = wanted, wanted[0]
	}
	var places []int
	if at, ok := g.index[current]; ok && current != 0 {
		places = append(places, at)
	}
	for _, id := range chosen {
		if i, ok := g.index[id]; ok && id != current {
			places = append(places, i)
		}
	}
	switch {
	case len(places) > 0:
		g.grid.SetSelected(places)
	case len(ids) > 0 && (first || len(chosen) > 0):
		g.grid.SelectOnly(min(max(0, g.grid.Current()), len(ids)-1))
	}
	if len(wanted) > 0 && len(places) > 0 {
		g.grid.ScrollTo(places[0])
	}
	g.setSelection(g.gridSelection())
	g.showEmpty()
	text := words.Count(len(ids), "image")
	if g.view().ID == 0 {
		text = words.Count(g.unviewed.all, "image")
	} else if len(ids) != g.total {
		text = words.Number(len(ids)) + " of " + words.Number(g.total)
	}
	g.found.SetText(text)
	g.content.Refresh()
	if first {
		g.to.focus()
	}
}

// current is the datapoint that the cursor is on, 0 for none.
func (g *gallery) current() int64 {
	if i := g.grid.Current(); i >= 0 && i < len(g.ids) {
		return g.ids[i]
	}
	return 0
}

// choose has a datapoint be selected, and in sight, once the list is there.
func (g *gallery) choose(ids ...int64) { g.selectIDs = ids }

// gridSelection is the datapoints that are selected in the grid.
func (g *gallery) gridSelection() []int64 {
	var ids []int64
	for _, i := range g.grid.Selected() {
		if i < len(g.ids) {
			ids = append(ids, g.ids[i])
		}
	}
	return ids
}

// item is what a cell shows; what is not in memory is asked for.
func (g *gallery) item(i, px int) widgets.GridItem {
	if i >= len(g.ids) {
		return widgets.GridItem{}
	}
	d, ok := g.point(g.ids[i])
	if !ok {
		g.read()
		return widgets.GridItem{}
	}
	item := g.guessed(d, g.view().Type)
	item.Thumbnail, item.Failed = g.thumbnail(d, px)
	return item
}

// read reads what is in sight and a page before and after it.
func (g *gallery) read() {
	if g.reading {
		return
	}
	from, to := g.grid.InSight()
	n := max(40, to-from)
	from, to = max(0, from-n), min(len(g.ids), to+n)
	g.reading = g.fetch(g.ids[from:to], func() { g.reading = false })
}
