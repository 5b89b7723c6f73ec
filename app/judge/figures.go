package judge

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets/look"
)

// figuresSection is the figures in numbers: the headline with its uncertainty, each concept, the means.
type figuresSection struct {
	sheet  *sheet
	scroll *container.Scroll
	body   *fyne.Container
	order  conceptOrder
}

func newFiguresSection(s *sheet) *figuresSection {
	f := &figuresSection{sheet: s, body: container.NewVBox()}
	f.scroll = container.NewVScroll(look.PadXY(0, 4, f.body))
	return f
}

func (f *figuresSection) object() fyne.CanvasObject { return f.scroll }

func (f *figuresSection) update() {
	s := f.sheet
	f.body.Objects = []fyne.CanvasObject{f.cards(), look.Panel(container.NewVBox(look.Strong("By concept"), f.table()))}
	if sizes := s.figures.BySize; len(sizes) > 0 {
		f.body.Add(look.Panel(container.NewVBox(look.Strong("By size of the boxes"), f.sizes())))
	}
	for _, l := range s.e.LeftOut {
		f.body.Add(version.Point(icons.Info, look.ColorMuted, leftOut(l)))
	}
	for i, p := range s.e.Problems {
		if i == 5 {
			f.body.Add(look.Small(fmt.Sprintf("and %d more", len(s.e.Problems)-i)))
			break
		}
		f.body.Add(version.Point(icons.Warning, theme.ColorNameWarning, p))
	}
	f.body.Refresh()
}

func leftOut(l runs.LeftOut) string {
	return fmt.Sprintf("Left out: %s, %s", words.Count(l.Count, "image"), l.Reason)
}

// cards are the headline figures, with 95% intervals as soon as they are known.
func (f *figuresSection) cards() fyne.CanvasObject {
	s := f.sheet
	unit := "images"
	var cards []fyne.CanvasObject
	card := func(name string, value float64, interval string, first bool) {
		tint := theme.ColorNameForeground
		if first {
			tint = look.ColorAccent
		}
		cards = append(cards, look.Panel(container.NewVBox(look.NewStyled(words.Percent(value), look.TextHeading, true, tint).Cut(), look.Small(name).Cut(), look.Small(interval).Cut())))
	}
	interval := func(m func(*evaluate.Intervals) evaluate.Measured) string {
		if s.intervals == nil {
			return " "
		}
		return m(s.intervals).Short()
	}
	g := s.figures
	switch s.e.View.Type {
	case domain.Classification:
		card("Accuracy", g.Accuracy.Value, g.Accuracy.Words(unit), true)
	case domain.Tagging:
		card("F1, mean of concepts", g.Macro.F1, interval(func(i *evaluate.Intervals) evaluate.Measured { return i.MacroF1 }), true)
		card("Correct yes/no decisions", g.Accuracy.Value, g.Accuracy.Words("decisions"), false)
	default:
		card("mAP@0.5", g.MAP50, interval(func(i *evaluate.Intervals) evaluate.Measured { return i.MAP50 }), true)
		card("mAP@0.5:0.95", g.MAP5095, interval(func(i *evaluate.Intervals) evaluate.Measured { return i.MAP5095 }), false)
	}
	card("Precision, mean", g.Macro.Precision, interval(func(i *evaluate.Intervals) evaluate.Measured { return i.MacroPrecision }), false)
	card("Recall, mean", g.Macro.Recall, interval(func(i *evaluate.Intervals) evaluate.Measured { return i.MacroRecall }), false)
	if !s.e.View.Type.AnyNumber() {
		card("F1, mean of concepts", g.Macro.F1, interval(func(i *evaluate.Intervals) evaluate.Measured { return i.MacroF1 }), false)
	}
	grid := container.NewGridWithColumns(len(cards), cards...)
	if n := g.Samples - g.Decided; s.e.View.Type.ExactlyOne() && n > 0 {
		return container.NewVBox(grid, version.Point(icons.Info, look.ColorMuted, words.Count(n, "image is", "images are")+" below the threshold: no prediction."))
	}
	return grid
}

// sizes are a detection's figures by the boxes' size, in COCO's classes.
func (f *figuresSection) sizes() fyne.CanvasObject {
	grid := container.New(&figureGrid{columns: 5})
	for i, title := range []string{"Size", "mAP@0.5", "mAP@0.5:0.95", "Recall", "Boxes"} {
		head := look.Section(title).Cut()
		if i > 0 {
			head.Align(fyne.TextAlignTrailing)
		}
		grid.Add(head)
	}
	titles := map[string]string{"small": "Small (below 32 × 32 pixels)", "medium": "Medium (to 96 × 96)", "large": "Large"}
	for _, size := range f.sheet.figures.BySize {
		name := titles[strings.ToLower(size.Name)]
		if name == "" {
			name = size.Name
		}
		grid.Add(look.Plain(name).Cut())
		for _, v := range []float64{size.MAP50, size.MAP, size.Recall} {
			text := words.Percent(v)
			if size.Boxes == 0 {
				text = "–"
			}
			grid.Add(look.Plain(text).Align(fyne.TextAlignTrailing))
		}
		grid.Add(look.Plain(words.Number(size.Boxes)).Align(fyne.TextAlignTrailing))
	}
	return grid
}

// figureGrid lays out a table: a column of names as wide as is left, then numbers.
type figureGrid struct{ columns int }

const (
	figureColumns = 10
	figureRow     = 27
)

// MinSize implements fyne.Layout.
func (g *figureGrid) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(130+52*float32(g.columns-1), figureRow*float32(len(o)/g.columns))
}

// Layout implements fyne.Layout.
func (g *figureGrid) Layout(o []fyne.CanvasObject, s fyne.Size) {
	number := fyne.Min(104, (s.Width-130)/float32(g.columns-1))
	for i, one := range o {
		col, row := i%g.columns, i/g.columns
		x, w := float32(0), s.Width-float32(g.columns-1)*number
		if col > 0 {
			x, w = s.Width-number*float32(g.columns-col), number
		}
		h := fyne.Min(figureRow-3, one.MinSize().Height)
		if _, text := one.(*look.Styled); col == 0 && !text { // a chip is as wide as its name
			w = fyne.Min(w, one.MinSize().Width+4)
		}
		one.Move(fyne.NewPos(x, figureRow*float32(row)+(figureRow-h)/2))
		one.Resize(fyne.NewSize(w-4, h))
	}
}
