package judge

import (
	"cmp"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"viewfinder/app/studio/evaluate"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// conceptOrder says by which column the table of concepts is sorted: 0 is Concept, in the view's order.
type conceptOrder struct {
	column int
	down   bool
}

// next is the order after a click on a column's title: numbers begin with the largest, a second click turns it round.
func (o conceptOrder) next(column int) conceptOrder {
	if o.column == column {
		return conceptOrder{column, !o.down}
	}
	return conceptOrder{column, column > 0}
}

// conceptColumns are the table's columns after the concept's name: title and what they sort by.
var conceptColumns = []struct {
	title string
	value func(c *evaluate.JudgeConcept) float64
}{
	{"Precision", func(c *evaluate.JudgeConcept) float64 { return c.Precision.Value }},
	{"Recall", func(c *evaluate.JudgeConcept) float64 { return c.Recall.Value }},
	{"F1", func(c *evaluate.JudgeConcept) float64 { return c.F1 }},
	{"Avg. precision", func(c *evaluate.JudgeConcept) float64 { return c.AveragePrecision }},
	{"Annotated", func(c *evaluate.JudgeConcept) float64 { return float64(c.Support()) }},
	{"Right", func(c *evaluate.JudgeConcept) float64 { return float64(c.TruePositives) }},
	{"Wrong", func(c *evaluate.JudgeConcept) float64 { return float64(c.FalsePositives) }},
	{"Missed", func(c *evaluate.JudgeConcept) float64 { return float64(c.FalseNegatives) }},
	{"Threshold", func(c *evaluate.JudgeConcept) float64 { return c.Threshold }},
}

// sorted are the concepts' indices in the order; shares of a concept that is nowhere annotated come last.
func (o conceptOrder) sorted(concepts []evaluate.JudgeConcept) []int {
	all := make([]int, len(concepts))
	for i := range all {
		all[i] = i
	}
	if o.column == 0 {
		if o.down {
			slices.Reverse(all)
		}
		return all
	}
	column := conceptColumns[o.column-1]
	slices.SortStableFunc(all, func(a, b int) int {
		x, y := &concepts[a], &concepts[b]
		if o.column <= 4 && (x.Support() == 0) != (y.Support() == 0) {
			return cmp.Compare(y.Support(), x.Support())
		}
		order := cmp.Compare(column.value(x), column.value(y))
		if o.down {
			order = -order
		}
		return order
	})
	return all
}

// table is a line of figures for each concept, sorted by a click on a title, and the means beneath.
func (f *figuresSection) table() fyne.CanvasObject {
	s := f.sheet
	grid := container.New(&figureGrid{columns: figureColumns})
	head := func(i int, title string) {
		cell := widgets.NewHeadCell(title, i > 0, func() {
			f.order = f.order.next(i)
			f.update()
		})
		cell.SetOrder(f.order.column == i && f.order != (conceptOrder{}), f.order.down)
		grid.Add(cell)
	}
	head(0, "Concept")
	for i, c := range conceptColumns {
		head(i+1, c.title)
	}
	number := func(text string, muted bool) {
		one := look.Plain(text).Align(fyne.TextAlignTrailing).Cut()
		if muted {
			one.SetColor(look.ColorMuted)
		}
		grid.Add(one)
	}
	for _, i := range f.order.sorted(s.figures.Concepts) {
		c := s.figures.Concepts[i]
		grid.Add(widgets.NewConceptChip(s.e.ConceptName(i), conceptColor(s, i)))
		none := c.Support() == 0
		for _, v := range []float64{c.Precision.Value, c.Recall.Value, c.F1, c.AveragePrecision} {
			text := words.Percent(v)
			if none {
				text = "–"
			}
			number(text, none)
		}
		for _, n := range []int{c.Support(), c.TruePositives, c.FalsePositives, c.FalseNegatives} {
			number(words.Number(n), n == 0)
		}
		number(fmt.Sprintf("%.2f", c.Threshold), true)
	}
	for _, m := range []struct {
		name                 string
		precision, recall    float64
		f1, averagePrecision float64
	}{
		{"Mean (each concept alike)", s.figures.Macro.Precision, s.figures.Macro.Recall, s.figures.Macro.F1, s.figures.Macro.AveragePrecision},
		{"Weighted by how often", s.figures.Weighted.Precision, s.figures.Weighted.Recall, s.figures.Weighted.F1, s.figures.Weighted.AveragePrecision},
	} {
		grid.Add(look.Strong(m.name).Cut())
		for _, v := range []float64{m.precision, m.recall, m.f1, m.averagePrecision} {
			grid.Add(look.Strong(words.Percent(v)).Align(fyne.TextAlignTrailing).Cut())
		}
		for range figureColumns - 5 {
			grid.Add(look.Plain(""))
		}
	}
	return grid
}
