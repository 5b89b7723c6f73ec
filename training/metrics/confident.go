package metrics

import (
	"cmp"
	"slices"

	"viewfinder/storage/domain"
)

// Suspicion is an annotation that is likely wrong.
type Suspicion struct {
	Case  // Truth is what is annotated, Predicted what is likely true; None: nothing
	Kind  SuspicionKind
	Score float64 // 0 to 1, how likely: an order, not a probability
}

// SuspicionKind is what is likely wrong.
type SuspicionKind string

// The kinds.
const (
	LikelyOther   SuspicionKind = "other"   // it is likely another concept
	LikelyMissing SuspicionKind = "missing" // a tag or a box is likely missing
	LikelyExtra   SuspicionKind = "extra"   // a tag or a box is likely too much
	LikelyPlace   SuspicionKind = "place"   // the box likely lies elsewhere
)

// Suspicions lists likely annotation errors, the likeliest first, by confident learning (Northcutt, Jiang and Chuang 2021): a concept's threshold is
// the mean score that it gets where it is annotated; a sample whose score reaches the threshold of another concept than the annotated one is
// counted as an error. So many are listed, or more where another one is much likelier, by how many times likelier another concept is than the annotated one (the paper's pruning by noise rate; of the
// orders that were tried on the changed labels of docs/evaluation.md it found most of them first, also among samples that reach no threshold). In tagging each tag
// is such a decision between yes and no. Boxes are judged in the same spirit (after ObjectLab, Tkachenko et al. 2023): a found box that reaches its
// concept's threshold and matches nothing, or a box of another concept, or one badly; and a true box that nothing of any score overlaps. Scores of
// samples that the network was trained on prove nothing: leave them out.
func (j *Judge) Suspicions() []Suspicion {
	var all []Suspicion
	switch j.in.Task {
	case domain.Classification:
		all = j.suspectLabels()
	case domain.Tagging:
		all = j.suspectTags()
	default:
		all = j.suspectBoxes()
	}
	slices.SortStableFunc(all, func(a, b Suspicion) int { return cmp.Compare(b.Score, a.Score) })
	return all
}

// annotatedMeans is the mean score of each concept where it is annotated; above 1 where it never is.
func (j *Judge) annotatedMeans() []float64 {
	sum, n := make([]float64, j.in.Concepts), make([]int, j.in.Concepts)
	for i, labels := range j.in.Labels {
		for _, l := range labels {
			sum[l] += float64(j.scores(i)[l])
			n[l]++
		}
	}
	return divided(sum, n)
}

func divided(sum []float64, n []int) []float64 {
	for c := range sum {
		if n[c] == 0 {
			sum[c] = 2
			continue
		}
		sum[c] /= float64(n[c])
	}
	return sum
}

// suspectLabels counts errors by the thresholds, and lists so many samples: those of which another concept is likelier than the annotated one, and most times
// so; and all of which it is much likelier.
func (j *Judge) suspectLabels() []Suspicion {
	thresholds := j.annotatedMeans()
	count := 0
	var all []Suspicion
	for i := range j.n {
		scores, given := j.scores(i), int(j.in.Labels[i][0])
		counted, other := None, None
		for c, s := range scores {
			if domain.Reaches(float64(s), thresholds[c]) && (counted == None || s > scores[counted]) {
				counted = c
			}
			if c != given && (other == None || s > scores[other]) {
				other = c
			}
		}
		if counted != None && counted != given {
			count++
		}
		if other == None || scores[other] <= scores[given] {
			continue
		}
		is, was := float64(scores[other]), float64(scores[given])
		all = append(all, Suspicion{Kind: LikelyOther, Score: is / (is + was + hardlyAny),
			Case: Case{Sample: i, Found: None, True: None, Truth: given, Predicted: other, Confidence: is, TruthScore: was, Margin: is - was}})
	}
	slices.SortStableFunc(all, func(a, b Suspicion) int { return cmp.Compare(b.Score, a.Score) })
	for count < len(all) && all[count].Score >= farLikelier {
		count++
	}
	return all[:min(count, len(all))]
}

// farLikelier is the score of a suspicion whose other concept is more than twice as likely as the annotated one: it is listed however many were counted.
const farLikelier = 0.7

// hardlyAny is a score below which it does not matter how low it is.
const hardlyAny = 0.02

func (j *Judge) suspectTags() []Suspicion {
	yes := j.annotatedMeans()
	sum, n := make([]float64, j.in.Concepts), make([]int, j.in.Concepts)
	for i := range j.n {
		for c, s := range j.scores(i) {
			if !j.has(i, c) {
				sum[c] += 1 - float64(s)
				n[c]++
			}
		}
	}
	no := divided(sum, n)
	var all []Suspicion
	for i := range j.n {
		for c, score := range j.scores(i) {
			s := float64(score)
			k := Case{Sample: i, Found: None, True: None, Truth: None, Predicted: None, Confidence: s, TruthScore: s}
			switch is := j.has(i, c); {
			case is && 1-s >= no[c] && s < 0.5:
				k.Truth = c
				all = append(all, Suspicion{Case: k, Kind: LikelyExtra, Score: 1 - s})
			case !is && s >= yes[c] && s > 0.5:
				k.Predicted = c
				all = append(all, Suspicion{Case: k, Kind: LikelyMissing, Score: s})
			}
		}
	}
	return all
}

// Bounds of what is suspect about a box.
const (
	wellPlaced   = 0.6  // overlaps from here on are as good as people draw
	hardlyThere  = 0.1  // overlaps below mean another thing
	hardlyScored = 0.05 // scores below mean nothing
)

func (j *Judge) suspectBoxes() []Suspicion {
	m := j.matching(DefaultIoU)
	sum, n := make([]float64, j.in.Concepts), make([]int, j.in.Concepts)
	for i, found := range j.in.Found {
		for k, f := range found {
			if m.pair[i][k] >= 0 {
				sum[f.Class] += f.Score
				n[f.Class]++
			}
		}
	}
	thresholds := divided(sum, n)
	var all []Suspicion
	for i := range j.n {
		all = append(all, j.suspectSample(i, m, thresholds)...)
	}
	return all
}

func (j *Judge) suspectSample(i int, m *matching, thresholds []float64) []Suspicion {
	found, truth := j.in.Found[i], j.in.Truth[i]
	var all []Suspicion
	suspect := func(kind SuspicionKind, k, t int, score, overlap float64) {
		s := Suspicion{Kind: kind, Score: score, Case: Case{Sample: i, Found: k, True: t, Truth: None, Predicted: None, TruthScore: overlap}}
		if k != None {
			s.Predicted, s.Confidence = found[k].Class, found[k].Score
		}
		if t != None {
			s.Truth = truth[t].Class
		}
		all = append(all, s)
	}
	named := make([]bool, len(truth))
	for _, k := range m.order[i] {
		if m.pair[i][k] >= 0 || !domain.Reaches(found[k].Score, thresholds[found[k].Class]) {
			continue
		}
		best, at := 0.0, None
		for t := range truth {
			if v := found[k].IoU(truth[t].Box); v > best {
				best, at = v, t
			}
		}
		switch {
		case best < hardlyThere:
			suspect(LikelyMissing, int(k), None, found[k].Score, best)
		case named[at] || slices.Contains(m.pair[i], int32(at)): // found already, by a better box
		case truth[at].Class != found[k].Class && best >= wellPlaced:
			suspect(LikelyOther, int(k), at, found[k].Score*best, best)
			named[at] = true
		case truth[at].Class == found[k].Class && best < DefaultIoU:
			suspect(LikelyPlace, int(k), at, found[k].Score*(1-best), best)
			named[at] = true
		}
	}
	for t := range truth {
		near := 0.0
		for _, f := range found {
			if f.IoU(truth[t].Box) >= hardlyThere {
				near = max(near, f.Score)
			}
		}
		if near < hardlyScored && !named[t] {
			suspect(LikelyExtra, None, t, 0.5*(1-near/hardlyScored), 0)
		}
	}
	return all
}
