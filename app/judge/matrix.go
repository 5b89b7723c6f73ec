package judge

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"viewfinder/app/studio/evaluate"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// conceptColor is the colour that a concept had when the version was made.
func conceptColor(s *sheet, i int) color.NRGBA {
	if c, ok := look.ParseColor(s.color(i)); ok {
		return c
	}
	return look.Color(look.ColorMuted)
}

// named is the colour of the concept of that name.
func (s *sheet) named(concept string) color.NRGBA {
	for i, c := range s.e.Concepts {
		if c.Name == concept {
			return conceptColor(s, i)
		}
	}
	return look.Color(look.ColorMuted)
}

// matrixSection is the confusion matrix, beside the images behind the chosen cell.
type matrixSection struct {
	sheet   *sheet
	content fyne.CanvasObject
	matrix  *widgets.ConfusionMatrix
	cases   *cases
	first   bool
}

func newMatrixSection(s *sheet) *matrixSection {
	m := &matrixSection{sheet: s, matrix: widgets.NewConfusionMatrix(), cases: newCases(s), first: true}
	modes := widgets.NewSegments([]widgets.Segment{{Key: "counts", Text: "Counts"}, {Key: "rows", Text: "By row (recall)"}, {Key: "columns", Text: "By column (precision)"}}, func(key string) {
		m.matrix.SetMode(map[string]widgets.MatrixMode{"counts": widgets.MatrixCounts, "rows": widgets.MatrixByRow, "columns": widgets.MatrixByColumn}[key])
	})
	modes.SetSelected("counts")
	m.matrix.OnSelect = func(int, int) {
		m.cases.then = nil
		m.fill()
	}
	m.matrix.OnOpen = func(int, int) {
		m.fill()
		m.cases.then = func() { m.cases.open(max(0, m.cases.grid.Current())) }
	}
	left := look.Panel(look.Frame(container.NewHBox(look.Strong("Confusion matrix"), look.Gap(8, 0), modes), nil, nil, nil, m.matrix))
	m.content = look.PadXY(0, 4, container.NewGridWithColumns(2, left, look.Panel(m.cases.content)))
	return m
}

func (m *matrixSection) object() fyne.CanvasObject { return m.content }

func (m *matrixSection) update() {
	s := m.sheet
	n := len(s.e.Concepts)
	rows, cols := make([]string, 0, n+1), make([]string, 0, n+1)
	for _, c := range s.e.Concepts {
		rows, cols = append(rows, c.Name), append(cols, c.Name)
	}
	if s.e.View.Type.HasBoxes() {
		rows, cols = append(rows, "background"), append(cols, "not found")
	} else if s.figures.Decided < s.figures.Samples {
		cols = append(cols, "below threshold")
	}
	m.matrix.SetTable(n, rows, cols, s.figures.Matrix)
	if _, _, ok := m.matrix.Selected(); !ok || m.first {
		if t, p, ok := m.matrix.Worst(); ok && m.first {
			m.matrix.Select(t, p)
		}
		m.first = false
	}
	m.fill()
	if c := m.sheet.owner.shell.Window().Canvas(); c != nil && c.Focused() == nil {
		c.Focus(m.matrix)
	}
}

// fill shows what is behind the chosen cell.
func (m *matrixSection) fill() {
	truth, predicted, ok := m.matrix.Selected()
	if !ok {
		m.cases.set("Select a cell to see its images", nil)
		return
	}
	s := m.sheet
	n := len(s.e.Concepts)
	if truth >= n {
		truth = evaluate.NoConcept
	}
	if predicted >= n {
		predicted = evaluate.NoConcept
	}
	m.cases.fill(m.matrix.Sentence(), func() []evaluate.JudgeCase { return s.e.Judge.Cell(s.settings, truth, predicted) })
}
