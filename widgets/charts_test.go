package widgets

import (
	"errors"
	"math"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/icons"
	"viewfinder/widgets/look"
	"viewfinder/widgets/plot"
)

// The curves of a training.
var (
	batchLoss     = plot.Series{Name: "Total loss (batch)", Figure: "loss", Over: "batch"}
	learningRate  = plot.Series{Name: "Learning rate", Figure: "learning rate"}
	trainLoss     = plot.Series{Name: "Total loss (train set)", Figure: "loss", Over: "train"}
	valLoss       = plot.Series{Name: "Total loss (val set)", Figure: "loss", Over: "val"}
	trainAccuracy = plot.Series{Name: "Accuracy (train set)", Figure: "accuracy", Over: "train"}
	valAccuracy   = plot.Series{Name: "Accuracy (val set)", Figure: "accuracy", Over: "val"}
)

// overfitting is the history of a training of 300 iterations.
func overfitting() *plot.History {
	h := plot.NewHistory(batchLoss, learningRate, trainLoss, valLoss, trainAccuracy, valAccuracy)
	for i := 1; i <= 300; i++ {
		t := float64(i) / 300
		h.Add(batchLoss, i, 1.6*math.Exp(-3*t)+0.2+0.15*math.Sin(float64(i)*1.7)*math.Cos(float64(i)*0.61))
		h.Add(learningRate, i, 0.003*(1+math.Cos(math.Pi*t))/2)
		if i%30 == 0 {
			h.Add(trainLoss, i, 1.6*math.Exp(-3*t)+0.14)
			h.Add(valLoss, i, 1.6*math.Exp(-3*t)+0.3+0.5*t*t)
			h.Add(trainAccuracy, i, 0.98-0.7*math.Exp(-3*t))
			h.Add(valAccuracy, i, 0.78-0.5*math.Exp(-4*t))
		}
	}
	return h
}

// drawNow lays a chart out in a window, waits for its drawing, and has it on the screen.
func drawNow(t *testing.T, w fyne.Window, charts ...*LineChart) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		w.Canvas().Capture() // asks for the pixels
		busy := false
		for _, c := range charts {
			busy = busy || c.area.drawing || c.area.drawn == nil
		}
		if !busy {
			return
		}
		select {
		case f := <-pending:
			f()
		case <-deadline:
			t.Fatal("not drawn")
		}
	}
}

func chartWindow(t *testing.T) (fyne.Window, *LineChart) {
	t.Helper()
	app := newApp(t)
	look.Apply(app)
	c := NewLineChart(150)
	losses, _, _ := overfitting().Charts("")
	c.SetChart(losses)
	w := test.NewTempWindow(t, c)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(600, 320))
	drawNow(t, w, c)
	return w, c
}

func TestLineChartReads(t *testing.T) {
	w, c := chartWindow(t)
	left, top, right, bottom, ok := c.area.plotted()
	if !ok || right-left < 400 || bottom-top < 150 {
		t.Fatalf("curves at %v %v %v %v", left, top, right, bottom)
	}
	var heard float64
	c.OnHover = func(x float64, on bool) { heard = x }
	c.area.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos((left+right)/2, top+20)}})
	if !c.area.read.shown || math.Abs(heard-150) > 2 {
		t.Fatalf("the crosshair is at %g", heard)
	}
	if head := c.area.read.head.Text; head != "Iteration 150" {
		t.Errorf("it says %q", head)
	}
	if row := c.area.read.rows[1]; row.name.Text != trainLoss.Name || row.value.Text == "" || !row.value.Visible() {
		t.Errorf("%q is %q", row.name.Text, row.value.Text)
	}
	c.area.MouseOut()
	if c.area.read.shown {
		t.Error("the crosshair stays")
	}
	// By keyboard.
	c.area.FocusGained()
	c.area.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	if c.area.hover != 300 {
		t.Errorf("End goes to %g", c.area.hover)
	}
	c.SetHidden(batchLoss.Name, true)
	drawNow(t, w, c)
	c.area.setHover(150, true, true)
	if name := c.area.read.rows[0].name.Text; name != trainLoss.Name {
		t.Errorf("a curve that is off is read: %q", name)
	}
}

func TestLineChartZooms(t *testing.T) {
	w, c := chartWindow(t)
	left, top, right, bottom, _ := c.area.plotted()
	var zoomed plot.Span
	c.OnZoom = func(x plot.Span) { zoomed = x }
	drag := func(from, to fyne.Position) {
		c.area.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: to}, Dragged: fyne.NewDelta(to.X-from.X, to.Y-from.Y)})
		c.area.DragEnd()
		drawNow(t, w, c)
	}
	middle := (top + bottom) / 2
	drag(fyne.NewPos(left+(right-left)/4, middle), fyne.NewPos((left+right)/2, middle+4))
	if math.Abs(zoomed.Min-75) > 3 || math.Abs(zoomed.Max-150) > 3 || !c.zoomY.IsZero() {
		t.Errorf("a drag to the side zooms to %v, %v", zoomed, c.zoomY)
	}
	if c.area.drawn.X.Span != zoomed {
		t.Errorf("drawn is %v", c.area.drawn.X.Span)
	}
	drag(fyne.NewPos(left+50, top+20), fyne.NewPos(left+200, middle))
	if c.zoomY.IsZero() {
		t.Error("a rectangle doesn't zoom both ways")
	}
	c.area.DoubleTapped(nil)
	drawNow(t, w, c)
	if !zoomed.IsZero() || !c.zoomY.IsZero() || c.area.drawn.X.Max != 300 {
		t.Error("a double click doesn't show all")
	}
	before := c.zoomX
	drag(fyne.NewPos(left+50, top+20), fyne.NewPos(left+53, top+22))
	if c.zoomX != before {
		t.Error("a slip of the pointer zooms")
	}
}

// The drawing is redone where theme or scale changed, and what changes while one is under way isn't lost.
func TestLineChartRedraws(t *testing.T) {
	w, c := chartWindow(t)
	first := c.area.drawn
	look.SetVariant(look.Dark)
	t.Cleanup(func() { look.SetVariant(look.System) })
	c.Refresh()
	drawNow(t, w, c)
	if c.area.drawn == first || c.area.drawn.Image.RGBAAt(1, 1) == first.Image.RGBAAt(1, 1) {
		t.Error("another theme, the same picture")
	}
	w.Canvas().(test.WindowlessCanvas).SetScale(2)
	c.area.raster.Refresh()
	drawNow(t, w, c)
	if got := c.area.drawn.Image.Bounds().Dx(); got < 1000 {
		t.Errorf("at twice the scale the picture is %d pixels wide", got)
	}
	c.SetSmoothing(0.2)
	c.SetSmoothing(0.5)
	c.SetSmoothing(0.95)
	drawNow(t, w, c)
	if c.area.shown.Smoothing != 0.95 {
		t.Errorf("shown is a smoothing of %g", c.area.shown.Smoothing)
	}
}

func TestCurvesGoTogether(t *testing.T) {
	app := newApp(t)
	look.Apply(app)
	c := NewCurves()
	c.SetHistory(overfitting(), "", nil, nil)
	w := test.NewTempWindow(t, c)
	w.Resize(fyne.NewSize(700, 640))
	drawNow(t, w, c.losses, c.accuracies, c.rate)
	c.losses.area.setHover(120, true, true)
	if !c.accuracies.area.read.shown || !c.rate.area.read.shown {
		t.Error("the other charts have no crosshair")
	}
	c.accuracies.zoom(plot.Span{Min: 100, Max: 200}, plot.Span{})
	if c.losses.zoomX != (plot.Span{Min: 100, Max: 200}) || c.rate.zoomX != c.losses.zoomX {
		t.Error("the other charts aren't zoomed")
	}
	c.ShowAll()
	if !c.rate.zoomX.IsZero() {
		t.Error("ShowAll leaves a zoom")
	}
	drawNow(t, w, c.losses, c.accuracies, c.rate)
}

func TestGoldenParts(t *testing.T) {
	golden(t, "stepprogress", fyne.NewSize(640, 48), func() fyne.CanvasObject {
		return NewStepProgress(Step{Name: "prepare data", State: StepDone, Took: 12 * time.Second}, Step{Name: "build network", State: StepDone, Took: time.Millisecond},
			Step{Name: "train", State: StepRunning, Progress: 0.43, Share: 3, Took: 4 * time.Minute}, Step{Name: "evaluate"}, Step{Name: "save", State: StepFailed})
	})
	golden(t, "statuschips", fyne.NewSize(560, 60), func() fyne.CanvasObject {
		return NewFlow(6, NewStatusChip("Training", icons.Training, look.ColorAccent), NewStatusChip("Ready", icons.Check, theme.ColorNameSuccess),
			NewStatusChip("Failed", icons.Error, theme.ColorNameError), NewStatusChip("Interrupted", icons.Warning, theme.ColorNameWarning),
			NewStatusChip("Queued", icons.Queue, ""), NewConceptChip("Glass", look.Concept(0)), NewConceptChip("Plastic", look.Concept(1)))
	})
	golden(t, "confusionmatrix", fyne.NewSize(420, 330), func() fyne.CanvasObject {
		m := NewConfusionMatrix()
		m.Set([]string{"cardboard", "glass", "metal", "paper"}, [][]int{{6, 1, 0, 0}, {0, 2, 2, 1}, {2, 0, 40, 3}, {0, 0, 0, 0}})
		return m
	})
	golden(t, "usebars", fyne.NewSize(320, 96), func() fyne.CanvasObject {
		u := NewUseBars()
		u.Set([]UseBar{{Name: "cardboard", Color: look.Concept(0), Train: 230, Val: 57}, {Name: "glass", Train: 4, Warn: true}, {Name: "a very long name of a concept", Color: look.Concept(2), Train: 1204, Val: 300}})
		return u
	})
	golden(t, "optioncards", fyne.NewSize(420, 130), func() fyne.CanvasObject {
		a := NewOptionCard("Small CNN", "0.39 M weights · batch 32 · 96 px", "Trains in minutes on any processor", nil)
		a.SetChosen(true)
		return container.NewGridWithColumns(2, a, NewOptionCard("ResNet-18", "11.2 M weights · batch 32 · 96 px", "Large and accurate, for many images and fine differences", nil))
	})
	golden(t, "sparkline", fyne.NewSize(80, 24), func() fyne.CanvasObject {
		s := NewSparkline(valAccuracy)
		s.Set([]float64{0.2, 0.4, 0.38, 0.55, 0.6, 0.58, 0.7}, 0, 1)
		return s
	})
	golden(t, "facts", fyne.NewSize(300, 70), func() fyne.CanvasObject {
		f := NewFacts(110)
		f.Set([]Fact{{Name: "Device", Value: "CPU (linux/amd64), 2 threads, avx2 kernels"}, {Name: "Images", Value: "1,204"}, {Name: "left out"}})
		return f
	})
}

func TestConfusionMatrixOpensCells(t *testing.T) {
	newApp(t)
	m := NewConfusionMatrix()
	m.Set([]string{"a", "b"}, [][]int{{3, 1}, {0, 2}})
	m.Resize(fyne.NewSize(400, 300))
	test.WidgetRenderer(m)
	var got [2]int
	taps := 0
	m.OnOpen = func(truth, predicted int) { got = [2]int{truth, predicted}; taps++ }
	c := m.cell(m.Size())
	at := func(truth, predicted int) fyne.Position {
		return fyne.NewPos(matrixHead+c*(float32(predicted)+0.5), matrixTop+c*(float32(truth)+0.5))
	}
	twice := func(p fyne.Position) {
		m.Tapped(&fyne.PointEvent{Position: p})
		m.Tapped(&fyne.PointEvent{Position: p})
	}
	twice(at(0, 1))
	if got != [2]int{0, 1} || taps != 1 {
		t.Errorf("opened %v", got)
	}
	twice(at(1, 0)) // nothing in it
	twice(fyne.NewPos(3, 3))
	if taps != 1 {
		t.Error("an empty cell is opened")
	}
	if s := m.sentence(0, 1); s != "annotated a, predicted b: 1 of 4 (25%)" {
		t.Errorf("%q", s)
	}
}

// What did not work with a chart is reported with another way to go, not with an OK alone.
func TestChartFailureOffersAnotherWay(t *testing.T) {
	look.Apply(newApp(t))
	w := test.NewTempWindow(t, widget.NewLabel(""))
	w.Resize(fyne.NewSize(640, 480))
	done := false
	sayFailed(w, "loss.png was not written", errors.New("the disk is full"), "Save elsewhere …", func() { done = true })
	var buttons []*widget.Button
	var walk func(o fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widget.Button:
			buttons = append(buttons, o)
		case *fyne.Container:
			for _, c := range o.Objects {
				walk(c)
			}
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(o).Objects() {
				walk(c)
			}
		}
	}
	walk(w.Canvas().Overlays().Top())
	if len(buttons) != 2 || buttons[1].Text != "Save elsewhere …" {
		t.Fatalf("%d buttons", len(buttons))
	}
	test.Tap(buttons[1])
	if !done || w.Canvas().Overlays().Top() != nil {
		t.Errorf("done %v, still shown %v", done, w.Canvas().Overlays().Top())
	}
}
