package command

import (
	"context"
	"time"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
)

// evaluationDoc is what `viewfinder evaluate --json` prints; docs/json.md tells what the fields are.
type evaluationDoc struct {
	Version           string             `json:"version"`
	View              string             `json:"view"`
	Task              string             `json:"task"`
	Split             string             `json:"split"` // what was evaluated on, in words
	Made              time.Time          `json:"made"`
	Seconds           float64            `json:"seconds"`
	ImagesPerS        float64            `json:"images_per_s"`
	Images            int                `json:"images"`
	Boxes             *int               `json:"boxes,omitempty"`
	Threshold         float64            `json:"threshold"`
	ConceptThresholds map[string]float64 `json:"concept_thresholds,omitempty"`
	IoU               *float64           `json:"iou,omitempty"`
	Headline          headlineDoc        `json:"headline"`
	Accuracy          float64            `json:"accuracy"`
	meansDoc
	Weighted        meansDoc            `json:"weighted"`
	Micro           meansDoc            `json:"micro"`
	MAP50           float64             `json:"map50"`
	MAP5095         float64             `json:"map50_95"`
	BySize          []sizeDoc           `json:"by_size,omitempty"`
	Loss            *float64            `json:"loss,omitempty"`
	Undecided       *int                `json:"undecided,omitempty"`
	Calibration     calibrationDoc      `json:"calibration"`
	ConfusionMatrix [][]int             `json:"confusion_matrix,omitempty"`
	Concepts        []conceptFiguresDoc `json:"concepts"`
	LeftOut         []runs.LeftOut      `json:"left_out,omitempty"`
	Skipped         []string            `json:"skipped,omitempty"`
	Intervals       map[string]spanDoc  `json:"intervals"`

	TestLooks int `json:"test_looks,omitempty"` // with --split test: versions of the view that were looked at on it, this one included

	looks   string
	figures *evaluate.JudgeFigures
	unit    string
}

// addLooks says how often the test split was looked at, where it is what was judged on.
func (d *evaluationDoc) addLooks(ctx context.Context, p *studio.Project, v runs.Version, r evaluate.EvaluateRequest) error {
	if !r.Test() {
		return nil
	}
	looks, err := p.TestLooks(ctx, v.ViewID)
	d.TestLooks, d.looks = len(looks), evaluate.LooksWords(looks)
	return err
}

type spanDoc [2]float64

type headlineDoc struct {
	Name     string  `json:"name"`
	Value    float64 `json:"value"`
	Interval spanDoc `json:"interval"`
	Words    string  `json:"words"`
}

type meansDoc struct {
	Precision        float64 `json:"precision"`
	Recall           float64 `json:"recall"`
	F1               float64 `json:"f1"`
	AveragePrecision float64 `json:"average_precision"`
}

type sizeDoc struct {
	Size    string  `json:"size"`
	Boxes   int     `json:"boxes"`
	MAP50   float64 `json:"map50"`
	MAP5095 float64 `json:"map50_95"`
	Recall  float64 `json:"recall"`
}

type calibrationDoc struct {
	ECE   float64  `json:"expected_calibration_error"`
	MCE   float64  `json:"largest_calibration_error"`
	Brier float64  `json:"brier"`
	Bins  []binDoc `json:"bins"`
}

type binDoc struct {
	From       float64 `json:"from"`
	To         float64 `json:"to"`
	Count      int     `json:"count"`
	Confidence float64 `json:"confidence"`
	Right      float64 `json:"right"`
}

type conceptFiguresDoc struct {
	ID      int64  `json:"id"`
	Concept string `json:"concept"`
	meansDoc
	PrecisionInterval spanDoc    `json:"precision_interval"`
	RecallInterval    spanDoc    `json:"recall_interval"`
	F1Interval        spanDoc    `json:"f1_interval"`
	Threshold         float64    `json:"threshold"`
	BestThreshold     *float64   `json:"best_f1_threshold,omitempty"`
	BestF1            *float64   `json:"best_f1,omitempty"`
	Support           int        `json:"support"`
	TruePositives     int        `json:"true_positives"`
	FalsePositives    int        `json:"false_positives"`
	FalseNegatives    int        `json:"false_negatives"`
	Curve             []pointDoc `json:"curve,omitempty"`
}

type pointDoc struct {
	Threshold float64 `json:"threshold"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
}

func span(i evaluate.MeasuredInterval) spanDoc { return spanDoc{i.Low, i.High} }

func meansOf(m evaluate.JudgeMeans) meansDoc {
	return meansDoc{m.Precision, m.Recall, m.F1, m.AveragePrecision}
}

// evaluationDocOf works out all figures of an evaluation at the settings; curves has at most so many points a concept.
func evaluationDocOf(v runs.Version, e *evaluate.StoredEvaluation, s evaluate.JudgeSettings, curves int) evaluationDoc {
	f, between, calibration := e.Judge.Figures(s), e.Judge.Intervals(s), e.Judge.Calibration(s, 10)
	name, headline := e.Judge.Headline(s)
	d := evaluationDoc{
		Version: v.Name, View: e.View.Name, Task: string(f.Task), Split: e.Request.Words(), Made: e.Made, Seconds: e.Seconds,
		ImagesPerS: float64(e.Images) / max(e.Seconds, 1e-9), Images: e.Images, Threshold: s.Threshold, figures: f, unit: "images",
		Accuracy: f.Accuracy.Value, meansDoc: meansOf(f.Macro), Weighted: meansOf(f.Weighted), Micro: meansOf(f.Micro),
		MAP50: f.MAP50, MAP5095: f.MAP5095, LeftOut: e.LeftOut, Skipped: e.Problems, ConfusionMatrix: f.Matrix,
	}
	d.Headline = headlineDoc{name, headline.Value, span(headline.Interval), headline.Words(d.unit)}
	d.Intervals = map[string]spanDoc{
		"f1": span(between.MacroF1.Interval), "precision": span(between.MacroPrecision.Interval), "recall": span(between.MacroRecall.Interval),
		"weighted_f1": span(between.WeightedF1.Interval), "micro_f1": span(between.MicroF1.Interval),
	}
	switch f.Task {
	case domain.Detection:
		d.Accuracy, d.Boxes, d.IoU = f.MAP50, &f.Boxes, &f.IoU
		d.Intervals["map50"], d.Intervals["map50_95"] = span(between.MAP50.Interval), span(between.MAP5095.Interval)
		d.Intervals["accuracy"] = d.Intervals["map50"]
		for _, z := range f.BySize {
			d.BySize = append(d.BySize, sizeDoc{z.Name, z.Boxes, z.MAP50, z.MAP, z.Recall})
		}
	case domain.Classification:
		undecided := f.Samples - f.Decided
		d.Undecided, d.Loss = &undecided, &calibration.Loss
		d.Intervals["accuracy"] = span(f.Accuracy.Interval)
		if undecided == 0 {
			d.ConfusionMatrix = withoutNone(f.Matrix)
		}
	default:
		d.Loss = &calibration.Loss
		d.Intervals["accuracy"] = span(f.Accuracy.Interval)
	}
	d.Calibration = calibrationDoc{ECE: calibration.ECE, MCE: calibration.MCE, Brier: calibration.Brier}
	for _, b := range calibration.Bins {
		d.Calibration.Bins = append(d.Calibration.Bins, binDoc{b.From, b.To, b.Count, b.Confidence, b.Accuracy})
	}
	for c, k := range f.Concepts {
		d.Concepts = append(d.Concepts, conceptFiguresOf(e, c, k, between.F1[c], f.IoU, curves))
		if _, own := s.Concepts[c]; own {
			if d.ConceptThresholds == nil {
				d.ConceptThresholds = map[string]float64{}
			}
			d.ConceptThresholds[e.ConceptName(c)] = k.Threshold
		}
	}
	return d
}

func conceptFiguresOf(e *evaluate.StoredEvaluation, c int, k evaluate.JudgeConcept, f1 evaluate.Measured, iou float64, curves int) conceptFiguresDoc {
	d := conceptFiguresDoc{
		ID: e.Concepts[c].ID, Concept: e.ConceptName(c), meansDoc: meansDoc{k.Precision.Value, k.Recall.Value, k.F1, k.AveragePrecision},
		PrecisionInterval: span(k.Precision.Interval), RecallInterval: span(k.Recall.Interval), F1Interval: span(f1.Interval), Threshold: k.Threshold,
		Support: k.Support(), TruePositives: k.TruePositives, FalsePositives: k.FalsePositives, FalseNegatives: k.FalseNegatives,
	}
	if best, ok := e.Judge.BestF1(c, iou); ok {
		d.BestThreshold, d.BestF1 = &best.Threshold, &best.F1
	}
	if curves > 0 {
		points := e.Judge.PRCurve(c, iou)
		step := max(1, (len(points)+curves-1)/curves)
		for i := 0; i < len(points); i += step {
			d.Curve = append(d.Curve, pointDoc{points[i].Score, points[i].Precision, points[i].Recall})
		}
	}
	return d
}

// withoutNone is a matrix without its last row and column.
func withoutNone(m [][]int) [][]int {
	n := len(m) - 1
	cut := make([][]int, n)
	for i := range cut {
		cut[i] = m[i][:n]
	}
	return cut
}
