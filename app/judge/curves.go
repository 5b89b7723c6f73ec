package judge

import (
	"fmt"
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"viewfinder/app/studio/evaluate"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
	"viewfinder/widgets/plot"
)

// calibrationBins is how many bars the reliability diagram has.
const calibrationBins = 10

// curvesSection is precision against recall, F1 against the threshold, and how far confidence can be trusted.
type curvesSection struct {
	sheet       *sheet
	content     fyne.CanvasObject
	recall      *widgets.LineChart
	f1          *widgets.LineChart
	reliability *widgets.LineChart
	trust       *look.Paragraph
	busy, again bool
}

func newCurvesSection(s *sheet) *curvesSection {
	c := &curvesSection{sheet: s, recall: widgets.NewLineChart(160), f1: widgets.NewLineChart(96), reliability: widgets.NewLineChart(90), trust: look.MutedWrapped("")}
	right := container.NewGridWithRows(2, look.Panel(c.f1), look.Panel(look.Frame(nil, c.trust, nil, nil, c.reliability)))
	c.content = look.PadXY(0, 4, container.NewGridWithColumns(2, look.Panel(c.recall), right))
	return c
}

func (c *curvesSection) object() fyne.CanvasObject { return c.content }

// drawn is what the charts show.
type drawn struct {
	recall, f1, reliability plot.Chart
	trust                   string
}

func (c *curvesSection) update() {
	if c.busy {
		c.again = true
		return
	}
	c.busy, c.again = true, false
	e, settings, figures := c.sheet.e, c.sheet.settings, c.sheet.figures
	go func() {
		d := draw(e, settings, figures)
		fyne.Do(func() {
			c.busy = false
			c.recall.SetChart(d.recall)
			c.f1.SetChart(d.f1)
			c.reliability.SetChart(d.reliability)
			c.trust.SetText(d.trust)
			if c.again {
				c.update()
			}
		})
	}()
}

// fromZero has a curve begin at the threshold 0: below the lowest score nothing changes any more. Of detections, boxes of low scores are not kept.
func fromZero(x, y []float64) ([]float64, []float64) {
	if len(x) == 0 || x[0] <= 0 {
		return x, y
	}
	return slices.Insert(x, 0, 0), slices.Insert(y, 0, y[0])
}

func draw(e *evaluate.StoredEvaluation, s evaluate.JudgeSettings, f *evaluate.JudgeFigures) drawn {
	var recalls, f1s []plot.Judged
	for i, concept := range e.Concepts {
		if f.Concepts[i].Support() == 0 {
			continue
		}
		var r, p []float64
		for _, point := range e.Judge.PRCurve(i, s.IoU) {
			r, p = append(r, point.Recall), append(p, point.Precision)
		}
		x, y := plot.Steps(r, p)
		at := f.Concepts[i]
		recalls = append(recalls, plot.Judged{Name: concept.Name, X: x, Y: y, At: [2]float64{at.Recall.Value, at.Precision.Value}, Marked: at.TruePositives+at.FalsePositives > 0})
		var fx, fy []float64
		for _, point := range e.Judge.F1Curve(i, s.IoU) {
			fx, fy = append(fx, point.Threshold), append(fy, point.F1)
		}
		slices.Reverse(fx) // the highest threshold came first
		slices.Reverse(fy)
		if !e.View.Type.HasBoxes() {
			fx, fy = fromZero(fx, fy)
		}
		f1s = append(f1s, plot.Judged{Name: concept.Name, X: fx, Y: fy})
	}
	at := s.Threshold
	if len(s.Concepts) > 0 {
		at = math.NaN()
	}
	d := drawn{recall: plot.PrecisionRecall(recalls), f1: plot.AgainstThreshold("F1 by threshold", f1s, at)}
	trust := e.Judge.Calibration(s, calibrationBins)
	var bins []plot.Bin
	for _, b := range trust.Bins {
		bins = append(bins, plot.Bin{From: b.From, To: b.To, Count: b.Count, Confidence: b.Confidence, Accuracy: b.Accuracy})
	}
	d.reliability = plot.Reliability(bins)
	switch {
	case trust.Count == 0:
		d.trust = "Nothing was predicted."
	case trust.Count < 30:
		d.trust = fmt.Sprintf("From %s only: too few to judge calibration.", words.Count(trust.Count, "decision"))
	default:
		d.trust = fmt.Sprintf("Expected calibration error: %.1f points (%s): how far confidence and accuracy differ on average.", 100*trust.ECE, words.Count(trust.Count, "decision"))
	}
	return d
}
