package assist_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viewfinder/app/studio/assist"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/studiotest"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// ofColours are features that tell apart what images show, which goes by their content.
func ofColours(colour map[string]string) func(training.Sample) []float32 {
	at := map[string]int{"red": 0, "green": 1, "blue": 2}
	return func(s training.Sample) []float32 {
		x := make([]float32, 24)
		for j := range x {
			x[j] = float32(1 + (len(s.SHA256)+int(s.SHA256[j]))%5) // some noise of its own
		}
		x[at[colour[s.SHA256]]] += 40
		return x
	}
}

func coloursOf(points []storage.Datapoint) map[string]string {
	colour := map[string]string{}
	for _, d := range points {
		colour[d.Image.SHA256] = truth(d)
	}
	return colour
}

// TestFaults: whatever is wrong with images and cache, what can be suggested is, and nothing else.
func TestFaults(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		fault   error
		failing bool
		harm    func(t *testing.T, path string)
		without int // datapoints without a suggestion though not annotated
	}{
		"sound":                        {},
		"nowhere to keep features":     {fault: errors.New("read-only file system")},
		"a missing image":              {harm: remove, without: 1},
		"an image of another size":     {harm: func(t *testing.T, path string) { rewrite(t, path, "not an image any more") }, without: 1},
		"an image that cannot be read": {failing: true, without: 1},
	} {
		t.Run(name, func(t *testing.T) {
			p, view := studiotest.ColourProject(t, 6, 0)
			points := studiotest.Must(p.Datapoints(ctx, storage.Query{View: view.ID}))(t)
			slices.SortFunc(points, func(a, b storage.Datapoint) int { return strings.Compare(a.Image.Name, b.Image.Name) })
			var open []storage.Key
			for i, d := range points {
				if i%6 >= 4 {
					open = append(open, d.Key())
				}
			}
			if err := p.Clear(ctx, open); err != nil {
				t.Fatal(err)
			}
			last := studiotest.Must(p.Datapoint(ctx, open[len(open)-1]))(t)
			if c.harm != nil {
				c.harm(t, p.ImagePath(last.Image))
			}
			of := ofColours(coloursOf(points))
			if c.failing {
				of = failing(of, last.Image.SHA256)
			}
			p.FakeBackbone(of, c.fault)
			p.Background(p.KeepAssistant)
			p.AssistView(view.ID)
			studiotest.Eventually(t, "suggestions", func() bool {
				s := p.AssistantStatus(view.ID)
				return s.Learned == 12 && s.Suggestions == len(open)-c.without && s.Computed == len(points)-c.without
			})
			all := guesses(t, p, view.ID)
			if len(all) != len(open)-c.without {
				t.Errorf("%d are suggested, want %d", len(all), len(open)-c.without)
			}
			if _, ok := all[last.ID]; ok == (c.without > 0) {
				t.Errorf("of the harmed image there is a suggestion: %v", ok)
			}
			if c.without > 0 {
				if _, _, err := p.Similar(ctx, nil, last, nil); err == nil || !strings.Contains(err.Error(), last.Image.Name) {
					t.Errorf("similar to an image without features: %v", err)
				}
			}
		})
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func rewrite(t *testing.T, path, text string) {
	t.Helper()
	remove(t, path)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// failing gives the image that comes last by name no features.
func failing(of func(training.Sample) []float32, last string) func(training.Sample) []float32 {
	return func(s training.Sample) []float32 {
		if s.SHA256 == last {
			return nil
		}
		return of(s)
	}
}

// TestAllTheSame: where nothing tells images apart, nothing is suggested with confidence.
func TestAllTheSame(t *testing.T) {
	ctx := context.Background()
	p, view, points, concept := begunWith(t, 6, func(map[string]string) func(training.Sample) []float32 {
		return func(training.Sample) []float32 { return []float32{1, 2, 3} }
	})
	annotate(t, p, points, concept, 0, 4)
	learnt(t, p, view.ID, 12)
	for _, g := range guesses(t, p, view.ID) {
		if g.Confidence > 0.5 {
			t.Errorf("%.2f confident of one of three that cannot be told apart", g.Confidence)
		}
	}
	e := studiotest.Must(p.EstimateAbove(ctx, storage.Query{View: view.ID}, 0.9))(t)
	if _, known := e.Share(); known || e.Above != 0 {
		t.Errorf("estimate %+v", e)
	}
}

// TestCacheIsUsedAgain: features are computed once, for as long as their cache is there.
func TestCacheIsUsedAgain(t *testing.T) {
	p, view, points, concept := begunWith(t, 6, ofColours)
	annotate(t, p, points, concept, 0, 4)
	learnt(t, p, view.ID, 12)
	other := studiotest.Must(p.AddView(context.Background(), storage.View{Name: "Other", Type: domain.Classification}))(t)
	again := func(fine bool) {
		t.Helper()
		p.AssistView(other.ID)
		studiotest.Eventually(t, "the other view", func() bool { return p.AssistantStatus(other.ID).View == other.ID })
		computed := make(chan struct{}, 1000)
		p.FakeBackbone(func(s training.Sample) []float32 {
			computed <- struct{}{}
			return ofColours(coloursOf(points))(s)
		}, nil)
		p.AssistView(view.ID)
		learnt(t, p, view.ID, 12)
		if n := len(computed); fine && n > 0 || !fine && n != len(points) {
			t.Errorf("%d were computed again", n)
		}
	}
	again(true)
	if err := os.RemoveAll(filepath.Join(p.CacheDir(), "features")); err != nil {
		t.Fatal(err)
	}
	again(false)
	// New images get theirs.
	file := filepath.Join(t.TempDir(), "red99.png")
	studiotest.Paint(t, file, studiotest.Colours["red"], 30, 30, 99)
	studiotest.Import(t, p, transfer.ImportRequest{Sources: []string{file}})
	studiotest.Eventually(t, "the new image", func() bool { s := p.AssistantStatus(view.ID); return s.Suggestions == 7 })
}

// TestTags: of tags all are suggested that are more probable than not, and where there is none, without concept.
func TestTags(t *testing.T) {
	ctx := context.Background()
	p, _, points, _ := begunWith(t, 8, ofColours)
	tags := studiotest.Must(p.AddView(ctx, storage.View{Name: "Tags", Type: domain.Tagging}))(t)
	warm := studiotest.Must(p.AddConcept(ctx, domain.Concept{ViewID: tags.ID, Name: "warm"}))(t)
	shown := studiotest.Must(p.AddConcept(ctx, domain.Concept{ViewID: tags.ID, Name: "coloured"}))(t)
	set := map[string][]int64{"red": {warm.ID, shown.ID}, "green": {shown.ID}, "blue": nil}
	seen := map[string]int{}
	for _, d := range points {
		if seen[truth(d)]++; seen[truth(d)] > 5 {
			continue
		}
		if err := p.SetConcepts(ctx, []storage.Key{{View: tags.ID, Image: d.Image.ID}}, set[truth(d)]); err != nil {
			t.Fatal(err)
		}
	}
	p.AssistView(tags.ID)
	learnt(t, p, tags.ID, 15)
	for _, d := range studiotest.Must(p.Datapoints(ctx, storage.Query{View: tags.ID, State: storage.StateNotAnnotated}))(t) {
		g, ok := p.Assisted(d)
		slices.Sort(g.Concepts)
		want := slices.Clone(set[truth(d)])
		slices.Sort(want)
		if !ok || !slices.Equal(g.Concepts, want) {
			t.Errorf("%s: %v, %v; want %v", d.Image.Name, g, ok, want)
		}
	}
	n, _, err := p.AcceptAllAbove(ctx, storage.Query{View: tags.ID}, 0)
	if c := studiotest.Must(p.Counts(ctx, tags.ID))(t).Total(); err != nil || n != 9 || c.Annotated != 24 || c.WithoutConcept != 8 {
		t.Errorf("%d accepted, %+v, %v", n, c, err)
	}
}

// TestSimilar: the most similar come first, whichever is annotated; what has no features stays last.
func TestSimilar(t *testing.T) {
	ctx := context.Background()
	p, view, points, _ := begunWith(t, 5, ofColours)
	ids := []int64{-1}
	for _, d := range points {
		ids = append(ids, d.ID)
	}
	order, computed, err := p.Similar(ctx, ids, points[7], nil)
	if err != nil || len(order) != 16 || computed < 1 {
		t.Fatalf("%d in order, %d with features, %v", len(order), computed, err)
	}
	studiotest.Eventually(t, "all features", func() bool { return p.AssistantStatus(view.ID).Computed == 15 })
	order, computed, err = p.Similar(ctx, ids, points[7], nil)
	if err != nil || computed != 15 || order[0] != points[7].ID || order[15] != -1 {
		t.Fatalf("order %v, %d with features, %v", order, computed, err)
	}
	for k, d := range studiotest.Must(p.DatapointsByID(ctx, order[:5]))(t) {
		if truth(d) != truth(points[7]) {
			t.Errorf("place %d is %s, %s was wanted", k, truth(d), truth(points[7]))
		}
	}
	if _, _, err = p.Similar(ctx, ids, points[7], &domain.Box{XMax: 0.5, YMax: 0.5}); err != nil {
		t.Errorf("of a region: %v", err)
	}
	p.AssistView(0)
	if _, _, err = p.Similar(ctx, ids, points[7], nil); session.AsRule(err) == nil {
		t.Errorf("in a view that is not shown: %v", err)
	}
}

// TestCrops: a child view's crops get suggestions from what they show, and a box that is moved gets another.
func TestCrops(t *testing.T) {
	ctx := context.Background()
	p, _, points, _ := begunWith(t, 6, func(map[string]string) func(training.Sample) []float32 {
		return func(s training.Sample) []float32 {
			x := make([]float32, 24)
			for j := range x {
				x[j] = float32(1 + int(s.SHA256[j])%5)
			}
			if s.Crop != nil && s.Crop.XMin >= 0.5 {
				x[0] += 40
			}
			return x
		}
	})
	things := studiotest.Must(p.AddView(ctx, storage.View{Name: "Things", Type: domain.Detection}))(t)
	thing := studiotest.Must(p.AddConcept(ctx, domain.Concept{ViewID: things.ID, Name: "thing"}))(t)
	sides := studiotest.Must(p.AddView(ctx, storage.View{Name: "Sides", Type: domain.Classification, ParentID: things.ID}))(t)
	side := map[bool]int64{}
	for name, right := range map[string]bool{"left": false, "right": true} {
		side[right] = studiotest.Must(p.AddConcept(ctx, domain.Concept{ViewID: sides.ID, Name: name}))(t).ID
	}
	box := func(right bool) []domain.Region {
		b := domain.Box{XMin: 0.1, YMin: 0.1, XMax: 0.4, YMax: 0.6}
		if right {
			b.XMin, b.XMax = 0.6, 0.9
		}
		return []domain.Region{{Box: &b, Concepts: []int64{thing.ID}}}
	}
	for i, d := range points {
		if err := p.Annotate(ctx, storage.Key{View: things.ID, Image: d.Image.ID}, box(i%2 == 1)); err != nil {
			t.Fatal(err)
		}
	}
	crops := studiotest.Must(p.Datapoints(ctx, storage.Query{View: sides.ID}))(t)
	isRight := func(d storage.Datapoint) bool { return d.SourceBox.XMin >= 0.5 }
	for _, d := range crops[:12] {
		if err := p.SetConcept(ctx, []storage.Key{d.Key()}, side[isRight(d)]); err != nil {
			t.Fatal(err)
		}
	}
	p.AssistView(sides.ID)
	learnt(t, p, sides.ID, 12)
	right := func() bool {
		list := studiotest.Must(p.Datapoints(ctx, storage.Query{View: sides.ID, State: storage.StateNotAnnotated}))(t)
		for _, d := range list {
			if g, ok := p.Assisted(d); !ok || !slices.Equal(g.Concepts, []int64{side[isRight(d)]}) {
				return false
			}
		}
		return len(list) == 6
	}
	if !right() {
		t.Error("not every crop has the right suggestion")
	}
	moved := crops[15]
	there := studiotest.Must(p.Datapoint(ctx, storage.Key{View: things.ID, Image: moved.Image.ID}))(t)
	to := box(!isRight(moved))
	to[0].ID = there.Regions[0].ID
	if err := p.Annotate(ctx, there.Key(), to); err != nil {
		t.Fatal(err)
	}
	studiotest.Eventually(t, "the suggestion of the box that was moved", right)
}

// TestNothingIsLearntFromTheTestSplit, though something is suggested for it.
func TestNothingIsLearntFromTheTestSplit(t *testing.T) {
	p, view, points, concept := begunWith(t, 8, ofColours)
	annotate(t, p, points, concept, 0, 6)
	var images []int64
	for i, d := range points {
		if i%4 == 1 {
			images = append(images, d.Image.ID)
		}
	}
	if err := p.SetSplit(context.Background(), images, domain.SplitTest); err != nil {
		t.Fatal(err)
	}
	annotated, open := 0, 0
	for _, d := range studiotest.Must(p.Datapoints(context.Background(), storage.Query{View: view.ID}))(t) {
		if d.Image.Split != domain.SplitTest && d.Annotated {
			annotated++
		}
		if !d.Annotated {
			open++
		}
	}
	learnt(t, p, view.ID, annotated)
	if all := guesses(t, p, view.ID); len(all) != open || annotated == 18 {
		t.Errorf("%d of %d have suggestions, learnt from %d", len(all), open, annotated)
	}
}

// BenchmarkSimilar orders 100,000 images by similarity to one.
func BenchmarkSimilar(b *testing.B) {
	ids, similar := assist.RandomRows(100_000)
	for b.Loop() {
		if order := similar(ids, 17); order[0] != 17 {
			b.Fatal("it is not most like itself")
		}
	}
}
