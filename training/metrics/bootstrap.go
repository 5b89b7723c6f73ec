package metrics

import (
	"cmp"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/training/parallel"
)

// Intervals are the uncertainties of figures that are no shares, by the bootstrap (Efron 1979): the samples are drawn again and again, with
// replacement, and the middle 95% of what comes out is the interval. The draws are seeded: the same input gives the same intervals.
type Intervals struct {
	MacroF1, WeightedF1, MicroF1 Figure
	MacroPrecision, MacroRecall  Figure
	F1                           []Figure // of each concept
	MAP50, MAP5095               Figure   // detection
}

// Bounds of the bootstrap.
const (
	maxDraws   = 1000
	minDraws   = 200
	exactDraws = 4096       // samples; beyond, see drawCounts
	drawWork   = 40_000_000 // steps, so that an interval is there in some tenths of a second
	drawsSeed  = 20210614
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
	if j.in.Task.HasBoxes() {
		out.MAP50, out.MAP5095 = j.mapIntervals(overlaps)
	}
	return out
}

// resample are the figures of one draw.
type resample struct {
	tally                  *tally
	macro, weighted, micro Means
	f1                     []float64
}

// percentiles is a value with the middle 95% of what the draws gave for it.
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

// pattern is what samples that count the same have in common: their cells, with how many there are.
type pattern struct {
	cells []int32
	count int
}

// patterns are those of all samples.
type patterns struct {
	list []pattern
	of   []int32 // of each sample which one it has
	work int     // what one draw costs
}

// figures are those of the patterns, each as often as it was drawn.
func (p *patterns) figures(j *Judge, drawn []int) resample {
	r := resample{tally: newTally(j.in.Concepts), f1: make([]float64, j.in.Concepts)}
	for k, times := range drawn {
		for _, cell := range p.list[k].cells {
			r.tally.cells[cell] += times
		}
	}
	concepts := make([]ConceptFigures, j.in.Concepts)
	for c := range concepts {
		concepts[c].Counts = r.tally.counts(c, j.n, j.in.Task)
		concepts[c].F1 = concepts[c].Counts.F1()
		r.f1[c] = concepts[c].F1
	}
	r.macro, r.weighted, r.micro = meansOf(concepts)
	return r
}

// resampled draws samples anew and counts. Samples that count the same are drawn together.
func (j *Judge) resampled(s Settings) []resample {
	p := j.patterns(s)
	out := make([]resample, draws(p.work))
	parallel.Each(len(out), func(k int) {
		random := rand.New(rand.NewPCG(drawsSeed, uint64(k)))
		out[k] = p.figures(j, drawCounts(random, p, j.n))
	})
	return out
}

// drawCounts draws n of the samples with replacement and returns how many fell on each pattern. Beyond what is quick each count is drawn by
// itself from its Poisson distribution, which comes to the same where n is large.
func drawCounts(random *rand.Rand, p *patterns, n int) []int {
	drawn := make([]int, len(p.list))
	if n <= exactDraws {
		for range n {
			drawn[p.of[random.IntN(n)]]++
		}
		return drawn
	}
	for k := range p.list {
		drawn[k] = poisson(random, float64(p.list[k].count))
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

// patterns groups the samples by what they add to the tally.
func (j *Judge) patterns(s Settings) *patterns {
	p := &patterns{of: make([]int32, 0, j.n)}
	known := map[string]int32{}
	var key []byte
	var cells []int32
	t := newTally(j.in.Concepts)
	flush := func() {
		slices.Sort(cells)
		key = key[:0]
		for _, c := range cells {
			key = binary.LittleEndian.AppendUint32(key, uint32(c))
		}
		at, ok := known[string(key)]
		if !ok {
			at = int32(len(p.list))
			known[string(key)] = at
			p.list = append(p.list, pattern{cells: slices.Clone(cells)})
			p.work += len(cells) + 4
		}
		p.list[at].count++
		p.of = append(p.of, at)
		cells = cells[:0]
	}
	j.each(s, 0, j.n, func(c Case) {
		for len(p.of) < c.Sample {
			flush()
		}
		cells = append(cells, int32(t.cell(c.Truth, c.Predicted)))
	})
	for len(p.of) < j.n {
		flush()
	}
	p.work += min(j.n, exactDraws) + len(t.cells)
	return p
}

// weightedBox is a found box of a concept as the drawn samples weigh it.
type weightedBox struct {
	score  float32
	sample int32
	hits   uint16 // bit t: right at overlap t
}

// mapDraw are all found boxes ready to be weighted by how often their samples were drawn.
type mapDraw struct {
	found  [][]weightedBox // of each concept, highest score first
	truths [][]int32       // of each concept how many each sample has
	boxes  int
}

func (j *Judge) mapDraw() *mapDraw {
	d := &mapDraw{found: make([][]weightedBox, j.in.Concepts), truths: make([][]int32, j.in.Concepts)}
	for c := range j.in.Concepts {
		d.truths[c] = make([]int32, j.n)
	}
	for i, list := range j.in.Truth {
		for _, t := range list {
			d.truths[t.Class][i]++
		}
	}
	for t := range overlaps {
		m := j.matching(linear(0.5, 0.95, overlaps, t))
		next := make([]int, j.in.Concepts)
		for i, list := range j.in.Found {
			for k, f := range list {
				if t == 0 {
					d.found[f.Class] = append(d.found[f.Class], weightedBox{score: float32(f.Score), sample: int32(i)})
					d.boxes++
				}
				if m.pair[i][k] >= 0 {
					d.found[f.Class][next[f.Class]].hits |= 1 << t
				}
				next[f.Class]++
			}
		}
	}
	for _, list := range d.found {
		slices.SortStableFunc(list, func(a, b weightedBox) int { return cmp.Compare(b.score, a.score) })
	}
	return d
}

// figure is mAP at 0.5 and over the first so many overlaps, of the samples as they are weighted.
func (d *mapDraw) figure(weights []int, over int) (at50, mean float64) {
	occurring := 0
	var room [2][]float64
	for c := range d.found {
		total := 0
		for i, n := range d.truths[c] {
			total += weights[i] * int(n)
		}
		if total == 0 {
			continue
		}
		occurring++
		for t := range over {
			ap := weightedAP(d.found[c], weights, total, t, &room)
			if t == 0 {
				at50 += ap
			}
			mean += ap / float64(over)
		}
	}
	if occurring == 0 {
		return 0, 0
	}
	return at50 / float64(occurring), mean / float64(occurring)
}

// mapIntervals draws samples anew and computes mAP, at 0.5 and over the first so many overlaps, with each as often as it was drawn.
func (j *Judge) mapIntervals(overlaps int) (at50, over Figure) {
	d := j.mapDraw()
	out := make([][2]float64, draws(d.boxes*overlaps+j.n))
	parallel.Each(len(out), func(k int) {
		random := rand.New(rand.NewPCG(drawsSeed, uint64(k)))
		weights := make([]int, j.n)
		for range j.n {
			weights[random.IntN(j.n)]++
		}
		out[k][0], out[k][1] = d.figure(weights, overlaps)
	})
	c := j.coco()
	at50 = percentiles(zeroIfNone(c.MAP50), j.n, out, func(v [2]float64) float64 { return v[0] })
	over = percentiles(zeroIfNone(c.MAP), j.n, out, func(v [2]float64) float64 { return v[1] })
	return at50, over
}

func weightedAP(boxes []weightedBox, weights []int, total, overlap int, room *[2][]float64) float64 {
	precision, recall := room[0][:0], room[1][:0]
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
	*room = [2][]float64{precision, recall}
	return meanPrecision(precision, recall)
}

// Headline is the first figure of the task and its key: accuracy, the mean F1 over concepts, or mAP@0.5.
func (j *Judge) Headline(s Settings) (string, Figure) {
	switch j.in.Task {
	case domain.Classification:
		return domain.HeadlineAccuracy, j.Figures(s).Accuracy
	case domain.Tagging:
		return domain.HeadlineF1, percentiles(j.Figures(s).Macro.F1, j.n, j.resampled(s), func(r resample) float64 { return r.macro.F1 })
	}
	return domain.HeadlineMAP50, j.at50()
}
