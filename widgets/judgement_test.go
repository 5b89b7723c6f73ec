package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"viewfinder/widgets/look"
)

func key(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }

func boxesMatrix() *ConfusionMatrix {
	m := NewConfusionMatrix()
	m.SetTable(3, []string{"cardboard", "glass", "metal", "nothing there"}, []string{"cardboard", "glass", "metal", "not found"},
		[][]int{{60, 3, 0, 12}, {1, 44, 6, 3}, {0, 9, 31, 0}, {2, 7, 1, 0}})
	return m
}

func TestGoldenJudgement(t *testing.T) {
	golden(t, "confusionmatrix-boxes", fyne.NewSize(460, 390), func() fyne.CanvasObject {
		m := boxesMatrix()
		m.SetMode(MatrixByRow)
		m.Select(2, 1)
		return m
	})
	golden(t, "confusionmatrix-many", fyne.NewSize(420, 420), func() fyne.CanvasObject {
		m := NewConfusionMatrix()
		var names []string
		counts := make([][]int, 26)
		for i := range counts {
			names = append(names, "species "+string(rune('a'+i)))
			counts[i] = make([]int, 26)
			counts[i][i], counts[i][(i*7+3)%26] = 30-i, i%5
		}
		m.Set(names, counts)
		return m
	})
	golden(t, "thresholdslider", fyne.NewSize(420, 44), func() fyne.CanvasObject {
		s := NewThresholdSlider(0, 1, nil)
		s.SetMarks([]SliderMark{{0.44, "best F1"}, {0.81, "precision 90%"}, {0.84, "hidden"}})
		s.SetValue(0.3)
		s.focused = true
		return s
	})
}

func TestConfusionMatrixByKeyboard(t *testing.T) {
	newApp(t)
	m := boxesMatrix()
	var chosen, opened [2]int
	opens := 0
	m.OnSelect = func(a, b int) { chosen = [2]int{a, b} }
	m.OnOpen = func(a, b int) { opened = [2]int{a, b}; opens++ }
	m.FocusGained()
	if chosen != [2]int{0, 3} {
		t.Errorf("the worst cell is %v", chosen)
	}
	m.TypedKey(key(fyne.KeyReturn))
	if opened != [2]int{0, 3} {
		t.Errorf("opened %v", opened)
	}
	for _, k := range []fyne.KeyName{fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown, fyne.KeyRight} {
		m.TypedKey(key(k))
	}
	if chosen != [2]int{3, 3} {
		t.Errorf("at the corner: %v", chosen)
	}
	m.TypedKey(key(fyne.KeyReturn)) // there is nothing in it
	m.TypedKey(key(fyne.KeyHome))
	m.TypedKey(key(fyne.KeyUp))
	m.TypedKey(key(fyne.KeyRight))
	if chosen != [2]int{2, 1} || opens != 1 {
		t.Errorf("chosen %v, opened %d times", chosen, opens)
	}
	for _, c := range []struct {
		mode     MatrixMode
		t, p     int
		words    string
		sentence string
	}{
		{MatrixCounts, 2, 1, "9", "annotated metal, predicted glass: 9 of 40 (22%)"},
		{MatrixByRow, 1, 1, "81%", "glass: 44 of 54 (81%) recognised"},
		{MatrixByRow, 0, 3, "16%", "cardboard, not found: 12 of 75 (16%)"},
		{MatrixByColumn, 1, 1, "70%", "glass: precision 44 of 63 (70%)"},
		{MatrixByColumn, 3, 1, "11%", "glass predicted on background: 7 of 63 (11%) of its predictions"},
		{MatrixByColumn, 3, 3, "·", "background predicted as background is not counted"},
	} {
		m.SetMode(c.mode)
		if w, s := m.words(c.t, c.p), m.sentence(c.t, c.p); w != c.words || s != c.sentence {
			t.Errorf("%d %d,%d: %q, %q", c.mode, c.t, c.p, w, s)
		}
	}
	m.SetTable(1, []string{"a"}, []string{"a"}, [][]int{{1}})
	if _, _, ok := m.Selected(); ok {
		t.Error("a cell that is gone is chosen")
	}
}

func TestThresholdSlider(t *testing.T) {
	app := newApp(t)
	look.Apply(app)
	var heard []float64
	s := NewThresholdSlider(0, 1, func(v float64) { heard = append(heard, v) })
	w := test.NewTempWindow(t, s)
	w.Resize(fyne.NewSize(418, 60))
	s.SetMarks([]SliderMark{{0.44, "best F1"}})
	s.SetValue(0.5)
	if len(heard) != 0 {
		t.Error("SetValue tells OnChanged")
	}
	s.Tapped(&fyne.PointEvent{Position: fyne.NewPos(s.x(0.44)+3, 20)})
	s.TypedKey(key(fyne.KeyRight))
	s.TypedKey(key(fyne.KeyPageUp))
	s.TypedKey(key(fyne.KeyEnd))
	s.TypedKey(key(fyne.KeyRight)) // no further
	if want := []float64{0.44, 0.45, 0.55, 1}; len(heard) != len(want) || heard[0] != want[0] || heard[1] != want[1] || heard[2] != want[2] || heard[3] != want[3] {
		t.Errorf("heard %v", heard)
	}
	s.SetEnabled(false)
	s.TypedKey(key(fyne.KeyHome))
	if s.Value() != 1 {
		t.Error("a disabled slider moves")
	}
}
