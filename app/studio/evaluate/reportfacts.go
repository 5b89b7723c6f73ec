package evaluate

import (
	"context"
	"errors"
	"fmt"
	"image"
	"os"
	"time"

	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/training/metrics"
	"viewfinder/training/picture"
)

// ReportFacts is the content of a report of a version.
type ReportFacts struct {
	Project  string
	View     storage.View
	Version  runs.Version
	Made     time.Time
	On       string // what was judged on, in words: "val"
	Images   int    // of it
	Figures  []ReportFigure
	Test     *ReportTest // the figure on the test split; nil where nobody looked
	Concepts []ReportConcept
	// Matrix counts [truth][predicted]; Names name its rows and columns. Nil where there is none.
	Matrix     [][]int
	Names      []string
	Errors     []ReportError    // the most confident first
	ErrorCount int              // of how many
	Use        runs.Preparation // what it was made of
	Options    training.Options
	History    *training.History
	OutOfDate  string // why the figures do not match the present annotations; "" if they do
}

// ReportFigure is a figure with where its true value lies with 95% confidence; Low and High are 0 where that is not known.
type ReportFigure struct {
	Name      string
	Value     float64
	Low, High float64
}

// ReportTest is the first figure on the test split, which nothing was chosen by.
type ReportTest struct {
	ReportFigure
	Images int
	Looks  string // how often that split was looked at
}

// ReportConcept are the figures of one concept.
type ReportConcept struct {
	Name, Color                             string
	Precision, Recall, F1, AveragePrecision float64
	Support                                 int
}

// ReportError is a wrong prediction with its image: the predicted box in the concept's colour, the annotated one in white.
type ReportError struct {
	Image            string
	Truth, Predicted string
	Confidence       float64
	Crop             *image.RGBA
}

// Sizes in a report.
const (
	reportErrors = 12
	reportSide   = 260
)

// ReportFacts gathers the content of a report. The version is evaluated on val, unless that was done before.
func (j *Judging) ReportFacts(ctx context.Context, id int64, progress session.Progress) (*ReportFacts, error) {
	v, view, err := j.predict.Predictor(ctx, id)
	if err != nil {
		return nil, err
	}
	f := &ReportFacts{Project: j.session.Name(), View: view, Version: v, Made: time.Now()}
	if f.Options, err = v.TrainingOptions(); err != nil {
		return nil, err
	}
	if f.Use, err = j.runs.Frozen(ctx, id); err != nil {
		return nil, err
	}
	if f.History, err = j.runs.RunHistory(ctx, id); err != nil {
		return nil, err
	}
	e, err := j.FindEvaluation(ctx, id, EvaluateRequest{})
	if err == nil && e == nil {
		e, err = j.EvaluateStored(ctx, id, EvaluateRequest{}, progress)
	}
	if err != nil {
		return nil, err
	}
	fresh, err := j.Freshness(ctx, e)
	if err != nil {
		return nil, err
	}
	if fresh.OutOfDate {
		f.OutOfDate = fresh.Reason
	}
	f.On, f.Images = e.Request.Words(), len(e.Items)
	f.judge(e)
	if err := j.reportTest(ctx, f); err != nil {
		return nil, err
	}
	return f, j.reportErrors(ctx, f, e)
}

// reportTest adds the figure on the test split where there is one. The report does not look for itself: that is for a person to decide.
func (j *Judging) reportTest(ctx context.Context, f *ReportFacts) error {
	looks, err := j.store.TestLooks(ctx, f.View.ID)
	if err != nil || LookOf(looks, f.Version.ID) == nil {
		return err
	}
	e, err := j.FindEvaluation(ctx, f.Version.ID, EvaluateRequest{Split: domain.SplitTest})
	if err != nil || e == nil {
		return err
	}
	shown := ReportFacts{View: f.View}
	shown.judge(e)
	f.Test = &ReportTest{ReportFigure: shown.Figures[0], Images: len(e.Items), Looks: LooksWords(looks)}
	return nil
}

// judge fills in the figures, at the default settings.
func (f *ReportFacts) judge(e *StoredEvaluation) {
	settings := metrics.DefaultSettings(e.Judge.Input().Task)
	figures, intervals := e.Judge.Figures(settings), e.Judge.Intervals(settings)
	add := func(name string, v metrics.Figure) {
		f.Figures = append(f.Figures, ReportFigure{Name: name, Value: v.Value, Low: v.Low, High: v.High})
	}
	switch f.View.Type {
	case domain.Classification:
		add("Accuracy", figures.Accuracy)
	case domain.Detection:
		add("mAP@0.5", intervals.MAP50)
		add("mAP@0.5:0.95", intervals.MAP5095)
	}
	add("F1", intervals.MacroF1)
	add("Precision", intervals.MacroPrecision)
	add("Recall", intervals.MacroRecall)
	for i, c := range figures.Concepts {
		f.Concepts = append(f.Concepts, ReportConcept{Name: e.ConceptName(i), Color: e.Concepts[i].Color, Precision: c.Precision.Value,
			Recall: c.Recall.Value, F1: c.F1, AveragePrecision: c.AveragePrecision, Support: c.Support()})
	}
	f.Matrix = figures.Matrix
	for i := range f.Matrix {
		name := e.ConceptName(i)
		if name == "" {
			name = "nothing"
		}
		f.Names = append(f.Names, name)
	}
	if n := len(f.Matrix); n > 0 && emptyCross(f.Matrix, n-1) {
		f.Matrix, f.Names = f.Matrix[:n-1], f.Names[:n-1]
		for i := range f.Matrix {
			f.Matrix[i] = f.Matrix[i][:n-1]
		}
	}
}

// emptyCross reports whether nothing is counted in row and column k.
func emptyCross(m [][]int, k int) bool {
	for i := range m {
		if m[i][k] != 0 || m[k][i] != 0 {
			return false
		}
	}
	return true
}

// reportErrors draws the most confident errors, each image once.
func (j *Judging) reportErrors(ctx context.Context, f *ReportFacts, e *StoredEvaluation) error {
	settings := metrics.DefaultSettings(e.Judge.Input().Task)
	cases := e.Judge.ErrorCases(settings, metrics.ConfidentErrors, metrics.None, metrics.OrderDefault)
	f.ErrorCount = len(cases)
	seen := map[int]bool{}
	for _, c := range cases {
		if len(f.Errors) >= reportErrors {
			break
		}
		shown := e.Show(c)
		if seen[c.Sample] || !shown.Inside() {
			continue
		}
		seen[c.Sample] = true
		d, err := j.store.Datapoint(ctx, shown.Key)
		if errors.Is(err, storage.ErrNotFound) {
			continue // it has left the view since
		}
		if err != nil {
			return err
		}
		img, err := j.reportPicture(d, shown, colorsOf(f.Version))
		if err != nil {
			if errors.Is(err, os.ErrNotExist) || ctx.Err() == nil {
				continue // an image that cannot be read is no reason to have no report
			}
			return err
		}
		f.Errors = append(f.Errors, ReportError{Image: d.Image.Name, Truth: shown.Truth, Predicted: shown.Predicted, Confidence: shown.Confidence, Crop: img})
	}
	return ctx.Err()
}

func colorsOf(v runs.Version) map[string]string {
	colors := map[string]string{}
	for _, c := range v.Concepts {
		colors[c.Name] = c.Color
	}
	return colors
}

// reportPicture is a datapoint's thumbnail with the boxes of an error on it.
func (j *Judging) reportPicture(d storage.Datapoint, s Shown, colors map[string]string) (*image.RGBA, error) {
	whole, err := j.pictures.Decode(d.Image)
	if err != nil {
		return nil, err
	}
	crop := s.Crop
	if crop == nil {
		crop = d.SourceBox
	}
	inside := domain.Box{XMax: 1, YMax: 1}
	if crop != nil {
		whole = picture.Crop(whole, crop.XMin, crop.YMin, crop.XMax, crop.YMax)
		inside = *crop
	}
	small := pictures.Shrink(whole, reportSide)
	if small == whole {
		small = picture.Crop(whole, 0, 0, 1, 1) // it is drawn on
	}
	for _, b := range []struct {
		box   *domain.Box
		color [3]uint8
	}{{s.TruthBox, [3]uint8{255, 255, 255}}, {s.FoundBox, hexColor(colors[s.Predicted])}} {
		if b.box != nil {
			drawFrame(small, b.box.In(&inside), b.color)
		}
	}
	return small, nil
}

func hexColor(s string) (c [3]uint8) {
	if n, err := fmt.Sscanf(s, "#%02x%02x%02x", &c[0], &c[1], &c[2]); err != nil || n != 3 {
		return [3]uint8{0x88, 0x88, 0x88}
	}
	return c
}

// drawFrame draws a frame of two pixels, dark outside so that it shows on any image.
func drawFrame(img *image.RGBA, r domain.Box, c [3]uint8) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	x0, y0, x1, y1 := int(r.XMin*float64(w)), int(r.YMin*float64(h)), int(r.XMax*float64(w))-1, int(r.YMax*float64(h))-1
	for ring := range 3 {
		ink := c
		if ring == 0 {
			ink = [3]uint8{}
		}
		dot := func(x, y int) {
			if image.Pt(x, y).In(img.Rect) {
				copy(img.Pix[img.PixOffset(x, y):], ink[:])
			}
		}
		for x := x0 + ring; x <= x1-ring; x++ {
			dot(x, y0+ring)
			dot(x, y1-ring)
		}
		for y := y0 + ring; y <= y1-ring; y++ {
			dot(x0+ring, y)
			dot(x1-ring, y)
		}
	}
}
