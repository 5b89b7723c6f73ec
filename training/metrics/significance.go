package metrics

import (
	"math"
	"math/rand/v2"

	"viewfinder/storage/domain"
	"viewfinder/training/parallel"
)

// McNemar is the probability that two classifiers that are equally often right differ at least as much as these do (McNemar 1947): onlyA samples
// only the first got right, onlyB only the second. Below 25 differing samples it is the exact binomial one, above by the chi-squared
// distribution with continuity correction (Edwards 1948).
func McNemar(onlyA, onlyB int) float64 {
	n := onlyA + onlyB
	switch {
	case n == 0:
		return 1
	case n < 25:
		p, term := 0.0, math.Pow(0.5, float64(n)) // of k heads in n throws
		for k := 0; k <= min(onlyA, onlyB); k++ {
			p += term
			term *= float64(n-k) / float64(k+1)
		}
		return min(1, 2*p)
	}
	d := math.Abs(float64(onlyA-onlyB)) - 1
	return math.Erfc(math.Sqrt(max(0, d) * max(0, d) / float64(n) / 2))
}

// Difference is by how much a second network's figure is above the first's on the same samples.
type Difference struct {
	Figure
	P float64 // how probable so much of a difference is, one way or the other, if there is none in truth
}

// Significant reports whether chance alone would seldom (in 5 of 100 cases) do it.
func (d Difference) Significant() bool { return d.P < 0.05 }

// PairedBootstrap draws the samples that both networks judged again and again, the same for both, and asks how often the difference of a
// headline figure (see [domain.Task.Headline]) turns around. a and b are judges over the same samples in the same order.
func PairedBootstrap(figure string, a, b *Judge, sa, sb Settings) Difference {
	n := min(a.n, b.n)
	da, db := a.drawer(figure, sa), b.drawer(figure, sb)
	once := make([]int, n)
	for i := range once {
		once[i] = 1
	}
	d := Difference{Figure: Figure{Value: db.figure(once) - da.figure(once), Of: n}}
	rounds := draws(da.work + db.work)
	out := make([]float64, rounds)
	parallel.Each(rounds, func(k int) {
		random := rand.New(rand.NewPCG(drawsSeed, uint64(k)))
		weights := make([]int, n)
		for range n {
			weights[random.IntN(n)]++
		}
		out[k] = db.figure(weights) - da.figure(weights)
	})
	below, above := 0, 0
	for _, v := range out {
		if v <= 0 {
			below++
		}
		if v >= 0 {
			above++
		}
	}
	d.P = min(1, 2*float64(min(below, above)+1)/float64(rounds+1))
	d.Interval = middle95(out)
	return d
}

// drawer computes a figure of samples that are weighted by how often they were drawn.
type drawer struct {
	figure func(weights []int) float64
	work   int
}

func (j *Judge) drawer(figure string, s Settings) drawer {
	if figure == domain.HeadlineMAP50 {
		m := j.mapDraw()
		return drawer{func(w []int) float64 { v, _ := m.figure(w, 1); return v }, m.boxes + j.n}
	}
	p := j.patterns(s)
	return drawer{func(weights []int) float64 {
		drawn := make([]int, len(p.list))
		for i, w := range weights {
			drawn[p.of[i]] += w
		}
		r := p.figures(j, drawn)
		if figure == domain.HeadlineF1 {
			return r.macro.F1
		}
		right, all := 0, 0
		for c := range j.in.Concepts {
			right += r.tally.counts(c, j.n, j.in.Task).TruePositives
		}
		for _, w := range weights {
			all += w
		}
		return ratio(right, all)
	}, p.work + j.n}
}
