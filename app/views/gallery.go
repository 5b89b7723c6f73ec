package views

import (
	"context"
	"image"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// gallery is the middle of the page while no image is open: the filters, and the thumbnails.
type gallery struct {
	page    *Page
	content fyne.CanvasObject
	grid    *widgets.ImageGrid
	filters *filters
	search  *searchField
	found   *look.Styled
	size    *widget.Slider
	empty   *fyne.Container
	bulk    *bulkBar

	ids       []int64       // the list, in its order
	index     map[int64]int // of ids
	points    map[int64]studio.Datapoint
	asked     map[int64]bool // datapoints being read
	failed    map[int64]bool // thumbnails that cannot be made
	wanted    map[thumb]bool // thumbnails on their way
	ctx       context.Context
	cancel    context.CancelFunc
	selectIDs []int64 // to be selected once the list is there, the first one in sight
	reading   bool
	loaded    bool
	total     int    // of the view, unfiltered
	onShown   func() // for measurements: the next list is shown
}

// mostWanted bounds the thumbnails that are on their way.
const mostWanted = 2000

type thumb struct {
	id int64
	px int
}

// keptPoints bounds the datapoints kept in memory.
const keptPoints = 6000

func newGallery(p *Page) *gallery {
	g := &gallery{page: p}
	g.grid = widgets.NewImageGrid()
	g.grid.Item = g.item
	g.grid.OnOpen = func(i int) { p.open(i) }
	g.grid.OnSelect = func() {
		g.bulk.show(g.grid.SelectedCount())
		p.panel.selectionChanged()
		p.keep()
	}
	g.grid.OnRune = g.typed
	g.grid.OnKey = g.key
	g.grid.OnShortcut = g.shortcut
	g.grid.OnHand = p.shell.Project().StepAside
	g.grid.OnMenu = g.menu
	g.filters = newFilters(p)
	g.search = newSearchField(p)
	g.search.OnChanged = func(text string) { g.filters.setText(text) }
	g.found = look.Small("")
	g.size = widget.NewSlider(float64(widgets.GridCellMin), float64(widgets.GridCellMax))
	g.size.Value = float64(widgets.GridCellDefault)
	g.size.OnChanged = func(v float64) {
		g.grid.SetCellSize(float32(v))
		p.keep()
	}
	imports := widget.NewButtonWithIcon("Import", icons.Import, func() { p.Import(nil) })
	imports.Importance = widget.HighImportance
	fold := widgets.NewIconButton(icons.Info, "Fold the details at the right away, or unfold them (I)", p.foldDetails)
	suggest := widgets.NewIconButton(icons.Network, "Suggestions: have a version say what is in the images, accept what is certain", p.Suggest)
	first := look.Row(8, g.filters.split, g.filters.concept, g.filters.order, layout.NewSpacer(), suggest, imports, fold)
	states := container.NewHScroll(g.filters.state) // it scrolls where the window is narrow
	second := container.NewBorder(nil, nil, nil, look.Row(6, g.found, look.Width(84, look.Track(g.size))), states)
	bar := container.New(layout.NewCustomPaddedVBoxLayout(0), look.PadXY(8, 6, container.New(layout.NewCustomPaddedVBoxLayout(5), first, second)), look.HLine())
	g.empty = container.NewStack()
	g.bulk = newBulkBar(g)
	g.content = look.Frame(bar, g.bulk.content, nil, nil, container.NewStack(g.grid, g.empty))
	g.reset()
	return g
}

// reset forgets everything: another view is shown.
func (g *gallery) reset() {
	g.forget()
	g.filters.reset()
	g.ids, g.loaded = nil, false
	g.index = map[int64]int{}
	g.grid.SelectOnly(-1)
	g.grid.SetLength(0)
	g.grid.SetOffset(0)
	g.empty.Objects = nil
	g.found.SetText("")
}

// forget forgets what was read of datapoints, since anything may have changed.
func (g *gallery) forget() {
	if g.cancel != nil {
		g.cancel()
	}
	g.ctx, g.cancel = context.WithCancel(g.page.shell.Context())
	g.points, g.asked, g.failed, g.wanted = map[int64]studio.Datapoint{}, map[int64]bool{}, map[int64]bool{}, map[thumb]bool{}
}

func (g *gallery) query() studio.Query { return g.filters.query(g.page.shell.View().ID) }

// show shows a list; what was selected stays selected where it still is.
func (g *gallery) show(ids []int64) {
	chosen := g.chosenIDs()
	current := int64(0)
	if i := g.grid.Current(); i >= 0 && i < len(g.ids) {
		current = g.ids[i]
	}
	first := !g.loaded
	same := slices.Equal(ids, g.ids)
	g.loaded = true
	g.ids = ids
	if !same {
		g.index = make(map[int64]int, len(ids))
		for i, id := range ids {
			g.index[id] = i
		}
	}
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
	g.showEmpty()
	text := words.Count(len(ids), "image")
	if len(ids) != g.total {
		text = words.Number(len(ids)) + " of " + words.Number(g.total)
	}
	g.found.SetText(text)
	g.content.Refresh()
	if first {
		g.page.focus()
	}
	if done := g.onShown; done != nil {
		g.onShown = nil
		done()
	}
}

// refreshKeep loads the list anew and selects a datapoint in it.
func (g *gallery) refreshKeep(id int64) {
	g.selectIDs = []int64{id}
	g.page.load(true)
}

func (g *gallery) showCounts(c studio.Counts) {
	g.total = c.Total().All
	g.filters.showCounts(c)
}

// chosenIDs is the datapoints that are selected.
func (g *gallery) chosenIDs() []int64 {
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
	id := g.ids[i]
	d, ok := g.points[id]
	if !ok {
		g.read()
		return widgets.GridItem{}
	}
	item := itemOf(d, g.page.shell.View().Type, g.page.byID)
	if g.failed[id] {
		item.Failed = true
		return item
	}
	item.Picture = g.thumbnail(d, px)
	return item
}

// arrived draws a datapoint again wherever it is shown.
func (g *gallery) arrived(id int64) {
	if i, ok := g.index[id]; ok {
		g.grid.RefreshItem(i)
	}
	g.page.editor.arrived(id)
}

// thumbnail gives a datapoint's small picture, or nil; it is drawn again once that is there.
func (g *gallery) thumbnail(d studio.Datapoint, px int) image.Image {
	key := thumb{d.ID, px}
	if len(g.wanted) >= mostWanted {
		g.wanted = map[thumb]bool{} // what was scrolled past may have been dropped: seen again, it is asked for again
	}
	if g.wanted[key] {
		return nil
	}
	ctx, failed, wanted := g.ctx, g.failed, g.wanted
	img := g.page.shell.Project().ThumbnailAsync(ctx, d, px, func(_ image.Image, err error) {
		fyne.Do(func() {
			delete(wanted, key)
			if err != nil {
				failed[d.ID] = true
			}
			if ctx.Err() == nil {
				g.arrived(d.ID)
			}
		})
	})
	if img == nil {
		wanted[key] = true
	}
	return img
}

// read reads what is in sight and a page before and after it.
func (g *gallery) read() {
	if g.reading {
		return
	}
	from, to := g.grid.InSight()
	n := max(40, to-from)
	from, to = max(0, from-n), min(len(g.ids), to+n)
	var ids []int64
	for _, id := range g.ids[from:to] {
		if _, ok := g.points[id]; !ok && !g.asked[id] {
			ids = append(ids, id)
			g.asked[id] = true
		}
	}
	if len(ids) == 0 {
		return
	}
	g.reading = true
	ctx, points, asked := g.ctx, g.points, g.asked
	go func() {
		list, began, err := g.page.writer.read(ctx, ids)
		fyne.Do(func() {
			g.reading = false
			for _, id := range ids {
				delete(asked, id)
			}
			if ctx.Err() != nil || err != nil {
				if ctx.Err() == nil {
					g.page.shell.Fail("read the images", err)
				} else if g.page.shell.Context().Err() == nil {
					g.grid.RefreshAll() // all was forgotten meanwhile: it is asked for again
					g.page.editor.refreshStrip()
				}
				return
			}
			if len(points) > keptPoints {
				clear(points)
			}
			g.remember(points, list, began)
			g.grid.RefreshAll()
			g.page.editor.refreshStrip()
			g.page.panel.selectionChanged()
		})
	}()
}

// remember puts what was read into the memory; what was done to a datapoint since the reading began is read once more.
func (g *gallery) remember(points map[int64]studio.Datapoint, list []studio.Datapoint, began int64) {
	for _, d := range list {
		if !g.page.writer.changed(d.Key(), began) {
			points[d.ID] = d
		}
	}
}

// reread reads the datapoints of some images anew, those that are in memory; nil means all.
func (g *gallery) reread(images []int64) {
	if len(images) == 0 || len(images) > 500 {
		g.forget()
		g.page.editor.refreshStrip()
		return
	}
	for id, d := range g.points {
		if slices.Contains(images, d.Image.ID) && !g.page.writer.waits(d.Key()) {
			delete(g.points, id)
		}
	}
	if g.page.editor.isOpen() {
		g.page.editor.refreshStrip()
	} else {
		g.grid.RefreshAll()
	}
}

// put puts what was done into the memory at once; it is read anew once it is saved.
func (g *gallery) put(d studio.Datapoint) {
	if _, ok := g.points[d.ID]; ok {
		g.points[d.ID] = d
		g.arrived(d.ID)
	}
}

// withChosen does something with the selected datapoints, after what was done before; those that are not in memory are read first.
func (g *gallery) withChosen(doing string, do func(list []studio.Datapoint)) {
	g.page.gate.pass(func() { g.chosen(doing, do) })
}

func (g *gallery) chosen(doing string, do func(list []studio.Datapoint)) {
	ids := g.chosenIDs()
	if len(ids) == 0 {
		g.page.shell.Notify("Select images first: click one, or drag a frame around several.")
		return
	}
	var list []studio.Datapoint
	for _, id := range ids {
		if d, ok := g.points[id]; ok {
			list = append(list, d)
		}
	}
	if len(list) == len(ids) {
		do(list)
		return
	}
	project := g.page.shell.Project()
	g.page.gate.close()
	g.page.shell.Do(doing, func(ctx context.Context) (err error) {
		g.page.writer.wait(ctx)
		if list, err = project.DatapointsByID(ctx, ids); err != nil {
			fyne.Do(g.page.gate.open)
		}
		return err
	}, func() {
		do(list)
		g.page.gate.open()
	})
}

func keysOf(list []studio.Datapoint) []studio.Key {
	keys := make([]studio.Key, len(list))
	for i, d := range list {
		keys[i] = d.Key()
	}
	return keys
}

// imagesOf gives the images of datapoints, each once, in the order in which they come first.
func imagesOf(list []studio.Datapoint) []int64 {
	ids := make([]int64, 0, len(list))
	seen := make(map[int64]bool, len(list))
	for _, d := range list {
		if !seen[d.Image.ID] {
			seen[d.Image.ID] = true
			ids = append(ids, d.Image.ID)
		}
	}
	return ids
}
