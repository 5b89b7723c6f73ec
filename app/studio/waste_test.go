package studio

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestLikelyErrorsOnWaste measures on real photos: a tenth of the labels of train is changed at random, and the first 20 likely errors are counted.
// It trains folds for minutes, so it runs where VIEWFINDER_WASTE names the folder of photos, one folder a concept; VIEWFINDER_WASTE_ITERATIONS,
// _SIZE, _FOLDS and _SET (options as of "viewfinder train --set", with semicolons between) say how it trains, _SEED which labels are changed.
func TestLikelyErrorsOnWaste(t *testing.T) {
	folder := os.Getenv("VIEWFINDER_WASTE")
	if folder == "" {
		t.Skip("VIEWFINDER_WASTE is not set")
	}
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(os.Getenv("VIEWFINDER_WASTE_" + name)); err == nil {
			return n
		}
		return otherwise
	}
	ctx := context.Background()
	p := newProject(t)
	report := importInto(t, p, ImportRequest{Sources: []string{folder}})
	view := report.Views[0]
	changed := changeLabels(t, p, view, 0.1, uint64(number("SEED", 1)))
	o := DefaultOptions(ViewClassification, "small_cnn")
	o.Iterations, o.Seed = number("ITERATIONS", 600), uint64(number("SEED", 1))
	size := number("SIZE", 96)
	o.Resizer = fmt.Sprintf("%dx%d", size, size)
	for _, text := range strings.FieldsFunc(os.Getenv("VIEWFINDER_WASTE_SET"), func(r rune) bool { return r == ';' }) {
		name, value, _ := strings.Cut(text, "=")
		if err := o.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	first := o
	first.Iterations = 1 // the version itself is not asked
	version := must(p.Train(ctx, TrainRequest{View: view.ID, Options: first}))(t)
	if version = endOf(t, p, version.ID); version.Status != StatusReady {
		t.Fatal(version.Error)
	}
	l := must(p.LikelyErrors(ctx, version.ID, LikelyRequest{Folds: number("FOLDS", 5), Iterations: o.Iterations}, nil))(t)
	hits := 0
	for i, e := range l.List {
		if changed[e.Key] {
			hits++
		}
		if i == 9 || i == 19 || i == 39 || i == len(l.List)-1 {
			t.Logf("%d of the first %d are changed labels", hits, i+1)
		}
	}
	t.Logf("accuracy of the folds, against the changed labels: %s", l.Evaluation.Headline.Short())
}

// changeLabels gives a share of train another concept, at random, and says which.
func changeLabels(t *testing.T, p *Project, view View, share float64, seed uint64) map[Key]bool {
	t.Helper()
	ctx := context.Background()
	random := rand.New(rand.NewPCG(seed, 10))
	concepts := must(p.Concepts(ctx, view.ID))(t)
	points := must(p.Datapoints(ctx, Query{View: view.ID, Split: SplitTrain, State: StateAnnotated}))(t)
	random.Shuffle(len(points), func(a, b int) { points[a], points[b] = points[b], points[a] })
	changed := map[Key]bool{}
	for _, d := range points[:int(share*float64(len(points)))] {
		to := concepts[random.IntN(len(concepts))].ID
		for to == d.Regions[0].Concepts[0] {
			to = concepts[random.IntN(len(concepts))].ID
		}
		if err := p.Annotate(ctx, d.Key(), []Region{{Concepts: []int64{to}}}); err != nil {
			t.Fatal(err)
		}
		changed[d.Key()] = true
	}
	t.Logf("%d of %d labels are changed", len(changed), len(points))
	return changed
}
