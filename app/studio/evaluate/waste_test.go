package evaluate_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/studiotest"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// TestLikelyErrorsOnWaste measures on real photos: a random tenth of the annotations of train is replaced, and those are counted among the first 20 likely errors.
// It trains folds for minutes, so it runs where VIEWFINDER_WASTE names a folder of photos, one folder a concept, or a labels.csv of tags; VIEWFINDER_WASTE_ITERATIONS,
// _SIZE, _FOLDS (0: colours and textures alone) and _SET (options as of "viewfinder train --set", with semicolons between) say how it trains, _SEED what is changed.
func TestLikelyErrorsOnWaste(t *testing.T) {
	source := os.Getenv("VIEWFINDER_WASTE")
	if source == "" {
		t.Skip("VIEWFINDER_WASTE is not set")
	}
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(os.Getenv("VIEWFINDER_WASTE_" + name)); err == nil {
			return n
		}
		return otherwise
	}
	ctx := context.Background()
	p := studiotest.Project(t)
	view := studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{source}}).Views[0]
	changed := changeLabels(t, p, view, 0.1, uint64(number("SEED", 1)))
	o := training.DefaultOptions(view.Type, "small_cnn")
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
	version := studiotest.Must(p.Train(ctx, runs.TrainRequest{View: view.ID, Options: first}))(t)
	if version = studiotest.EndOf(t, p, version.ID); version.Status != domain.StatusReady {
		t.Fatal(version.Error)
	}
	request := evaluate.LikelyRequest{Folds: number("FOLDS", 5), Iterations: o.Iterations}
	request.All = request.Folds == 0
	l := studiotest.Must(p.LikelyErrors(ctx, version.ID, request, nil))(t)
	for _, first := range []int{10, 20, 40, len(l.List)} {
		t.Logf("%d of the first %d are changed", changedAmong(l.List, changed, first), min(first, len(l.List)))
	}
	if request.Folds == 0 {
		return
	}
	var alone []evaluate.LikelyError
	for _, s := range l.Evaluation.Judge.Suspicions() {
		alone = append(alone, evaluate.LikelyError{Shown: l.Evaluation.Show(s.Case)})
	}
	t.Logf("networks alone: %d of the first 20 of %d", changedAmong(alone, changed, 20), len(alone))
	t.Logf("the networks, against the changed annotations: %s", l.Evaluation.Headline.Short())
}

// changedAmong counts the changes among the first likely errors: an error must name a concept that was put there, or one that was taken away.
func changedAmong(list []evaluate.LikelyError, changed map[storage.Key][2]string, first int) int {
	hits := 0
	for _, e := range list[:min(first, len(list))] {
		if c, ok := changed[e.Key]; ok && (e.Truth == c[1] || e.Predicted == c[0]) {
			hits++
		}
	}
	return hits
}

// Colours and textures alone find changed labels on real photos, whatever the version predicts: docs/evaluation.md has the figures of more labels.
func TestColoursAndTexturesFindChangedLabels(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "..", "shared", "data", "waste")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("../shared/data/waste is not here")
	}
	if testing.Short() {
		t.Skip("learns twenty times from 300 photos")
	}
	ctx := context.Background()
	p := studiotest.Project(t)
	view := studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{folder}}).Views[0]
	changed := changeLabels(t, p, view, 0.1, 1)
	o := training.DefaultOptions(domain.Classification, "small_cnn")
	o.Iterations, o.Resizer = 1, "32x32"
	version := studiotest.Must(p.Train(ctx, runs.TrainRequest{View: view.ID, Options: o}))(t)
	if version = studiotest.EndOf(t, p, version.ID); version.Status != domain.StatusReady {
		t.Fatal(version.Error)
	}
	l := studiotest.Must(p.LikelyErrors(ctx, version.ID, evaluate.LikelyRequest{All: true}, nil))(t)
	if hits := changedAmong(l.List, changed, 20); hits < 10 {
		t.Errorf("%d of the first 20 are changed labels", hits)
	} else {
		t.Logf("%d of the first 20 of %d are changed labels", hits, len(l.List))
	}
}

// changeLabels gives a share of train, of one concept each or several, another concept instead of one of theirs, at random, and says which: [taken, put there].
func changeLabels(t *testing.T, p *studio.Project, view storage.View, share float64, seed uint64) map[storage.Key][2]string {
	t.Helper()
	ctx := context.Background()
	random := rand.New(rand.NewPCG(seed, 10))
	concepts := studiotest.Must(p.Concepts(ctx, view.ID))(t)
	points := studiotest.Must(p.Datapoints(ctx, storage.Query{View: view.ID, Split: domain.SplitTrain, State: storage.StateAnnotated}))(t)
	random.Shuffle(len(points), func(a, b int) { points[a], points[b] = points[b], points[a] })
	name := map[int64]string{}
	for _, c := range concepts {
		name[c.ID] = c.Name
	}
	changed := map[storage.Key][2]string{}
	for _, d := range points[:int(share*float64(len(points)))] {
		of := slices.Clone(d.Regions[0].Concepts)
		if len(of) == 0 || len(of) == len(concepts) {
			continue
		}
		at := 0
		if len(of) > 1 {
			at = random.IntN(len(of))
		}
		to := concepts[random.IntN(len(concepts))].ID
		for slices.Contains(of, to) {
			to = concepts[random.IntN(len(concepts))].ID
		}
		from := of[at]
		of[at] = to
		if err := p.Annotate(ctx, d.Key(), []domain.Region{{Concepts: of}}); err != nil {
			t.Fatal(err)
		}
		changed[d.Key()] = [2]string{name[from], name[to]}
	}
	t.Logf("%d of %d annotations are changed", len(changed), len(points))
	return changed
}
