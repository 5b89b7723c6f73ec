package metrics

import (
	"math"
	"math/rand/v2"
	"testing"

	"viewfinder/storage/domain"
)

func TestWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64 // by root finding: (p-q)² = z² q (1-q) / n
	}{{8, 10, 0.4901625, 0.9433178}, {0, 10, 0, 0.2775328}, {10, 10, 0.7224672, 1}, {226, 260, 0.8228197, 0.9048900}, {0, 0, 0, 1}} {
		got := Wilson(c.k, c.n)
		if math.Abs(got.Low-c.low) > 1e-6 || math.Abs(got.High-c.high) > 1e-6 {
			t.Errorf("%d of %d: %.7f, want %v to %v", c.k, c.n, got, c.low, c.high)
		}
	}
}

func TestFiguresInWords(t *testing.T) {
	for want, f := range map[string]Figure{
		"87% ± 4, from 260 images":          share(226, 260),
		"100% (72 to 100), from 10 images":  share(10, 10),
		"50% ± 1, from 12,000 images":       share(6000, 12000),
		"unknown: from no images":           share(0, 0),
		"100% (21 to 100), from 1 image":    share(1, 1),
		"62% (55 to 66), from 1,234 images": {Value: 0.62, Interval: Interval{0.55, 0.66}, Of: 1234},
	} {
		if got := f.Words("images"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestMcNemar(t *testing.T) {
	for _, c := range []struct {
		a, b int
		want float64 // scipy: 2 binom.cdf(1, 10, 0.5), 2 binom.cdf(0, 6, 0.5), chi2.sf(19² / 40, 1)
	}{{0, 0, 1}, {5, 5, 1}, {1, 9, 0.021484375}, {0, 6, 0.03125}, {10, 30, 0.00266312}, {30, 30, 1}} {
		if got := McNemar(c.a, c.b); math.Abs(got-c.want) > 1e-6 && c.a != c.b || c.a == c.b && got < 0.89 {
			t.Errorf("%d, %d: %.7f, want %v", c.a, c.b, got, c.want)
		}
		if McNemar(c.a, c.b) != McNemar(c.b, c.a) {
			t.Errorf("%d, %d: not the same the other way round", c.a, c.b)
		}
	}
}

// random makes predictions that are right with the frequency skill.
func random(task domain.Task, samples, concepts int, skill float64, seed uint64) Input {
	r := rand.New(rand.NewPCG(seed, 1))
	in := Input{Task: task, Concepts: concepts}
	if task.HasBoxes() {
		in.Found, in.Truth, in.Sizes = make([][]domain.ScoredBox, samples), make([][]domain.ScoredBox, samples), make([][2]float64, samples)
		for i := range samples {
			in.Sizes[i] = [2]float64{640, 480}
			for range 10 {
				x, y, w, h := r.Float64()*0.8, r.Float64()*0.8, 0.02+r.Float64()*0.2, 0.02+r.Float64()*0.2
				c := r.IntN(concepts)
				in.Found[i] = append(in.Found[i], domain.ScoredBox{Box: domain.Box{XMin: x, YMin: y, XMax: x + w, YMax: y + h}, Class: c, Score: float64(float32(r.Float64()))})
				if r.Float64() < skill {
					in.Truth[i] = append(in.Truth[i], domain.ScoredBox{Box: domain.Box{XMin: x + 0.1*w*r.Float64(), YMin: y, XMax: x + w, YMax: y + h}, Class: c})
				}
			}
		}
		return in
	}
	for range samples {
		truth := int32(r.IntN(concepts))
		in.Labels = append(in.Labels, []int32{truth})
		sum := float32(0)
		row := make([]float32, concepts)
		for c := range row {
			row[c] = r.Float32()
		}
		if r.Float64() < skill {
			row[truth] += 1
		}
		for _, v := range row {
			sum += v
		}
		for c := range row {
			if task.ExactlyOne() {
				row[c] /= sum
			} else {
				row[c] /= 2
			}
		}
		in.Scores = append(in.Scores, row...)
	}
	return in
}

func TestTheBootstrapAgreesWithWilson(t *testing.T) {
	for _, n := range []int{300, 6000} { // drawn one by one, and by Poisson's distribution
		j := judge(t, random(domain.Classification, n, 4, 0.6, 3))
		got, want := j.Intervals(Settings{}).MicroF1, j.Figures(Settings{}).Accuracy
		if got.Value != want.Value || math.Abs(got.Low-want.Low) > 0.01 || math.Abs(got.High-want.High) > 0.01 {
			t.Errorf("%d samples: %+v, Wilson: %+v", n, got, want)
		}
	}
}

func TestIntervalsHoldTheirFigure(t *testing.T) {
	for _, task := range []domain.Task{domain.Classification, domain.Tagging, domain.Detection} {
		j := judge(t, random(task, 120, 3, 0.7, 5))
		s := DefaultSettings(task)
		i := j.Intervals(s)
		for _, f := range append(i.F1, i.MacroF1, i.WeightedF1, i.MicroF1, i.MacroPrecision, i.MacroRecall) {
			if !(f.Low <= f.Value && f.Value <= f.High && f.High-f.Low < 0.5) {
				t.Errorf("%s: %+v", task, f)
			}
		}
		name, h := j.Headline(s)
		if !(h.Low < h.Value && h.Value < h.High) {
			t.Errorf("%s: %+v", name, h)
		}
		if task.HasBoxes() && (i.MAP50 != h || !(i.MAP5095.Low < i.MAP5095.Value && i.MAP5095.Value < i.MAP5095.High)) {
			t.Errorf("%+v %+v", i.MAP50, i.MAP5095)
		}
	}
}

func TestPairedBootstrap(t *testing.T) {
	for _, task := range []domain.Task{domain.Classification, domain.Tagging, domain.Detection} {
		s, figure := DefaultSettings(task), map[domain.Task]string{domain.Classification: domain.HeadlineAccuracy, domain.Tagging: domain.HeadlineF1, domain.Detection: domain.HeadlineMAP50}[task]
		a := judge(t, random(task, 200, 3, 0.6, 1))
		if d := PairedBootstrap(figure, a, a, s, s); d.Value != 0 || d.Significant() {
			t.Errorf("%s against itself: %+v", task, d)
		}
		if task.HasBoxes() { // the same truth, and nothing found
			in := a.Input()
			in.Found = make([][]domain.ScoredBox, len(in.Truth))
			if d := PairedBootstrap(figure, a, judge(t, in), s, s); d.Value >= 0 || !d.Significant() {
				t.Errorf("%+v", d)
			}
			continue
		}
		in := a.Input()
		in.Scores = random(task, 200, 3, 0, 9).Scores
		d := PairedBootstrap(figure, a, judge(t, in), s, s)
		if d.Value >= 0 || !d.Significant() || !(d.Low < d.Value && d.Value < d.High) {
			t.Errorf("%s against chance: %+v", task, d)
		}
	}
}

func BenchmarkFigures(b *testing.B) {
	for _, task := range []domain.Task{domain.Classification, domain.Tagging, domain.Detection} {
		samples := 100_000
		if task.HasBoxes() {
			samples = 10_000
		}
		in := random(task, samples, 10, 0.7, 1)
		b.Run(string(task)+"/first", func(b *testing.B) {
			for b.Loop() {
				j, _ := NewJudge(in)
				j.Figures(DefaultSettings(task))
			}
		})
		j, _ := NewJudge(in)
		j.Figures(DefaultSettings(task))
		k := 0
		b.Run(string(task)+"/threshold", func(b *testing.B) {
			for b.Loop() {
				k++
				j.Figures(Settings{Threshold: float64(k%97) / 97})
			}
		})
		b.Run(string(task)+"/errors", func(b *testing.B) {
			for b.Loop() {
				j.ErrorCases(DefaultSettings(task), ConfidentErrors, None, OrderDefault)
			}
		})
		if task.HasBoxes() {
			b.Run(string(task)+"/iou", func(b *testing.B) {
				for b.Loop() {
					k++
					j.Figures(Settings{Threshold: 0.3, IoU: 0.3 + float64(k%997)/1997})
				}
			})
		}
		b.Run(string(task)+"/headline", func(b *testing.B) {
			for b.Loop() {
				j.Headline(DefaultSettings(task))
			}
		})
	}
}
