package widgets

import (
	"image"
	"image/color"
	"image/draw"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"viewfinder/icons"
	"viewfinder/widgets/look"
)

// gridCell is one cell's objects: a rim that shows selection, the image with its regions drawn on, bars in the
// concepts' colours with their names beneath, and small marks.
type gridCell struct {
	box     *fyne.Container
	rim     *canvas.Rectangle
	ground  *canvas.Rectangle
	picture *canvas.Image
	symbol  *canvas.Image
	bars    []*canvas.Rectangle
	text    *canvas.Text
	mark    *labelView
	review  *labelView
	strip   bool

	side  float32
	dark  bool
	stale bool
	shown image.Image

	styled gridStyle  // as it was drawn last
	drawn  gridSymbol // the symbol likewise
}

type gridSymbol struct {
	icon fyne.Resource
	dark bool
}

type gridStyle struct{ selected, current, focused, hovered, dark bool }

const gridBars = 4 // concepts that get a bar of their own

func newGridCell(strip bool) *gridCell {
	c := &gridCell{
		rim:     canvas.NewRectangle(color.Transparent),
		ground:  canvas.NewRectangle(color.Transparent),
		picture: &canvas.Image{FillMode: canvas.ImageFillContain, ScaleMode: canvas.ImageScaleFastest},
		symbol:  canvas.NewImageFromResource(icons.Image),
		text:    canvas.NewText("", color.Black),
		mark:    newLabelView(),
		review:  newLabelView(),
		strip:   strip,
	}
	c.rim.CornerRadius = look.Radius
	c.ground.CornerRadius = look.Radius - 2
	c.picture.CornerRadius = look.Radius - 2
	c.symbol.FillMode = canvas.ImageFillContain
	objects := []fyne.CanvasObject{c.rim, c.ground, c.symbol, c.picture}
	for range gridBars {
		bar := canvas.NewRectangle(color.Transparent)
		bar.CornerRadius = 2
		c.bars = append(c.bars, bar)
		objects = append(objects, bar)
	}
	objects = append(objects, c.text, c.mark.back, c.mark.text, c.review.back, c.review.text)
	c.box = container.NewWithoutLayout(objects...)
	return c
}

// show puts an item into the cell.
func (c *gridCell) show(item GridItem, side float32) {
	c.side, c.dark = side, look.IsDark()
	c.ground.FillColor = look.Color(look.ColorCanvas)
	c.ground.Move(fyne.NewPos(gridEdge, gridEdge))
	c.ground.Resize(fyne.NewSize(side, side))
	c.rim.Resize(fyne.NewSize(side+2*gridEdge, side+2*gridEdge))
	c.showPicture(item, side)
	c.showWords(item, side)
	c.showMarks(item, side)
}

func (c *gridCell) showPicture(item GridItem, side float32) {
	c.symbol.Hide()
	c.picture.Hide()
	if item.Thumbnail == nil {
		c.shown = nil
		c.picture.Image = nil
		const s = 28
		c.symbol.Move(fyne.NewPos(gridEdge+(side-s)/2, gridEdge+(side-s)/2))
		c.symbol.Show()
		now := gridSymbol{icons.Image, c.dark}
		switch {
		case item.Failed:
			now.icon = icons.Broken
		case item.Icon != nil:
			now.icon = item.Icon
		}
		if c.drawn != now { // its drawing is read anew each time, which fast scrolling felt
			c.drawn = now
			c.symbol.Resource, c.symbol.Translucency = now.icon, 0.65
			c.symbol.Resize(fyne.NewSize(s, s))
			c.symbol.Refresh()
		}
		return
	}
	img := item.Thumbnail
	if len(item.Boxes) > 0 {
		img = WithBoxes(img, item.Boxes)
	}
	// An image smaller than the cell is not blown up to more than twice its size.
	b := img.Bounds()
	w, h := float32(b.Dx()), float32(b.Dy())
	k := fyne.Min(side/w, side/h)
	k = fyne.Min(k, 4)
	size := fyne.NewSize(w*k, h*k)
	c.picture.Resize(size)
	c.picture.Move(fyne.NewPos(gridEdge+(side-size.Width)/2, gridEdge+(side-size.Height)/2))
	c.picture.Show()
	if img != c.shown {
		c.shown = img
		c.picture.Image = img
		c.picture.Refresh()
	}
}

func (c *gridCell) showWords(item GridItem, side float32) {
	words := make([]string, 0, len(item.Chips))
	for i, bar := range c.bars {
		if i >= len(item.Chips) {
			bar.Hide()
			continue
		}
		bar.FillColor, bar.StrokeWidth = item.Chips[i].Color, 0
		if item.Guess != "" { // a rim says that it is not decided
			bar.StrokeColor, bar.StrokeWidth, bar.FillColor = item.Chips[i].Color, 1.5, color.Transparent
			if c.strip {
				bar.FillColor, bar.StrokeWidth = look.WithAlpha(item.Chips[i].Color, 0x50), 0
			}
		}
		if c.strip {
			const h = 4
			w := side / float32(min(len(item.Chips), gridBars))
			bar.Resize(fyne.NewSize(w, h))
			bar.Move(fyne.NewPos(gridEdge+float32(i)*w, gridEdge+side-h))
		} else {
			bar.Resize(fyne.NewSize(8, 8))
			bar.Move(fyne.NewPos(gridEdge+float32(i)*10, side+2*gridEdge+6))
		}
		bar.Show()
	}
	for _, chip := range item.Chips {
		words = append(words, chip.Text)
	}
	if c.strip {
		c.text.Hide()
		return
	}
	x := gridEdge + float32(min(len(item.Chips), gridBars))*10
	if len(item.Chips) > 0 {
		x += 3
	}
	text, name := strings.Join(words, ", "), theme.ColorNameForeground
	if text == "" {
		text, name = item.Note, look.ColorMuted
	}
	if item.Guess != "" {
		text, name = item.Guess+" "+text+"?", look.ColorMuted
	}
	if text == "" {
		text = item.Name
		if i := strings.LastIndexByte(text, '/'); i >= 0 {
			text = text[i+1:]
		}
		name = theme.ColorNamePlaceHolder
	}
	c.text.TextSize, c.text.Color = look.TextSmall, look.Color(name)
	c.text.Text = look.Fit(text, side+gridEdge-x, look.TextSmall, fyne.TextStyle{})
	h := look.LineHeight(look.TextSmall)
	c.text.Resize(fyne.NewSize(side+gridEdge-x, h))
	c.text.Move(fyne.NewPos(x, side+2*gridEdge+10-h/2))
	c.text.Show()
}

func (c *gridCell) showMarks(item GridItem, side float32) {
	c.mark.show(false)
	c.review.show(false)
	x := float64(gridEdge + 5)
	if item.Mark != "" && side >= 64 {
		c.mark.at(item.Mark, color.NRGBA{0x20, 0x24, 0x2a, 0xff}, x, float64(gridEdge+5), 10)
		c.mark.back.FillColor = color.NRGBA{0x20, 0x24, 0x2a, 0xc8}
	}
	word, ground := "", color.NRGBA{}
	switch {
	case item.Reviewed:
		word, ground = "✓", color.NRGBA{0x14, 0x79, 0x4b, 0xff}
	case item.Suggested:
		word, ground = "?", color.NRGBA{0x6a, 0x4f, 0x00, 0xff}
	}
	if word != "" {
		c.review.at(word, ground, 0, float64(gridEdge+5), 10)
		at := fyne.NewPos(gridEdge+side-5-c.review.back.Size().Width, gridEdge+5)
		c.review.back.Move(at)
		c.review.text.Move(at.AddXY(5, 1))
	}
}

// style shows whether the cell is selected, the current one, and under the pointer.
func (c *gridCell) style(selected, current, focused, hovered bool) {
	now := gridStyle{selected, current, focused, hovered, look.IsDark()}
	if c.styled == now {
		return
	}
	c.styled = now
	c.rim.FillColor, c.rim.StrokeColor, c.rim.StrokeWidth = color.Transparent, color.Transparent, 0
	switch {
	case selected:
		c.rim.FillColor = look.Color(look.ColorAccentSoft)
		c.rim.StrokeColor, c.rim.StrokeWidth = look.Color(theme.ColorNamePrimary), 2
	case current && focused:
		c.rim.StrokeColor, c.rim.StrokeWidth = look.Color(theme.ColorNameFocus), 2
	case hovered:
		c.rim.FillColor = look.Color(theme.ColorNameHover)
	}
	if selected && current && focused {
		c.rim.StrokeWidth = 3
	}
	c.rim.Refresh()
}

// WithBoxes is a copy of a thumbnail with regions drawn on: a line of one or two pixels in the region's colour on a
// dark one.
func WithBoxes(src image.Image, boxes []GridBox) image.Image {
	b := src.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(dst, dst.Rect, src, b.Min, draw.Src)
	width := 1 + max(b.Dx(), b.Dy())/200
	for _, box := range boxes {
		r := image.Rect(int(box.Box.XMin*float64(b.Dx())), int(box.Box.YMin*float64(b.Dy())),
			int(box.Box.XMax*float64(b.Dx())+0.5), int(box.Box.YMax*float64(b.Dy())+0.5))
		if r.Dx() < 2*width+2 || r.Dy() < 2*width+2 {
			r = r.Inset(-2)
		}
		outline(dst, r, color.RGBA{0, 0, 0, 0x80}, 1, box.Suggested)
		outline(dst, r.Inset(1), color.RGBAModel.Convert(box.Color).(color.RGBA), width, box.Suggested)
	}
	return dst
}

func outline(dst *image.RGBA, r image.Rectangle, c color.RGBA, width int, dashed bool) {
	paint := func(x, y, w, h int) {
		part := image.Rect(x, y, x+w, y+h)
		if !dashed {
			draw.Draw(dst, part, image.NewUniform(c), image.Point{}, draw.Over)
			return
		}
		for y := part.Min.Y; y < part.Max.Y; y++ {
			for x := part.Min.X; x < part.Max.X; x++ {
				if (x+y)/3%2 == 0 && (image.Point{X: x, Y: y}).In(dst.Rect) {
					dst.SetRGBA(x, y, c)
				}
			}
		}
	}
	paint(r.Min.X, r.Min.Y, r.Dx(), width)
	paint(r.Min.X, r.Max.Y-width, r.Dx(), width)
	paint(r.Min.X, r.Min.Y, width, r.Dy())
	paint(r.Max.X-width, r.Min.Y, width, r.Dy())
}
