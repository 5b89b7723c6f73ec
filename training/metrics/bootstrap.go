package metrics

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Intervals are the uncertainties of figures that are no shares, by the bootstrap (Efron 1979): the samples are drawn again and again, with
// replacement, and the middle 95 % of what comes out is the interval. The draws are seeded: the same input gives the same intervals.
type Intervals struct {
	MacroF1, WeightedF1, MicroF1 Figure
	MacroPrecision, MacroRecall  Figure
	F1                           []Figure // of each concept
	MAP50, MAP5095               Figure   // detection
}

// Bounds of the bootstrap.
const (
	maxDraws  = 1000
	minDraws  = 200
	drawWork  = 40_000_000 // steps, so that an interval is there in some tenths of a second
	drawsSeed = 20210614
)

func draws(work int) int { return min(maxDraws, max(minDraws, drawWork/max(1, work))) }

// Intervals computes them at the settings.
func (j *Judge) Intervals(s Settings) *Intervals {
	f := j.Figures(s)
	out := &Intervals{F1: make([]Figure, j.in.Concepts)}
	all := j.resampled(s)
	column := func(value float64, get func(resample) float64) Figure { return percentiles(value, j.n, all, get) }
	out.MacroF1 = column(f.Macro.F1, func(r resample) float64 { return r.macro.F1 })
	out.WeightedF1 = column(f.Weighted.F1, func(r resample) float64 { return r.weighted.F1 })
	out.MicroF1 = column(f.Micro.F1, func(r resample) float64 { return r.micro.F1 })
	out.MacroPrecision = column(f.Macro.Precision, func(r resample) float64 { return r.macro.Precision })
	out.MacroRecall = column(f.Macro.Recall, func(r resample) float64 { return r.macro.Recall })
	for c := range out.F1 {
		out.F1[c] = column(f.Concepts[c].F1, func(r resample) float64 { return r.f1[c] })
	}
	if j.in.Task == Detection {
		out.MAP50, out.MAP5095 = j.mapIntervals()
	}
	return out
}

// resample are the figures of one draw.
type resample struct {
	macro, weighted, micro Means
	f1                     []float64
}

// percentiles is a value with the middle 95 % of what the draws gave for it.
func percentiles[T any](value float64, n int, draws []T, get func(T) float64) Figure {
	values := make([]float64, len(draws))
	for i, d := range draws {
		values[i] = get(d)
	}
	return Figure{Value: value, Of: n, Interval: middle95(values)}
}

func middle95(values []float64) Interval {
	if len(values) == 0 {
		return Interval{0, 1}
	}
	slices.Sort(values)
	at := func(q float64) float64 { return values[int(math.Round(q*float64(len(values)-1)))] }
	return Interval{at(0.025), at(0.975)}
}

// pattern is what samples have in common that count alike: their cells, with how many there are.
type pattern struct {
	cells []int32
	count int
}

// resampled draws samples anew and counts. Samples that count alike are drawn together.
func (j *Judge) resampled(s Settings) []resample {
	patterns, work := j.patterns(s)
	rounds := draws(work)
	out := make([]resample, rounds)
	forEach(rounds, func(k int) {
		random := rand.New(rand.NewPCG(drawsSeed, uint64(k)))
		t := newTally(j.in.Concepts)
		drawn := drawCounts(random, patterns, j.n)
		for p, times := range drawn {
			for _, cell := range patterns[p].cells {
				t.cells[cell] += times
			}
		}
		concepts := make([]ConceptFigures, j.in.Concepts)
		r := resample{f1: make([]float64, j.in.Concepts)}
		for c := range concepts {
			concepts[c].Counts = t.counts(c, j.n, j.in.Task)
			r.f1[c] = concepts[c].Counts.F1()
			concepts[c].F1 = r.f1[c]
		}
		r.macro, r.weighted, r.micro = meansOf(concepts)
		out[k] = r
	})
	return out
}

// drawCounts draws n of the samples with replacement and returns how many fell on each pattern. Beyond what is quick each count is drawn by
// itself from its Poisson distribution, which comes to the same where n is large.
func drawCounts(random *rand.Rand, patterns []pattern, n int) []int {
	drawn := make([]int, len(patterns))
	if n <= 4096 {
		of := make([]int32, 0, n)
		for p := range patterns {
			for range patterns[p].count {
				of = append(of, int32(p))
			}
		}
		for range n {
			drawn[of[random.IntN(n)]]++
		}
		return drawn
	}
	for p := range patterns {
		drawn[p] = poisson(random, float64(patterns[p].count))
	}
	return drawn
}

// poisson draws from a Poisson distribution: by Knuth's product of uniforms, above 30 by the normal distribution.
func poisson(random *rand.Rand, mean float64) int {
	if mean > 30 {
		return max(0, int(math.Round(mean+math.Sqrt(mean)*random.NormFloat64())))
	}
	limit, product, k := math.Exp(-mean), random.Float64(), 0
	for product > limit {
		product *= random.Float64()
		k++
	}
	return k
}

// patterns groups the samples by what they add to the tally, and says how much one draw costs.
func (j *Judge) patterns(s Settings) ([]pattern, int) {
	known := map[string]int{}
	var list []pattern
	var key []byte
	var cells []int32
	work, sample := 0, 0
	t := newTally(j.in.Concepts)
	flush := func() {
		slices.Sort(cells)
		key = key[:0]
		for _, c := range cells {
			key = append(key, byte(c), byte(c>>8), byte(c>>16), byte(c>>24))
		}
		at, ok := known[string(key)]
		if !ok {
			at = len(list)
			known[string(key)] = at
			list = append(list, pattern{cells: slices.Clone(cells)})
			work += len(cells) + 4
		}
		list[at].count++
		cells = cells[:0]
	}
	j.each(s, 0, j.n, func(c Case) {
		for ; sample < c.Sample; sample++ {
			flush()
		}
		cells = append(cells, int32(t.cell(c.Truth, c.Predicted)))
	})
	for ; sample < j.n; sample++ {
		flush()
	}
	return list, work + min(j.n, 4096)
}

// weightedBox is a found box of a concept as the drawn samples weigh it.
type weightedBox struct {
	score  float32
	sample int32
	hits   uint16 // bit t: right at overlap t
}

// mapIntervals draws samples anew and computes mAP with each drawn as often as it was.
func (j *Judge) mapIntervals() (at50, over Figure) {
	boxes, truths := make([][]weightedBox, j.in.Concepts), make([][]int32, j.in.Concepts)
	work := 1
	for c := range j.in.Concepts {
		truths[c] = make([]int32, j.n)
		for i := range j.n {
			for _, t := range j.in.Truth[i] {
				if t.Class == c {
					truths[c][i]++
				}
			}
		}
	}
	for t := range overlaps {
		m := j.matching(linear(0.5, 0.95, overlaps, t))
		next := make([]int, j.in.Concepts)
		for i := range j.n {
			for k, f := range j.in.Found[i] {
				if t == 0 {
					boxes[f.Class] = append(boxes[f.Class], weightedBox{score: float32(f.Score), sample: int32(i)})
					work += overlaps
				}
				if m.pair[i][k] >= 0 {
					boxes[f.Class][next[f.Class]].hits |= 1 << t
				}
				next[f.Class]++
			}
		}
	}
	for c := range boxes {
		slices.SortStableFunc(boxes[c], func(a, b weightedBox) int { return cmp.Compare(b.score, a.score) })
	}
	out := make([][2]float64, draws(work))
	forEach(len(out), func(k int) {
		random := rand.New(rand.NewPCG(drawsSeed, uint64(k)))
		weights := make([]int, j.n)
		for range j.n {
			weights[random.IntN(j.n)]++
		}
		sum50, sum, occurring := 0.0, 0.0, 0
		for c := range boxes {
			total := 0
			for i, n := range truths[c] {
				total += weights[i] * int(n)
			}
			if total == 0 {
				continue
			}
			occurring++
			for t := range overlaps {
				ap := weightedAP(boxes[c], weights, total, t)
				if t == 0 {
					sum50 += ap
				}
				sum += ap / overlaps
			}
		}
		if occurring > 0 {
			out[k] = [2]float64{sum50 / float64(occurring), sum / float64(occurring)}
		}
	})
	c := j.coco()
	at50 = percentiles(zeroIfNone(c.MAP50), j.n, out, func(v [2]float64) float64 { return v[0] })
	over = percentiles(zeroIfNone(c.MAP), j.n, out, func(v [2]float64) float64 { return v[1] })
	return at50, over
}

func weightedAP(boxes []weightedBox, weights []int, total, overlap int) float64 {
	precision, recall := make([]float64, 0, len(boxes)), make([]float64, 0, len(boxes))
	hits, all := 0, 0
	for _, b := range boxes {
		w := weights[b.sample]
		if w == 0 {
			continue
		}
		all += w
		if b.hits>>overlap&1 == 1 {
			hits += w
		}
		precision, recall = append(precision, float64(hits)/float64(all)), append(recall, float64(hits)/float64(total))
	}
	return meanPrecision(precision, recall)
}

// Names of headline figures.
const (
	HeadlineAccuracy = "accuracy"
	HeadlineF1       = "f1"
	HeadlineMAP50    = "map50"
)

// Headline is the first figure of the task and its name: accuracy, the mean F1 over concepts, or mAP@0.5.
func (j *Judge) Headline(s Settings) (string, Figure) {
	switch j.in.Task {
	case Classification:
		return HeadlineAccuracy, j.Figures(s).Accuracy
	case Tagging:
		return HeadlineF1, percentiles(j.Figures(s).Macro.F1, j.n, j.resampled(s), func(r resample) float64 { return r.macro.F1 })
	}
	at50, _ := j.mapIntervals()
	return HeadlineMAP50, at50
}
