package trainings

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"

	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// batch is the last batch, ready to be shown. Boxes are drawn into its images, so that is done off the window's thread.
type batch struct {
	iteration int
	right     int
	tiles     []widgets.BatchTile
}

func readBatch(ctx context.Context, p Project, id int64) (*batch, error) {
	l, picture, err := p.LastBatch(ctx, id)
	if err != nil || l == nil {
		return nil, err
	}
	b := &batch{iteration: l.Iteration}
	for i, t := range l.Tiles {
		tile := widgets.BatchTile{Image: l.Image(picture, i), Right: t.Right, Truth: names(l, t.Truth), Predicted: names(l, t.Predicted)}
		if l.Task.HasBoxes() {
			tile.Image = withBoxes(tile.Image, t)
			tile.Truth, tile.Predicted = words.Count(len(t.Boxes), "object"), fmt.Sprintf("%d found", len(t.Found))
		}
		if t.Right {
			b.right++
		}
		b.tiles = append(b.tiles, tile)
	}
	return b, nil
}

func names(l *runs.LastBatch, concepts []int) string {
	var list []string
	for _, c := range concepts {
		list = append(list, l.Concepts[c])
	}
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, ", ")
}

// boxScale is how much larger an image with boxes is drawn, so that their lines are fine.
const boxScale = 2

// withBoxes draws the true boxes in outline, and those that were found dashed, in the colours of their concepts.
func withBoxes(src image.Image, t runs.Tile) image.Image {
	from := src.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, from.Dx()*boxScale, from.Dy()*boxScale))
	for y := range out.Bounds().Dy() {
		for x := range out.Bounds().Dx() {
			out.Set(x, y, src.At(from.Min.X+x/boxScale, from.Min.Y+y/boxScale))
		}
	}
	for _, b := range t.Boxes {
		outline(out, b, color.White, 0)
	}
	for _, b := range t.Found {
		outline(out, b, look.Concept(b.Class), 4)
	}
	return out
}

// outline draws a box; dash is the length of its strokes and gaps, 0 is a whole line.
func outline(dst draw.Image, b domain.ScoredBox, c color.Color, dash int) {
	w, h := float64(dst.Bounds().Dx()-1), float64(dst.Bounds().Dy()-1)
	x0, y0, x1, y1 := int(b.XMin*w), int(b.YMin*h), int(b.XMax*w), int(b.YMax*h)
	set := func(x, y, along int) {
		if dash == 0 || along/dash%2 == 0 {
			dst.Set(x, y, c)
		}
	}
	for x := x0; x <= x1; x++ {
		set(x, y0, x)
		set(x, y1, x)
	}
	for y := y0; y <= y1; y++ {
		set(x0, y, y)
		set(x1, y, y)
	}
}
