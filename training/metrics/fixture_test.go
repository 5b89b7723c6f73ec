package metrics

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"viewfinder/storage/domain"
)

// fixture is testdata/figures.json, written by testdata/figures.py: scikit-learn's numbers, and those of pycocotools' algorithm.
type fixture struct {
	MadeWith       string          `json:"made_with"`
	Classification []fixtureScores `json:"classification"`
	Tagging        []fixtureScores `json:"tagging"`
	Detection      []fixtureBoxes  `json:"detection"`
}

type fixtureScores struct {
	Classes         int                   `json:"classes"`
	Threshold       float64               `json:"threshold"`
	Scores          [][]float32           `json:"scores"`
	Truth           json.RawMessage       `json:"truth"`
	Accuracy        float64               `json:"accuracy"`
	Precision       []float64             `json:"precision"`
	Recall          []float64             `json:"recall"`
	F1              []float64             `json:"f1"`
	Support         []int                 `json:"support"`
	Means           map[string][3]float64 `json:"means"` // precision, recall, F1
	ConfusionMatrix [][]int               `json:"confusion_matrix"`
	AP              []float64             `json:"average_precision"`
	MicroAP         float64               `json:"micro_average_precision"`
	ECE             float64               `json:"ece"`
	Brier           float64               `json:"brier"`
	Calibration     [2][]float64          `json:"calibration"`
	Curve           *struct {
		Precision, Recall, Threshold []float64
	} `json:"curve"`
}

type fixtureBoxes struct {
	Images, Classes int
	Size            [2]float64
	Truth, Found    [][]float64
	Stats           [12]float64
	AP, AP50        []float64
}

func readFixture(t *testing.T) fixture {
	t.Helper()
	data, err := os.ReadFile("testdata/figures.json")
	if err != nil {
		t.Fatal(err)
	}
	var f fixture
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func same(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-6) {
		t.Errorf("%s: %.9f, scikit-learn or pycocotools says %.9f", what, got, want)
	}
}

func (f fixtureScores) judge(t *testing.T, task domain.Task) *Judge {
	t.Helper()
	in := Input{Task: task, Concepts: f.Classes}
	for _, row := range f.Scores {
		in.Scores = append(in.Scores, row...)
	}
	if task.ExactlyOne() {
		var truth []int32
		if err := json.Unmarshal(f.Truth, &truth); err != nil {
			t.Fatal(err)
		}
		for _, c := range truth {
			in.Labels = append(in.Labels, []int32{c})
		}
	} else if err := json.Unmarshal(f.Truth, &in.Labels); err != nil {
		t.Fatal(err)
	}
	return judge(t, in)
}

func (f fixtureScores) compare(t *testing.T, j *Judge, got *Figures) {
	t.Helper()
	same(t, "accuracy", got.Accuracy.Value, f.Accuracy)
	for c, k := range got.Concepts {
		same(t, "precision", k.Precision.Value, f.Precision[c])
		same(t, "recall", k.Recall.Value, f.Recall[c])
		same(t, "F1", k.F1, f.F1[c])
		same(t, "average precision", k.AveragePrecision, f.AP[c])
		if k.Support() != f.Support[c] {
			t.Errorf("support %d, not %d", k.Support(), f.Support[c])
		}
	}
	for name, m := range map[string]Means{"macro": got.Macro, "weighted": got.Weighted, "micro": got.Micro} {
		same(t, name+" precision", m.Precision, f.Means[name][0])
		same(t, name+" recall", m.Recall, f.Means[name][1])
		same(t, name+" F1", m.F1, f.Means[name][2])
	}
	if f.Curve != nil {
		points := j.PRCurve(1, 0)
		if len(points) != len(f.Curve.Threshold) {
			t.Fatalf("%d points, not %d", len(points), len(f.Curve.Threshold))
		}
		for i, p := range points { // scikit-learn's begin with the lowest threshold
			k := len(points) - 1 - i
			same(t, "curve's threshold", p.Score, f.Curve.Threshold[k])
			same(t, "curve's precision", p.Precision, f.Curve.Precision[k])
			same(t, "curve's recall", p.Recall, f.Curve.Recall[k])
		}
	}
}

func TestClassificationIsScikitLearns(t *testing.T) {
	for _, f := range readFixture(t).Classification {
		j := f.judge(t, domain.Classification)
		got := j.Figures(DefaultSettings(domain.Classification))
		f.compare(t, j, got)
		for r, row := range f.ConfusionMatrix {
			for c, n := range row {
				if got.Matrix[r][c] != n {
					t.Errorf("%d truly %d and predicted as %d, not %d", got.Matrix[r][c], r, c, n)
				}
			}
		}
		c := j.Calibration(Settings{}, 10)
		same(t, "ECE", c.ECE, f.ECE)
		same(t, "Brier", c.Brier, f.Brier)
	}
}

func TestTaggingIsScikitLearns(t *testing.T) {
	for _, f := range readFixture(t).Tagging {
		j := f.judge(t, domain.Tagging)
		got := j.Figures(Settings{Threshold: f.Threshold})
		f.compare(t, j, got)
		same(t, "micro average precision", got.Micro.AveragePrecision, f.MicroAP)
		c := j.Calibration(Settings{}, 7)
		same(t, "Brier", c.Brier, f.Brier)
		k := 0
		for _, b := range c.Bins {
			if b.Count > 0 {
				same(t, "share of right ones", b.Accuracy, f.Calibration[0][k])
				same(t, "mean confidence", b.Confidence, f.Calibration[1][k])
				k++
			}
		}
	}
}

func (f fixtureBoxes) input() Input {
	in := Input{Task: domain.Detection, Concepts: f.Classes, Found: make([][]domain.ScoredBox, f.Images), Truth: make([][]domain.ScoredBox, f.Images)}
	for range f.Images {
		in.Sizes = append(in.Sizes, f.Size)
	}
	at := func(r []float64) domain.ScoredBox {
		return domain.ScoredBox{Box: domain.Box{XMin: r[2] / f.Size[0], YMin: r[3] / f.Size[1], XMax: (r[2] + r[4]) / f.Size[0], YMax: (r[3] + r[5]) / f.Size[1]}, Class: int(r[1])}
	}
	for _, r := range f.Truth {
		in.Truth[int(r[0])] = append(in.Truth[int(r[0])], at(r))
	}
	for _, r := range f.Found {
		b := at(r)
		b.Score = r[6]
		in.Found[int(r[0])] = append(in.Found[int(r[0])], b)
	}
	return in
}

func TestDetectionIsCOCOs(t *testing.T) {
	for _, f := range readFixture(t).Detection {
		in := f.input()
		e := EvaluateCOCO(in.Found, in.Truth, in.Sizes, in.Concepts)
		got := [12]float64{e.MAP, e.MAP50, e.MAP75, e.BySize[0].MAP, e.BySize[1].MAP, e.BySize[2].MAP,
			e.Recall1, e.Recall10, e.Recall, e.BySize[0].Recall, e.BySize[1].Recall, e.BySize[2].Recall}
		for i, want := range f.Stats {
			if want == -1 {
				if !math.IsNaN(got[i]) {
					t.Errorf("figure %d: %v where nothing is true", i, got[i])
				}
				continue
			}
			same(t, "figure of summarize", got[i], want)
		}
		figures := judge(t, in).Figures(DefaultSettings(domain.Detection))
		for c := range f.Classes {
			if f.AP[c] >= 0 {
				same(t, "AP", e.AP[c], f.AP[c])
				same(t, "AP50", e.AP50[c], f.AP50[c])
				same(t, "AP50 of the figures", figures.Concepts[c].AveragePrecision, f.AP50[c])
			}
		}
		same(t, "mAP of the figures", figures.MAP5095, f.Stats[0])
	}
}
