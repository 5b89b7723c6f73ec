package advice

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training"
)

// recorded reads a training that was recorded in testdata: its evaluations whole, one in so many of its batch losses.
func recorded(t *testing.T, name string) Facts {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var r struct {
		Task    domain.Task
		State   training.State
		Points  map[string][]training.Point
		Results *training.Results
	}
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	return Facts{Task: r.Task, History: &training.History{State: r.State, Points: r.Points}, Results: r.Results}
}

func kinds(all []Finding) []Kind {
	var k []Kind
	for _, f := range all {
		k = append(k, f.Kind)
	}
	return k
}

// Real trainings (waste: 288 train and 72 val photos of six kinds; mix: tagging of mosaics; cells: detection), judged by their curves and, where
// there are some, by their figures.
func TestRecordedTrainings(t *testing.T) {
	for _, c := range []struct {
		name, what string
		from       int // of the overfitting
		want       []Kind
	}{
		{"w0", "600 iterations with the defaults: val still gets a little better at the end", 0, nil},
		{"w2", "the same with another seed", 0, nil},
		{"quick", "60 iterations", 0, nil},
		{"cells", "a detector that has learnt what there is", 0, nil},
		{"adam", "800 iterations of Adam, no augmentation: train accuracy 100%, but val does not get worse", 0, nil},
		{"healthy", "400 iterations: val best at 280, then a seventh worse", 280, []Kind{Overfitting}},
		{"mix", "tagging: val loss best at the first evaluation, train loss down to a tenth", 60, []Kind{Overfitting}},
		{"overfit", "no augmentation, no decay, constant rate: learnt by heart, and a jump at the very end", 480, []Kind{LearningRateHigh, Overfitting}},
		{"high", "learning rate 3", 0, []Kind{LearningRateHigh}},
		{"low", "learning rate 0.000005", 0, []Kind{LearningRateLow}},
		{"short", "60 iterations at a constant rate, still falling", 0, []Kind{StoppedEarly}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := recorded(t, c.name)
			results := f.Results
			f.Results = nil
			all := Judge(f)
			if got := kinds(all); !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", c.what, got, c.want)
			}
			f.Results = results
			for _, one := range Judge(f) {
				t.Log(one.Kind, "|", one.Text, "|", one.Evidence)
				if one.Text == "" || one.Evidence == "" || strings.Contains(one.Text+one.Evidence, "NaN") {
					t.Errorf("%+v", one)
				}
				if one.Kind == Overfitting && one.From != c.from {
					t.Errorf("overfitting from %d, want %d", one.From, c.from)
				}
			}
		})
	}
}

// made makes a history of evaluations every step iterations.
func made(step int, train, val, accuracy []float64) *training.History {
	h := &training.History{Points: map[string][]training.Point{training.CurveBatchLoss: {{Iteration: 1, Value: 1.8}}}}
	for i := range train {
		at := (i + 1) * step
		h.State.Iteration = at
		for name, values := range map[string][]float64{training.CurveTrainLoss: train, training.CurveValLoss: val, training.CurveTrainAccuracy: accuracy, training.CurveValAccuracy: accuracy} {
			if values != nil {
				h.Points[name] = append(h.Points[name], training.Point{Iteration: at, Value: values[i]})
			}
		}
	}
	h.State.Iterations = h.State.Iteration
	return h
}

// How often the rule on overfitting is wrong on synthetic curves of ten evaluations with multiplicative noise: false alarms where val falls to a
// plateau and stays there, misses where it turns and rises by 30 %. The train loss falls in all of them. The bounds hold what was measured.
func TestOverfittingRates(t *testing.T) {
	const runs = 2000
	for _, c := range []struct {
		noise               float64
		falseMost, missMost float64
	}{
		{0.01, 0.01, 0.01}, {0.03, 0.08, 0.04}, {0.06, 0.15, 0.25},
	} {
		r := rand.New(rand.NewPCG(1, 2))
		wrong, early := [2]int{}, 0
		for k, turns := range []bool{false, true} {
			for range runs {
				var train, val, accuracy []float64
				for i := range 10 {
					x := float64(i+1) / 10
					v := 0.6 + 1.2*math.Exp(-10*x)
					a := 0.9 - 0.6*math.Exp(-8*x)
					if turns && x > 0.4 {
						v *= 1 + 0.3*(x-0.4)/0.6
						a -= 0.03 * (x - 0.4)
					}
					train = append(train, 1.8*math.Exp(-4*x)*(1+c.noise*r.NormFloat64()))
					val = append(val, v*(1+c.noise*r.NormFloat64()))
					accuracy = append(accuracy, a+c.noise/3*r.NormFloat64())
				}
				f := Facts{History: made(100, train, val, accuracy)}
				f.History.State.Status = domain.StatusReady
				if found := overfits(f, curvesOf(f.History)); (found != nil) != turns {
					wrong[k]++
				}
				if !turns && stoppedEarly(f, curvesOf(f.History)) != nil {
					early++
				}
			}
		}
		falseAlarms, misses := float64(wrong[0])/runs, float64(wrong[1])/runs
		t.Logf("noise %.0f%%: %.1f%% false alarms, %.1f%% misses; %.1f%% false alarms of stopping early", 100*c.noise, 100*falseAlarms, 100*misses, 100*float64(early)/runs)
		if falseAlarms > c.falseMost || misses > c.missMost || float64(early)/runs > 0.06 {
			t.Errorf("noise %v: more than %v or %v", c.noise, c.falseMost, c.missMost)
		}
	}
}

// Curves that are short, empty, without val or broken give no finding and break nothing.
func TestNothingToSay(t *testing.T) {
	nan := math.NaN()
	for name, h := range map[string]*training.History{
		"none": nil, "empty": {}, "one point": made(10, []float64{1}, []float64{1}, nil),
		"no val":         made(10, []float64{1.8, 1, 0.5, 0.2, 0.1}, nil, nil),
		"both fall":      made(10, []float64{1.8, 1, 0.5, 0.4, 0.35, 0.34}, []float64{1.8, 1.1, 0.7, 0.6, 0.59, 0.585}, nil),
		"not a number":   made(10, []float64{nan, nan, nan, nan, nan}, []float64{nan, nan, nan, nan, nan}, nil),
		"zeros":          made(10, []float64{0, 0, 0, 0, 0}, []float64{0, 0, 0, 0, 0}, nil),
		"best, then two": made(10, []float64{1.8, 1, 0.5, 0.4}, []float64{1.8, 0.7, 0.9, 0.95}, nil),
	} {
		if all := Judge(Facts{Task: domain.Classification, History: h}); len(all) > 0 {
			t.Errorf("%s: %+v", name, all)
		}
	}
	first := made(10, []float64{1.8, 1, 0.5, 0.4}, []float64{1.8, 1.1, 0.7, 0.6}, nil)
	first.State.Status = domain.StatusReady
	first.State.Iterations = 1000
	if all := Judge(Facts{History: first}); len(all) > 0 {
		t.Errorf("early stopping: %+v", all)
	}
}

func figures(names string, truth [][]int) *training.Evaluation {
	e := &training.Evaluation{Task: domain.Classification, ConfusionMatrix: truth}
	right := 0
	for i, n := range strings.Split(names, ",") {
		f := training.ConceptFigures{Concept: n, TruePositives: truth[i][i]}
		for _, k := range truth[i] {
			f.Support += k
		}
		f.Recall = float64(f.TruePositives) / float64(f.Support)
		e.Images += f.Support
		right += f.TruePositives
		e.Concepts = append(e.Concepts, f)
	}
	e.Accuracy = float64(right) / float64(e.Images)
	return e
}

func TestConcepts(t *testing.T) {
	train := figures("a,b,c", [][]int{{400, 0, 0}, {0, 400, 0}, {0, 0, 400}})
	for _, c := range []struct {
		name  string
		train *training.Evaluation
		val   [][]int
		want  []Kind
		about string
	}{
		{"all well", train, [][]int{{95, 3, 2}, {2, 96, 2}, {3, 3, 94}}, nil, ""},
		{"spread errors", train, [][]int{{80, 10, 10}, {10, 80, 10}, {10, 10, 80}}, nil, ""},
		{"a taken for b", train, [][]int{{60, 38, 2}, {2, 96, 2}, {3, 3, 94}}, []Kind{Confused}, "a"},
		{"c has few", figures("a,b,c", [][]int{{400, 0, 0}, {0, 400, 0}, {1, 1, 38}}), [][]int{{195, 3, 2}, {2, 196, 2}, {8, 8, 24}}, []Kind{MoreData}, "c"},
		{"c learnt by heart", train, [][]int{{195, 3, 2}, {2, 196, 2}, {40, 40, 120}}, []Kind{MoreData}, "c"},
		{"c is hard on train too", figures("a,b,c", [][]int{{400, 0, 0}, {0, 400, 0}, {80, 80, 240}}), [][]int{{195, 3, 2}, {2, 196, 2}, {40, 40, 120}}, nil, ""},
		{"few val images", train, [][]int{{15, 1, 1}, {1, 12, 1}, {1, 1, 13}}, []Kind{ValSmall}, ""},
	} {
		f := Facts{Task: domain.Classification, History: &training.History{}, Results: &training.Results{Train: c.train, Val: figures("a,b,c", c.val)}}
		all := Judge(f)
		if got := kinds(all); !slices.Equal(got, c.want) || c.about != "" && all[0].Concepts[0] != c.about {
			t.Errorf("%s: %+v, want %v", c.name, all, c.want)
		}
	}
}

func TestWilson(t *testing.T) {
	// Newcombe (1998), method 3: 81 of 263, and 0 of 20.
	for _, c := range [][4]float64{{81, 263, 0.2553, 0.3662}, {0, 20, 0, 0.1611}} {
		if low, high := wilson(c[0], c[1]); math.Abs(low-c[2]) > 5e-5 || math.Abs(high-c[3]) > 5e-5 {
			t.Errorf("%v of %v: %v to %v", c[0], c[1], low, high)
		}
	}
}

// While it runs, a training that learns never gets the finding that its learning rate is too low: each recorded one is judged at each of its evaluations.
func TestLearningIsNotTooLow(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if name == "low" {
			continue
		}
		f := recorded(t, name)
		f.Results = nil
		whole := f.History
		for _, p := range whole.Points[training.CurveTrainLoss] {
			part := training.History{State: whole.State, Points: map[string][]training.Point{}}
			part.State.Iteration, part.State.Status = p.Iteration, domain.StatusTraining
			for curve, points := range whole.Points {
				for _, q := range points {
					if q.Iteration <= p.Iteration {
						part.Points[curve] = append(part.Points[curve], q)
					}
				}
			}
			f.History = &part
			if all := Judge(f); slices.Contains(kinds(all), LearningRateLow) {
				t.Errorf("%s at iteration %d of %d: %+v", name, p.Iteration, whole.State.Iterations, all)
			}
		}
	}
}

// A network that knows its train images gets no advice to go on, though val loss still falls a little; one that is as good on val as on train does.
func TestKnownTrainImages(t *testing.T) {
	val := []float64{1.6, 1.5, 1.42, 1.36, 1.3, 1.25, 1.2, 1.16, 1.12, 1.08}
	train := []float64{1.5, 1.2, 0.9, 0.7, 0.5, 0.4, 0.3, 0.22, 0.15, 0.1}
	for _, c := range []struct {
		train, val float64 // accuracy at the end
		want       []Kind
	}{
		{0.98, 0.63, nil},
		{0.98, 0.93, []Kind{StoppedEarly}},
		{0.80, 0.63, []Kind{StoppedEarly}},
	} {
		h := made(100, train, val, nil)
		h.State.Status = domain.StatusReady
		for i := range train {
			at, share := (i+1)*100, float64(i+1)/float64(len(train))
			h.Points[training.CurveTrainAccuracy] = append(h.Points[training.CurveTrainAccuracy], training.Point{Iteration: at, Value: c.train * share})
			h.Points[training.CurveValAccuracy] = append(h.Points[training.CurveValAccuracy], training.Point{Iteration: at, Value: c.val * share})
		}
		if got := kinds(Judge(Facts{Task: domain.Classification, History: h})); !slices.Equal(got, c.want) {
			t.Errorf("%v on train, %v on val: %v, want %v", c.train, c.val, got, c.want)
		}
	}
}
