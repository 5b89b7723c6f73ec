package widgets

import (
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"viewfinder/storage/words"
)

// MatrixMode is what a cell of a [ConfusionMatrix] says.
type MatrixMode int

// The modes.
const (
	MatrixCounts    MatrixMode = iota
	MatrixByRow                // shares of what truly is the row's concept: on the diagonal, recall
	MatrixByColumn             // shares of what was taken for the column's concept: on the diagonal, precision
	matrixModeCount            // how many there are
)

// ConfusionMatrix shows how often each concept (row) was taken for each (column): a number in each cell, and a share as the depth of
// its colour. Correct predictions stand on the diagonal in the accent, errors in orange. There may be one more row (found where nothing is) and
// one more column (not found, or no prediction) than concepts. A click or the arrows choose a cell, Enter or a double click opens it.
type ConfusionMatrix struct {
	widget.BaseWidget
	OnSelect func(truth, predicted int) // the chosen cell is another one
	OnOpen   func(truth, predicted int) // Enter or a double click on a cell that is not empty

	concepts   int // rows and columns beyond are of nothing
	rows, cols []string
	counts     [][]int
	sumRow     []int
	sumCol     []int
	mode       MatrixMode
	at         [2]int // the cell under the pointer
	over       bool
	chosen     [2]int
	hasChosen  bool
	focused    bool
	clicked    time.Time // the click before: Fyne's own double click would have every click wait for a second one
}

var (
	_ desktop.Hoverable  = (*ConfusionMatrix)(nil)
	_ desktop.Cursorable = (*ConfusionMatrix)(nil)
	_ fyne.Focusable     = (*ConfusionMatrix)(nil)
)

// NewConfusionMatrix makes an empty matrix.
func NewConfusionMatrix() *ConfusionMatrix {
	m := &ConfusionMatrix{}
	m.ExtendBaseWidget(m)
	return m
}

// Set shows counts[truth][predicted] of a square matrix; names are of both rows and columns.
func (m *ConfusionMatrix) Set(names []string, counts [][]int) {
	m.SetTable(len(names), names, names, counts)
}

// SetTable shows counts[truth][predicted]; rows and cols name them. The first concepts of both are concepts, what follows is a row of what was
// found where nothing is, a column of what was not found or not decided. Rows of counts that are too short count as zeros, what is beyond
// the names is left out. The chosen cell stays chosen.
func (m *ConfusionMatrix) SetTable(concepts int, rows, cols []string, counts [][]int) {
	m.concepts = concepts
	m.rows, m.cols, m.counts, m.over = rows, cols, counts, false
	m.sumRow, m.sumCol = make([]int, len(rows)), make([]int, len(cols))
	for t := range rows {
		for p := range cols {
			m.sumRow[t] += m.count(t, p)
			m.sumCol[p] += m.count(t, p)
		}
	}
	m.hasChosen = m.hasChosen && m.chosen[0] < len(rows) && m.chosen[1] < len(cols)
	m.Refresh()
}

// SetMode chooses what the cells say.
func (m *ConfusionMatrix) SetMode(mode MatrixMode) {
	if m.mode != mode {
		m.mode = mode
		m.Refresh()
	}
}

// Select chooses a cell without telling OnSelect.
func (m *ConfusionMatrix) Select(truth, predicted int) {
	m.chosen, m.hasChosen = [2]int{truth, predicted}, true
	m.Refresh()
}

// Selected is the chosen cell; ok is false while none is.
func (m *ConfusionMatrix) Selected() (truth, predicted int, ok bool) {
	return m.chosen[0], m.chosen[1], m.hasChosen
}

// Sentence says the chosen cell in words; "" while none is.
func (m *ConfusionMatrix) Sentence() string {
	if !m.hasChosen {
		return ""
	}
	return m.sentence(m.chosen[0], m.chosen[1])
}

// Worst is the cell with the most errors; ok is false where there are none.
func (m *ConfusionMatrix) Worst() (truth, predicted int, ok bool) {
	most := 0
	for t := range m.rows {
		for p := range m.cols {
			if n := m.count(t, p); t != p && n > most {
				truth, predicted, most = t, p, n
			}
		}
	}
	return truth, predicted, most > 0
}

func (m *ConfusionMatrix) count(truth, predicted int) int {
	if truth < len(m.counts) && predicted < len(m.counts[truth]) {
		return m.counts[truth][predicted]
	}
	return 0
}

// right reports whether a cell is of correct predictions: on the diagonal, but not where nothing is and nothing was found.
func (m *ConfusionMatrix) right(t, p int) bool { return t == p && t < m.concepts }

// share is a cell's part of its row or column, 0 to 1.
func (m *ConfusionMatrix) share(t, p int) float64 {
	all := m.sumRow[t]
	if m.mode == MatrixByColumn {
		all = m.sumCol[p]
	}
	if all == 0 {
		return 0
	}
	return float64(m.count(t, p)) / float64(all)
}

func (m *ConfusionMatrix) words(t, p int) string {
	n := m.count(t, p)
	switch {
	case n == 0:
		return "·"
	case m.mode == MatrixCounts:
		return words.Number(n)
	}
	return fmt.Sprintf("%.0f%%", 100*m.share(t, p))
}

// sentence says a cell in words.
func (m *ConfusionMatrix) sentence(t, p int) string {
	n := m.count(t, p)
	share := func(all int) string {
		if all == 0 {
			return words.Number(n)
		}
		return fmt.Sprintf("%s of %s (%.0f%%)", words.Number(n), words.Number(all), 100*float64(n)/float64(all))
	}
	switch {
	case m.mode == MatrixByColumn && m.right(t, p):
		return fmt.Sprintf("%s: precision %s", m.rows[t], share(m.sumCol[p]))
	case t >= m.concepts && p >= m.concepts:
		return "background predicted as background is not counted"
	case t >= m.concepts:
		return fmt.Sprintf("%s predicted on background: %s of its predictions", m.cols[p], share(m.sumCol[p]))
	case p >= m.concepts:
		return fmt.Sprintf("%s, %s: %s", m.rows[t], m.cols[p], share(m.sumRow[t]))
	case m.mode == MatrixByColumn:
		return fmt.Sprintf("predicted %s, annotated %s: %s", m.cols[p], m.rows[t], share(m.sumCol[p]))
	case m.right(t, p):
		return fmt.Sprintf("%s: %s recognised", m.rows[t], share(m.sumRow[t]))
	}
	return fmt.Sprintf("annotated %s, predicted %s: %s", m.rows[t], m.cols[p], share(m.sumRow[t]))
}

func (m *ConfusionMatrix) choose(t, p int) {
	if len(m.rows) == 0 || len(m.cols) == 0 {
		return
	}
	next := [2]int{max(0, min(len(m.rows)-1, t)), max(0, min(len(m.cols)-1, p))}
	if m.hasChosen && m.chosen == next {
		return
	}
	m.chosen, m.hasChosen = next, true
	m.Refresh()
	if m.OnSelect != nil {
		m.OnSelect(next[0], next[1])
	}
}

func (m *ConfusionMatrix) open() {
	if m.hasChosen && m.OnOpen != nil && m.count(m.chosen[0], m.chosen[1]) > 0 {
		m.OnOpen(m.chosen[0], m.chosen[1])
	}
}

// Tapped implements fyne.Tappable.
func (m *ConfusionMatrix) Tapped(e *fyne.PointEvent) {
	if t, p, ok := m.cellAt(e.Position); ok {
		if c := fyne.CurrentApp().Driver().CanvasForObject(m); c != nil {
			c.Focus(m)
		}
		again := m.hasChosen && m.chosen == [2]int{t, p} && time.Since(m.clicked) < fyne.CurrentApp().Driver().DoubleTapDelay()
		m.clicked = time.Now()
		m.choose(t, p)
		if again {
			m.clicked = time.Time{}
			m.open()
		}
	}
}

// MouseIn implements desktop.Hoverable.
func (m *ConfusionMatrix) MouseIn(e *desktop.MouseEvent) { m.MouseMoved(e) }

// MouseMoved implements desktop.Hoverable.
func (m *ConfusionMatrix) MouseMoved(e *desktop.MouseEvent) {
	t, p, ok := m.cellAt(e.Position)
	if ok != m.over || ok && m.at != [2]int{t, p} {
		m.over, m.at = ok, [2]int{t, p}
		m.Refresh()
	}
}

// MouseOut implements desktop.Hoverable.
func (m *ConfusionMatrix) MouseOut() {
	if m.over {
		m.over = false
		m.Refresh()
	}
}

// Cursor implements desktop.Cursorable.
func (m *ConfusionMatrix) Cursor() desktop.Cursor {
	if m.over && m.count(m.at[0], m.at[1]) > 0 {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

// FocusGained implements fyne.Focusable: the worst cell is chosen, where none was.
func (m *ConfusionMatrix) FocusGained() {
	m.focused = true
	if t, p, ok := m.Worst(); ok && !m.hasChosen {
		m.choose(t, p)
	}
	m.Refresh()
}

// FocusLost implements fyne.Focusable.
func (m *ConfusionMatrix) FocusLost() { m.focused = false; m.Refresh() }

// TypedRune implements fyne.Focusable: M goes on to the next mode.
func (m *ConfusionMatrix) TypedRune(r rune) {
	if r == 'm' || r == 'M' {
		m.SetMode((m.mode + 1) % matrixModeCount)
	}
}

// TypedKey implements fyne.Focusable.
func (m *ConfusionMatrix) TypedKey(e *fyne.KeyEvent) {
	t, p := m.chosen[0], m.chosen[1]
	switch e.Name {
	case fyne.KeyUp:
		m.choose(t-1, p)
	case fyne.KeyDown:
		m.choose(t+1, p)
	case fyne.KeyLeft:
		m.choose(t, p-1)
	case fyne.KeyRight:
		m.choose(t, p+1)
	case fyne.KeyHome:
		m.choose(t, 0)
	case fyne.KeyEnd:
		m.choose(t, len(m.cols)-1)
	case fyne.KeyReturn, fyne.KeyEnter:
		m.open()
	case fyne.KeyEscape:
		handOnKey(m, e)
	}
}

// TypedShortcut implements fyne.Shortcutable: shortcuts are the window's.
func (m *ConfusionMatrix) TypedShortcut(s fyne.Shortcut) {
	HandOn(m, s)
}
