package widgets

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/icons"
	"viewfinder/widgets/look"
)

// BatchTile is an image as a network saw it, with the truth and the network's prediction.
type BatchTile struct {
	Image            image.Image
	Right            bool
	Truth, Predicted string // Predicted is shown where it is not Right
}

// BatchTiles shows the images of a batch as small images in rows, each marked right or wrong.
type BatchTiles struct {
	widget.BaseWidget
	columns int
	side    float32
	grid    *fyne.Container
	tiles   []*batchTile
}

// batchTile is one image with its mark and its words.
type batchTile struct {
	content          fyne.CanvasObject
	picture          *canvas.Image
	mark             *widget.Icon
	back             *canvas.Rectangle
	truth, predicted *look.Styled
}

// NewBatchTiles makes rows of so many images, of that height.
func NewBatchTiles(columns int, side float32) *BatchTiles {
	b := &BatchTiles{columns: columns, side: side, grid: container.NewGridWithColumns(columns)}
	b.ExtendBaseWidget(b)
	return b
}

// Set shows other images.
func (b *BatchTiles) Set(tiles []BatchTile) {
	for len(b.tiles) < len(tiles) {
		b.tiles = append(b.tiles, newBatchTile(b.side))
	}
	b.grid.Objects = b.grid.Objects[:0]
	for i, one := range tiles {
		t := b.tiles[i]
		t.picture.Image = one.Image
		t.picture.Refresh()
		icon, tint := icons.Close, theme.ColorNameError
		if one.Right {
			icon, tint = icons.Check, theme.ColorNameSuccess
		}
		t.back.FillColor = look.WithAlpha(look.Color(theme.ColorNameBackground), 0xd8)
		t.back.Refresh()
		t.mark.SetResource(theme.NewColoredResource(icon, tint))
		t.truth.SetText(one.Truth)
		predicted := ""
		if !one.Right {
			predicted = "✗ " + one.Predicted
		}
		t.predicted.SetText(predicted)
		b.grid.Add(t.content)
	}
	b.grid.Refresh()
	b.Refresh()
}

func newBatchTile(side float32) *batchTile {
	t := &batchTile{picture: &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleSmooth}, mark: widget.NewIcon(nil), back: canvas.NewRectangle(color.Transparent),
		truth: look.NewStyled("", look.TextSmall, false, theme.ColorNameForeground).Cut(), predicted: look.NewStyled("", look.TextSmall, false, theme.ColorNameError).Cut()}
	t.picture.SetMinSize(fyne.NewSize(side, side))
	t.back.CornerRadius = 3
	corner := container.NewGridWrap(fyne.NewSize(16, 16), container.NewStack(t.back, t.mark))
	t.content = container.NewVBox(container.NewStack(t.picture, container.NewBorder(nil, container.NewBorder(nil, nil, nil, corner), nil, nil)), container.NewVBox(t.truth, t.predicted))
	return t
}

// CreateRenderer implements fyne.Widget.
func (b *BatchTiles) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(b.grid) }
