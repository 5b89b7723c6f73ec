package studio

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestLikelyErrorsOnWaste measures on real photos: a tenth of the labels of train is changed at random, and the first 20 likely errors are counted.
// It trains folds for minutes, so it runs where VIEWFINDER_WASTE names the folder of photos, one folder a concept; VIEWFINDER_WASTE_ITERATIONS,
// _SIZE, _FOLDS (0: colours and textures alone) and _SET (options as of "viewfinder train --set", with semicolons between) say how it trains, _SEED which labels are changed.
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
	request := LikelyRequest{Folds: number("FOLDS", 5), Iterations: o.Iterations}
	request.All = request.Folds == 0
	l := must(p.LikelyErrors(ctx, version.ID, request, nil))(t)
	for _, first := range []int{10, 20, 40, len(l.List)} {
		t.Logf("%d of the first %d are changed labels", changedAmong(l, changed, first), first)
	}
	t.Logf("accuracy of the networks, against the changed labels: %s", l.Evaluation.Headline.Short())
}

// changedAmong counts the changed labels among the first likely errors.
func changedAmong(l *LikelyErrors, changed map[Key]bool, first int) int {
	hits := 0
	for _, e := range l.List[:min(first, len(l.List))] {
		if changed[e.Key] {
			hits++
		}
	}
	return hits
}

// Colours and textures alone find changed labels on real photos, whatever the version says: docs/evaluation.md has the figures of more labels.
func TestColoursAndTexturesFindChangedLabels(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "data", "waste")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("../shared/data/waste is not here")
	}
	if testing.Short() {
		t.Skip("learns twenty times from 300 photos")
	}
	ctx := context.Background()
	p := newProject(t)
	view := importInto(t, p, ImportRequest{Sources: []string{folder}}).Views[0]
	changed := changeLabels(t, p, view, 0.1, 1)
	o := DefaultOptions(ViewClassification, "small_cnn")
	o.Iterations, o.Resizer = 1, "32x32"
	version := must(p.Train(ctx, TrainRequest{View: view.ID, Options: o}))(t)
	if version = endOf(t, p, version.ID); version.Status != StatusReady {
		t.Fatal(version.Error)
	}
	l := must(p.LikelyErrors(ctx, version.ID, LikelyRequest{All: true}, nil))(t)
	if hits := changedAmong(l, changed, 20); hits < 10 {
		t.Errorf("%d of the first 20 are changed labels", hits)
	} else {
		t.Logf("%d of the first 20 of %d are changed labels", hits, len(l.List))
	}
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
