package metrics

import (
	"math/rand/v2"
	"testing"

	"viewfinder/storage/domain"
)

func TestChangedLabelsAreSuspected(t *testing.T) {
	in := random(domain.Classification, 600, 4, 1, 8)
	r := rand.New(rand.NewPCG(1, 2))
	changed := map[int]bool{}
	for len(changed) < 60 {
		i := r.IntN(600)
		if !changed[i] {
			in.Labels[i] = []int32{(in.Labels[i][0] + 1 + int32(r.IntN(3))) % 4}
			changed[i] = true
		}
	}
	list := judge(t, in).Suspicions()
	hits := 0
	for _, s := range list[:20] {
		if changed[s.Sample] {
			hits++
		}
		if s.Kind != LikelyOther || s.Truth != int(in.Labels[s.Sample][0]) || s.Predicted == s.Truth {
			t.Errorf("%+v", s)
		}
	}
	if hits < 19 {
		t.Errorf("%d of the first 20 are wrong", hits)
	}
}

func TestTagsAreSuspectedBothWays(t *testing.T) {
	in := Input{Task: domain.Tagging, Concepts: 1}
	for i := range 20 {
		if i < 10 {
			in.Labels, in.Scores = append(in.Labels, []int32{0}), append(in.Scores, 0.9)
		} else {
			in.Labels, in.Scores = append(in.Labels, nil), append(in.Scores, 0.1)
		}
	}
	in.Scores[3], in.Scores[15] = 0.05, 0.97
	list := judge(t, in).Suspicions()
	if len(list) != 2 || list[0].Sample != 15 || list[0].Kind != LikelyMissing || list[1].Sample != 3 || list[1].Kind != LikelyExtra {
		t.Errorf("%+v", list)
	}
}

func TestBoxesAreSuspected(t *testing.T) {
	in := Input{Task: domain.Detection, Concepts: 2,
		Truth: [][]domain.ScoredBox{
			{box(0, 0, 10, 10, 0, 0), box(40, 0, 50, 10, 1, 0)},                             // all is well
			{box(0, 0, 10, 10, 1, 0), box(30, 30, 40, 40, 0, 0), box(60, 60, 70, 70, 1, 0)}, // another concept, badly placed, nothing there
			{}, // one is missing
		},
		Found: [][]domain.ScoredBox{
			{box(0, 0, 10, 10, 0, 0.6), box(40, 0, 50, 10, 1, 0.6)},
			{box(0, 0, 10, 10, 0, 0.9), box(34, 34, 44, 44, 0, 0.8)},
			{box(5, 5, 15, 15, 1, 0.95), box(50, 50, 60, 60, 1, 0.2)},
		},
	}
	kinds := map[SuspicionKind]int{}
	for _, s := range judge(t, in).Suspicions() {
		kinds[s.Kind]++
		if s.Sample == 0 {
			t.Errorf("%+v", s)
		}
	}
	for _, k := range []SuspicionKind{LikelyOther, LikelyPlace, LikelyExtra, LikelyMissing} {
		if kinds[k] != 1 {
			t.Errorf("%v", kinds)
		}
	}
}
