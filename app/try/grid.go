package try

import (
	"context"
	"fmt"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/predict"
	"viewfinder/storage/words"
	"viewfinder/widgets"
)

// grid is the images side by side, each with the version's prediction.
type grid struct {
	try     *Try
	content fyne.CanvasObject
	grid    *widgets.ImageGrid
	thumbs  map[string]image.Image
	wanted  map[string]bool
	turn    chan struct{} // how many thumbnails are made at a time
}

// mostThumbs bounds the thumbnails kept in memory.
const mostThumbs = 1500

const thumbSide = 256

func newGrid(t *Try) *grid {
	g := &grid{try: t, thumbs: map[string]image.Image{}, wanted: map[string]bool{}, turn: make(chan struct{}, 2)}
	g.grid = widgets.NewImageGrid()
	g.grid.Item = g.item
	g.grid.OnOpen = t.openItem
	g.content = container.NewStack(g.grid)
	return g
}

func (g *grid) item(i, _ int) widgets.GridItem {
	t := g.try
	if i >= len(t.items) {
		return widgets.GridItem{}
	}
	it := t.items[i]
	cell := widgets.GridItem{Name: it.name, Thumbnail: g.thumbs[it.path], Failed: it.failed}
	if cell.Thumbnail == nil && !it.failed {
		g.want(it)
	}
	switch p := it.prediction; {
	case p == nil:
		cell.Note = "…"
	case p.Error != "":
		cell.Note, cell.Failed = "cannot be used", true
	default:
		t.say(&cell, p.At(t.view.Type, t.threshold, 0))
	}
	return cell
}

// say writes what is seen beneath an image.
func (t *Try) say(cell *widgets.GridItem, p predict.Prediction) {
	for i, c := range p.Concepts {
		if t.view.Type.ExactlyOne() && i > 0 || i > 2 {
			break
		}
		cell.Chips = append(cell.Chips, widgets.Swatch{Text: c.Concept + " " + words.Percent(c.Score), Color: t.color(c.Concept)})
	}
	counts := map[string]int{}
	var order []string
	for _, b := range p.Boxes {
		if counts[b.Concept]++; counts[b.Concept] == 1 {
			order = append(order, b.Concept)
		}
		cell.Boxes = append(cell.Boxes, widgets.GridBox{Box: rectOf(b), Color: t.color(b.Concept)})
	}
	for _, name := range order {
		cell.Chips = append(cell.Chips, widgets.Swatch{Text: fmt.Sprintf("%d %s", counts[name], name), Color: t.color(name)})
	}
	if len(cell.Chips) == 0 {
		cell.Note = "nothing found"
	}
}

func rectOf(b predict.PredictedBox) widgets.Rect {
	return widgets.Rect{XMin: b.XMin, YMin: b.YMin, XMax: b.XMax, YMax: b.YMax}
}

// want makes a thumbnail in the background.
func (g *grid) want(it *item) {
	if g.wanted[it.path] {
		return
	}
	g.wanted[it.path] = true
	ctx, path := g.try.ctx, it.path
	go func() {
		small, err := g.make(ctx, path)
		if ctx.Err() != nil {
			return
		}
		fyne.Do(func() {
			delete(g.wanted, path)
			if err != nil {
				it.failed = true
			} else {
				if len(g.thumbs) >= mostThumbs {
					clear(g.thumbs)
				}
				g.thumbs[path] = small
			}
			for i, other := range g.try.items {
				if other == it {
					g.grid.RefreshItem(i)
					break
				}
			}
		})
	}()
}

func (g *grid) make(ctx context.Context, path string) (image.Image, error) {
	select {
	case g.turn <- struct{}{}:
		defer func() { <-g.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return pictures.FileThumbnail(path, thumbSide)
}
